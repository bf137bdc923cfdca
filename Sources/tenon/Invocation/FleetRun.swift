import Compiler
import Diagnostics
import Events
import Manifest
import Postgres
import Project
import Runner
import Tenants

/// One command for many tenants, side by side under one limit of connections.
///
/// Every tenant is a run of its own: its own reading of the project, connections that are verified, log and artifacts
/// under `target/tenants/<name>/`. A tenant that fails stops nobody else.
struct FleetRun {
  let name: String
  let options: ProjectOptions
  let selection: SelectionOptions
  let command: RunSettings.Command
  let types: Set<ResourceType>
  let fleet: FleetOptions

  func run(_ invocation: Invocation) throws -> Bool {
    let loaded = try invocation.load(packages: false)
    guard let profile = loaded.profile else {
      throw Diagnostic("no-profile", .profile, "This command needs a profile.")
    }
    guard options.tenant == nil else {
      throw Diagnostic("tenant-and-tenants", .usage, "Give either --tenant or --tenants.")
    }
    let settings = try TenantSettings.of(loaded)
    let server = ProjectEngine.parameters(profile.credentials)
    let admin = try Connection.open(
      server.with(database: "postgres"), retries: profile.credentials.retries, name: "fleet")
    let registered = try TenantRegistry.list(admin).compactMap { TenantName(valid: $0.name) }
    let available = try FleetPlacement.availableConnections(admin)
    admin.close()
    let names = try chosen(registered, settings)
    let folder = ArtifactFiles.folder(invocation)
    let journal = try Journal(folder, fingerprint: fingerprint, resumes: fleet.resume)
    // A tenant's run holds its threads' connections, one for hooks, and for a moment one of the provisioner's.
    let perTenant = (options.threads ?? 1) + 2
    let threads = max(1, min(fleet.threads ?? max(4, profile.threads), available / perTenant, names.count))
    guard let graph = FleetGraph(dependencies: [[]]) else { return false }
    var configuration = FleetScheduler.Configuration(threads: threads, threadsPerTenant: 1)
    configuration.fleetFailFast = fleet.failFast
    configuration.canaries = fleet.canary
    let scheduler = FleetScheduler(
      graph: graph,
      tenants: names.map {
        FleetScheduler.Tenant($0, done: journal.done($0), concluded: journal.isConcluded($0))
      }, configuration: configuration)
    let log = invocation.log
    log.emit(.formatting())
    log.emit(
      .note(
        "Running \(command.rawValue) for \(names.count) \(names.count == 1 ? "tenant" : "tenants"), \(threads) at once")
    )
    log.emit(.formatting())
    let work = FleetTenantWork(
      self, names: names, settings: settings, server: server, known: Set(registered), folder: folder, journal: journal,
      log: log)
    let driver = FleetDriver(scheduler, work)
    invocation.interrupt.onInterrupt = { driver.interrupt() }
    let start = monotonicSeconds()
    let ended = driver.run(stackSize: 256 << 20)
    invocation.interrupt.onInterrupt = nil
    work.close()
    let results = FleetResults(
      command: name, invocationID: invocation.invocationID, generatedAt: Timestamp.now().isoZ,
      elapsed: monotonicSeconds() - start, tenants: work.results(ended))
    let path = Path.join(folder, "fleet_results.json")
    try AtomicFile.write(Array(results.json.utf8), to: path)
    log.emit(.artifactWritten(type: "FleetResults", path: path))
    summary(results, log)
    return results.exitCode == 0
  }

  private func chosen(_ registered: [TenantName], _ settings: TenancySettings) throws -> [TenantName] {
    // `all` and patterns mean tenants that are there; a predefined one may be named before it is.
    let text = fleet.tenants ?? ""
    let named = text.split(separator: ",").map(String.init)
    let known = registered + settings.predefinedNames.filter { !registered.contains($0) && named.contains($0.text) }
    return try TenantSelection.choose(text, known: known) { path in
      String(decoding: try FileSystem.source(Path.absolute(path), name: path).utf8, as: UTF8.self)
    }
  }

  /// What must be the same for a run to be resumed.
  private var fingerprint: String {
    var parts = [name, options.vars ?? "", selection.selector ?? ""]
    parts.append((selection.select + selection.models).joined(separator: " "))
    parts.append(selection.exclude.joined(separator: " "))
    let flags = options.flags
    for key in flags.keys.sorted() where key != "threads" && key != "debug" && key != "quiet" {
      if let value = flags[key] { parts.append("\(key)=\(value)") }
    }
    return Hashes.sha256(Array(parts.joined(separator: "\n").utf8))
  }

  private func summary(_ results: FleetResults, _ log: EventLog) {
    var table = TextTable(["tenant", "status", "ok", "warn", "error", "skipped", "seconds"], right: [2, 3, 4, 5, 6])
    for tenant in results.tenants {
      let counts = tenant.counts
      table.rows.append([
        tenant.name, tenant.status.rawValue, String(counts.success), String(counts.warn), String(counts.error),
        String(counts.skipped), OutputLine.fixed(tenant.elapsed),
      ])
    }
    log.emit(.formatting())
    log.emit(.output(table.text))
    log.emit(.formatting())
    let failed = results.tenants.count { $0.status.isFailure }
    log.emit(
      .note(
        "Done. TENANTS=\(results.tenants.count) PASS=\(results.tenants.count - failed) FAIL=\(failed) in "
          + "\(OutputLine.fixed(results.elapsed)) seconds", level: failed == 0 ? .info : .error))
  }

  /// What was done, on disk, so that another process can go on.
  final class Journal: Sendable {
    private let path: String
    private let earlier: FleetJournal?
    private let text: Locked<String>

    init(_ folder: String, fingerprint: String, resumes: Bool) throws {
      path = Path.join(folder, "fleet_journal")
      let old =
        resumes && FileSystem.isFile(path)
        ? FleetJournal(parsing: String(decoding: try FileSystem.source(path, name: path).utf8, as: UTF8.self)) : nil
      if let old, old.fingerprint != fingerprint {
        throw Diagnostic(
          "fleet-resume", .usage, "The run in \(path) was another command: it cannot be resumed by this one.",
          hint: "Repeat the same command line, or leave out --resume.")
      }
      earlier = old
      var begin = FleetJournal.header(fingerprint: fingerprint)
      let outcomes = old?.outcomes ?? [:]
      for (tenant, nodes) in outcomes {
        guard let name = TenantName(valid: tenant) else { continue }
        for (node, outcome) in nodes { begin += FleetJournal.line(tenant: name, node: node, outcome) }
        if old?.concluded.contains(tenant) ?? false { begin += FleetJournal.concludedLine(tenant: name) }
      }
      text = Locked(begin)
      AtomicFile.makeDirectories(folder)
      try AtomicFile.write(Array(begin.utf8), to: path)
    }

    func done(_ tenant: TenantName) -> [Int: NodeOutcome] { earlier?.done(tenant, nodes: ["run"]) ?? [:] }
    func isConcluded(_ tenant: TenantName) -> Bool { earlier?.concluded.contains(tenant.text) ?? false }

    func ended(_ tenant: TenantName, _ outcome: NodeOutcome) {
      let line = FleetJournal.line(tenant: tenant, node: "run", outcome)
      let concluded = outcome.letsOthersRun ? FleetJournal.concludedLine(tenant: tenant) : ""
      text.withLock { text in
        text += line + concluded
        // Losing a line only means that a tenant runs once more.
        try? AtomicFile.write(Array(text.utf8), to: path)
      }
    }
  }
}

/// The fleet's workers: each runs one tenant after the other.
final class FleetTenantWork: FleetWork, @unchecked Sendable {
  private struct State {
    var invocation: Invocation?
    var counts = TenantCounts()
    var elapsed = 0.0
    var message: String?
  }

  private let fleet: FleetRun
  private let names: [TenantName]
  private let provisioner: Provisioner
  private let known: Set<TenantName>
  private let folder: String
  private let journal: FleetRun.Journal
  private let log: EventLog
  private let states: Locked<[State]>
  private let running = Locked<[Int: Int]>([:])
  private let ended = Locked(0)

  init(
    _ fleet: FleetRun, names: [TenantName], settings: TenancySettings, server: ConnectionParameters,
    known: Set<TenantName>, folder: String, journal: FleetRun.Journal, log: EventLog
  ) {
    self.fleet = fleet
    self.names = names
    self.known = known
    self.folder = folder
    self.journal = journal
    self.log = log
    provisioner = Provisioner(server, settings: settings)
    states = Locked(names.map { _ in State() })
  }

  func close() { provisioner.close() }

  func results(_ scheduler: FleetScheduler) -> [FleetResults.Tenant] {
    let states = states.withLock { $0 }
    return names.enumerated().map { i, name in
      let configuration = try? provisioner.configuration(name)
      return FleetResults.Tenant(
        name: name.text, database: configuration?.database ?? "", server: "default", status: scheduler.status[i],
        counts: states[i].counts, elapsed: states[i].elapsed, artifacts: "\(fleet.targetFolder)/tenants/\(name)",
        message: states[i].message)
    }
  }

  func prepare(slot: Int, tenant: Int) -> FleetPreparation {
    let start = monotonicSeconds()
    defer { states.withLock { $0[tenant].elapsed += monotonicSeconds() - start } }
    let name = names[tenant]
    do {
      if !known.contains(name) {
        try provisioner.create(name)
        provisioner.closeCurrent()
      }
      var options = fleet.options
      options.tenant = name.text
      options.targetPath = Path.join(folder, "tenants", name.text)
      options.threads = options.threads ?? 1
      let invocation = try Invocation(fleet.name, options)
      let path = Path.join(folder, "tenants", name.text, "dbt.log")
      invocation.log.configure {
        $0.consoleIsOff = true
        if $0.filePath != nil { $0.filePath = path }
      }
      let log = log
      invocation.log.observe { event, _ in
        guard event.level == .error else { return }
        log.emit(Event(event.name, event.code, .error, "\(name): \(event.message)", data: event.data))
      }
      states.withLock { $0[tenant].invocation = invocation }
      return .ready
    } catch let error as PostgresError where error.sqlState == "53300" {
      return .serverFull
    } catch {
      return fail(tenant, error, .failed)
    }
  }

  private func fail<Outcome>(_ tenant: Int, _ error: any Error, _ outcome: Outcome) -> Outcome {
    let text = ErrorText.of(error)
    states.withLock { $0[tenant].message = text }
    log.emit(.mainEncounteredError("\(names[tenant]): \(text)"))
    return outcome
  }

  func run(slot: Int, tenant: Int, node: Int, connect: Bool) -> FleetNodeResult {
    let start = monotonicSeconds()
    guard let invocation = states.withLock({ $0[tenant].invocation }) else { return .ended(.error) }
    running.withLock { $0[slot] = tenant }
    defer {
      running.withLock { $0[slot] = nil }
      states.withLock { $0[tenant].elapsed += monotonicSeconds() - start }
    }
    var outcome = NodeOutcome.error
    do {
      let project = try invocation.parse()
      var counts = TenantCounts()
      let succeeded = try NodeCommand.run(invocation, project, fleet.selection, fleet.command, types: fleet.types) {
        summary, _ in
        for result in summary.results {
          switch result.status {
          case .success, .pass, .noOp: counts.success += 1
          case .warn: counts.warn += 1
          case .skipped: counts.skipped += 1
          default: counts.error += 1
          }
        }
      }
      states.withLock { $0[tenant].counts = counts }
      outcome = !succeeded ? .error : counts.warn > 0 ? .warn : .success
    } catch {
      return fail(tenant, error, .ended(.error))
    }
    return .ended(outcome)
  }

  func conclude(slot: Int, tenant: Int) -> Bool {
    let name = names[tenant]
    let state = states.withLock { states -> State in
      defer { states[tenant].invocation = nil }
      return states[tenant]
    }
    state.invocation?.log.close()
    let outcome: NodeOutcome =
      state.message != nil || state.counts.error + state.counts.skipped > 0
      ? .error : state.counts.warn > 0 ? .warn : .success
    do {
      try provisioner.recordRun(
        provisioner.configuration(name), command: fleet.command.rawValue,
        status: outcome == .error ? "error" : "success")
    } catch { return fail(tenant, error, false) }
    journal.ended(name, outcome)
    return true
  }

  func release(slot: Int) { provisioner.closeCurrent() }

  func cancel(slot: Int) {
    guard let tenant = running.withLock({ $0[slot] }) else { return }
    states.withLock { $0[tenant].invocation }?.interrupt.trigger()
  }

  func skipped(tenant: Int, node: Int, because: Int?) {}

  func tenantEnded(tenant: Int, status: TenantStatus, counts: TenantCounts) {
    let number = ended.withLock { count in
      count += 1
      return count
    }
    let state = states.withLock { $0[tenant] }
    let word = status.rawValue.uppercased()
    let shown = status.isFailure ? ANSI.red(word) : status == .warn ? ANSI.yellow(word) : ANSI.green(word)
    log.emit(
      .note(
        OutputLine.make(
          "tenant \(names[tenant])", status: shown, index: number, total: names.count, seconds: state.elapsed),
        level: status.isFailure ? .error : .info))
  }
}

extension FleetRun {
  /// `target`, as artifacts name it.
  var targetFolder: String { options.targetPath ?? "target" }
}
