import Compiler
import Diagnostics
import Events
import Files
import Manifest
import Postgres
import Project
import Tenants

/// One command for many tenants, side by side under one limit of connections.
///
/// The project's files are read and parsed once (`SharedParse`); every tenant is a run of its own all the same, with
/// verified connections, a log and artifacts under `target/tenants/<name>/`. A tenant that fails stops nobody else.
struct FleetRun {
  let options: ProjectOptions
  let fleet: FleetOptions
  let task: FleetTask

  func run(_ invocation: Invocation) throws -> Bool {
    let loaded = try invocation.load(packages: false)
    guard let profile = loaded.profile else {
      throw Diagnostic("no-profile", .profile, "This command needs a profile.")
    }
    guard options.tenant == nil else {
      throw Diagnostic("tenant-and-tenants", .usage, "Give either --tenant or --tenants.")
    }
    let settings = try invocation.tenancy(loaded)
    let servers = TenantServers(profile.credentials)
    let surveys = servers.survey()
    if surveys.allSatisfy({ $0.tenants == nil }) {
      throw surveys.compactMap(\.problem).first?.diagnostic(
        hint: "Is the server running? `tenon server start` starts the project's own.")
        ?? Diagnostic("no-server", .connection, "No server answers.")
    }
    let registered = Set(surveys.flatMap { $0.tenants ?? [] }.compactMap { TenantName(valid: $0) })
    let names = try chosen(registered, settings)
    let homes = try servers.placement(surveys).place(names)
    let folder = ArtifactFiles.folder(invocation)
    let journal = try FleetJournalFile(folder, fingerprint: fingerprint, resumes: fleet.resume)
    let budget = FleetBudget(
      wanted: fleet.threads ?? max(4, profile.threads), threadsPerTenant: options.threads,
      profileThreads: profile.threads, tenants: names.count, creates: names.contains { !registered.contains($0) },
      servers: zip(servers.all, surveys).map { min($1.available, $0.connectionLimit ?? .max) })
    guard let graph = FleetGraph(dependencies: [[]]) else { return false }
    var configuration = FleetScheduler.Configuration(
      threads: budget.tenantsAtOnce, threadsPerTenant: 1, servers: budget.tenantsOfServers)
    configuration.fleetFailFast = fleet.failFast
    configuration.canaries = fleet.canary
    let scheduler = FleetScheduler(
      graph: graph,
      tenants: zip(names, homes).map { name, home in
        let isConcluded = journal.isConcluded(name)
        return FleetScheduler.Tenant(
          name, server: home, done: isConcluded ? [0: Self.outcome(journal.done(name))] : [:], concluded: isConcluded)
      }, configuration: configuration)
    let log = invocation.log
    log.emit(.formatting())
    log.emit(
      .note(
        "Running \(task.name) for \(names.count) \(names.count == 1 ? "tenant" : "tenants"), "
          + "\(min(budget.tenantsAtOnce, names.count)) at once"
          + (servers.isOne ? "" : ", on \(servers.all.count) servers")))
    log.emit(.formatting())
    let work = FleetTenantWork(
      self, names: names, homes: homes, settings: settings, servers: servers, known: registered,
      roleKey: invocation.roleKey, threads: budget.threadsPerTenant, folder: folder, journal: journal, log: log)
    let driver = FleetDriver(scheduler, work)
    work.onFailing = { [weak driver] tenant in driver?.failing(tenant) }
    invocation.interrupt.onInterrupt = { driver.interrupt() }
    let start = monotonicSeconds()
    log.attach(work.board)
    let ended = driver.run(stackSize: 256 << 20)
    log.attach(nil)
    work.board?.lift()
    invocation.interrupt.onInterrupt = nil
    work.close()
    let results = FleetResults(
      command: task.name, invocationID: invocation.invocationID, generatedAt: Timestamp.now().isoZ,
      elapsed: monotonicSeconds() - start, tenants: work.results(ended))
    let path = Path.join(folder, "fleet_results.json")
    try AtomicFile.write(Array(results.json.utf8), to: path)
    log.emit(.artifactWritten(type: "FleetResults", path: path))
    FleetSummary.emit(results, log)
    return results.exitCode == 0
  }

  private func chosen(_ registered: Set<TenantName>, _ settings: TenancySettings) throws -> [TenantName] {
    // `all` and patterns mean tenants that are there; a predefined one may be named before it is.
    let text = fleet.tenants ?? ""
    let named = text.split(separator: ",").map(String.init)
    let known = registered.union(settings.predefinedNames.filter { named.contains($0.text) })
    return try TenantSelection.choose(text, known: Array(known), makesUnknown: fleet.creates) { path in
      String(decoding: try FileSystem.source(Path.absolute(path), name: path).utf8, as: UTF8.self)
    }
  }

  /// What must be the same for a run to be resumed.
  private var fingerprint: String {
    var parts = [task.name, options.vars ?? ""]
    let flags = options.flags.merging(task.flags) { $1 }
    let free: Set<String> = ["threads", "debug", "quiet", "log_level", "use_colors"]
    for key in flags.keys.sorted() where !free.contains(key) {
      if let value = flags[key] { parts.append("\(key)=\(value)") }
    }
    return Hashes.sha256(Array(parts.joined(separator: "\n").utf8))
  }

  private static func outcome(_ done: [String: NodeOutcome]) -> NodeOutcome {
    done.values.contains(.warn) ? .warn : .success
  }

  /// `target`, as artifacts name it.
  var targetFolder: String { options.targetPath ?? "target" }
}

/// What is said at the end.
enum FleetSummary {
  static func emit(_ results: FleetResults, _ log: EventLog) {
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
}
