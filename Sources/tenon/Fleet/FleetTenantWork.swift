import Compiler
import Diagnostics
import Events
import Files
import Postgres
import Project
import Runner
import Tenants

/// The fleet's workers: each runs one tenant after the other.
final class FleetTenantWork: FleetWork, @unchecked Sendable {
  /// What is known of a tenant; its invocation and project only while it is under way, so that a thousand tenants need
  /// no more memory than those that run.
  private struct State {
    var invocation: Invocation?
    var project: CompiledProject?
    var outcomes: [String: NodeOutcome] = [:]
    var elapsed = 0.0
    var message: String?
    /// Of nodes that succeeded, what their run said of them; while the tenant is under way.
    var details: [String: String] = [:]
    /// Nodes that failed before the tenant was stopped.
    var failed: Set<String> = []
  }

  let board: FleetBoard?
  /// Told at a tenant's first failure, before its end; set before the work begins.
  var onFailing: @Sendable (Int) -> Void = { _ in }
  private let fleet: FleetRun
  private let names: [TenantName]
  private let homes: [Int]
  private let servers: TenantServers
  private let settings: TenancySettings
  private let provisioners: [Provisioner]
  private let known: Set<TenantName>
  private let threads: Int
  private let folder: String
  private let journal: FleetJournalFile
  private let log: EventLog
  private let shared = SharedParse()
  private let states: Locked<[State]>
  private let running = Locked<[Int: Int]>([:])
  private let endedTenants = Locked(0)
  /// Errors that ended a tenant, each with the first to say so.
  private let toldBy = Locked<[String: TenantName]>([:])
  /// For each server the connection that outcomes are written to marks with.
  private let recorders: [Locked<Connection?>]

  init(
    _ fleet: FleetRun, names: [TenantName], homes: [Int], settings: TenancySettings, servers: TenantServers,
    known: Set<TenantName>, roleKey: Secret?, threads: Int, folder: String, journal: FleetJournalFile, log: EventLog
  ) {
    self.fleet = fleet
    self.names = names
    self.homes = homes
    self.settings = settings
    self.servers = servers
    self.known = known
    self.threads = threads
    self.folder = folder
    self.journal = journal
    self.log = log
    board = log.showsProgress ? FleetBoard(total: names.count) : nil
    provisioners = servers.all.indices.map { index in
      Provisioner(
        servers.maintenance(index), settings: settings, roleKey: roleKey,
        retries: servers.all[index].credentials.retries)
    }
    recorders = servers.all.map { _ in Locked(nil) }
    states = Locked(names.map { State(outcomes: journal.isConcluded($0) ? journal.done($0) : [:]) })
  }

  func close() {
    for provisioner in provisioners { provisioner.close() }
    for recorder in recorders {
      recorder.withLock { connection in
        connection?.close()
        connection = nil
      }
    }
    journal.close()
  }

  func results(_ scheduler: FleetScheduler) -> [FleetResults.Tenant] {
    let states = states.withLock { $0 }
    return names.enumerated().map { i, name in
      let configuration = try? TenantConfiguration(name, settings: settings)
      return FleetResults.Tenant(
        name: name.text, database: configuration?.database ?? "", server: servers.all[homes[i]].name,
        status: scheduler.status[i], counts: FleetTurn.counts(states[i].outcomes), elapsed: states[i].elapsed,
        artifacts: "\(fleet.targetFolder)/tenants/\(name)", message: states[i].message)
    }
  }

  // MARK: A tenant's turn

  func prepare(slot: Int, tenant: Int) -> FleetPreparation {
    let start = monotonicSeconds()
    defer { states.withLock { $0[tenant].elapsed += monotonicSeconds() - start } }
    let name = names[tenant]
    do {
      if !known.contains(name) { try provisioners[homes[tenant]].create(name) }
      let invocation = try invocation(tenant)
      let project = try invocation.parse()
      // The first thing that may fail for want of a server: before anything is done.
      _ = try project.adapter.pool.connection(named: "master")
      states.withLock { states in
        states[tenant].invocation = invocation
        states[tenant].project = project
      }
      board?.begin(name.text)
      return .ready
    } catch let error as PostgresError where error.sqlState == "53300" {
      return .serverFull
    } catch let error as PostgresError where error.isRetryableOnOpen {
      return fail(tenant, error, .serverDown)
    } catch {
      return fail(tenant, error, .failed)
    }
  }

  /// A run of the tenant's own, that writes to no console.
  private func invocation(_ tenant: Int) throws -> Invocation {
    let name = names[tenant]
    var options = fleet.options
    options.tenant = name.text
    options.targetPath = Path.join(folder, "tenants", name.text)
    options.threads = threads
    let invocation = try Invocation(fleet.task.name, options, extra: fleet.task.flags)
    invocation.shared = shared
    invocation.use(settings)
    invocation.server = servers.all[homes[tenant]]
    let path = Path.join(folder, "tenants", name.text, "dbt.log")
    invocation.log.configure {
      $0.consoleIsOff = true
      if $0.filePath != nil { $0.filePath = path }
    }
    let interrupt = invocation.interrupt
    invocation.log.observe { [self] event, _ in heard(event, tenant, interrupt) }
    return invocation
  }

  /// What a tenant's run says: nodes' ends are noted down, errors and answers shown under the tenant's name.
  private func heard(_ event: Event, _ tenant: Int, _ interrupt: Interrupt) {
    let name = names[tenant]
    switch event.name {
    case "NodeStart":
      if let node = event.node, board?.step(name.text, node: node.name) ?? false { log.redraw() }
    case "NodeFinished":
      // An ephemeral model is part of others, and no result.
      guard let node = event.node, node.materialized != "ephemeral" else { return }
      ended(event, node, tenant, interrupt)
      if board?.step(name.text) ?? false { log.redraw() }
    case "ShowNode": log.emit(.output("\(name): \(event.message)"))
    default:
      if event.level == .error {
        log.emit(Event(event.name, event.code, .error, "\(name): \(event.message)", data: event.data))
      } else if event.style == .output {
        log.emit(.output("\(name): \(event.message)"))
      }
    }
  }

  private func ended(_ event: Event, _ node: NodeInfo, _ tenant: Int, _ interrupt: Interrupt) {
    let outcome = NodeOutcome(word: node.status)
    let detail = outcome.letsOthersRun ? event.data.first { $0.0 == "run_result" }?.1.json : nil
    journal.ended(names[tenant], node: node.uniqueID, outcome, detail: detail)
    let project = states.withLock { states -> CompiledProject? in
      if let detail { states[tenant].details[node.uniqueID] = detail }
      guard outcome == .error, !interrupt.happened else { return nil }
      states[tenant].failed.insert(node.uniqueID)
      return states[tenant].project
    }
    // What fails because its server went away may run again.
    if let project, project.adapter.pool.lostCount == 0 { onFailing(tenant) }
  }

  private func fail<Outcome>(_ tenant: Int, _ error: any Error, _ outcome: Outcome) -> Outcome {
    let text = ErrorText.of(error)
    states.withLock { $0[tenant].message = text }
    // What is wrong with the project is wrong for every tenant: a thousand need not say it.
    let first = toldBy.withLock { told -> TenantName? in
      defer { told[text] = told[text] ?? names[tenant] }
      return told[text]
    }
    log.emit(.mainEncounteredError("\(names[tenant]): \(first.map { "the same as for \($0)" } ?? text)"))
    return outcome
  }

  func run(slot: Int, tenant: Int, node: Int, connect: Bool) -> FleetNodeResult {
    let start = monotonicSeconds()
    let (invocation, project) = states.withLock { ($0[tenant].invocation, $0[tenant].project) }
    guard let invocation, let project else { return .ended(.error) }
    running.withLock { $0[slot] = tenant }
    defer {
      running.withLock { $0[slot] = nil }
      states.withLock { $0[tenant].elapsed += monotonicSeconds() - start }
      project.adapter.pool.closeCurrent()
    }
    do {
      var outcomes = try turns(tenant, invocation, project)
      states.withLock { states in
        // A statement that was cancelled is no failure of the tenant's.
        if invocation.interrupt.happened {
          for (node, outcome) in outcomes where outcome == .error && !states[tenant].failed.contains(node) {
            outcomes[node] = .skipped
          }
        }
        states[tenant].outcomes = outcomes
      }
      let counts = FleetTurn.counts(outcomes)
      return .ended(counts.error + counts.skipped > 0 ? .error : counts.warn > 0 ? .warn : .success)
    } catch {
      return fail(tenant, error, .ended(.error))
    }
  }

  /// Runs the tenant; once more, for what is left, if it failed because its server went away and is back.
  private func turns(
    _ tenant: Int, _ invocation: Invocation, _ project: CompiledProject
  ) throws -> [String: NodeOutcome] {
    let details = journal.details(names[tenant])
    states.withLock { $0[tenant].details.merge(details) { $1 } }
    let first = FleetTurn(invocation, project, done: journal.done(names[tenant]), details: details)
    let problem: (any Error)?
    do {
      if try fleet.task.body(first) { return first.outcomes }
      problem = nil
    } catch { problem = error }
    guard project.adapter.pool.lostCount > 0, !invocation.interrupt.happened,
      (try? project.adapter.pool.connection(named: "master")) != nil
    else {
      if let problem { throw problem }
      return failed(first)
    }
    log.emit(.note("\(names[tenant]): the connection was lost; what was not done runs again", level: .warn))
    project.adapter.cache.clear()
    let second = FleetTurn(
      invocation, project, done: first.outcomes.filter { $0.value.letsOthersRun },
      details: states.withLock { $0[tenant].details })
    return try fleet.task.body(second) ? second.outcomes : failed(second)
  }

  /// A turn that failed has a failure to show, even when no node is to blame.
  private func failed(_ turn: FleetTurn) -> [String: NodeOutcome] {
    var outcomes = turn.outcomes
    if !outcomes.values.contains(where: { !$0.letsOthersRun }) { outcomes["run"] = .error }
    return outcomes
  }

  func conclude(slot: Int, tenant: Int) -> Bool {
    let name = names[tenant]
    let state = states.withLock { states -> State in
      defer {
        states[tenant].invocation = nil
        states[tenant].project = nil
        states[tenant].details = [:]
      }
      return states[tenant]
    }
    state.invocation?.log.close()
    let counts = FleetTurn.counts(state.outcomes)
    let succeeded = state.message == nil && counts.error + counts.skipped == 0
    if succeeded { journal.concluded(name) }
    do {
      try record(tenant, succeeded ? "success" : "error")
    } catch { return fail(tenant, error, false) }
    return true
  }

  /// Writes the outcome to the tenant's mark.
  private func record(_ tenant: Int, _ status: String) throws {
    let home = homes[tenant]
    let configuration = try TenantConfiguration(names[tenant], settings: settings)
    try recorders[home].withLock { connection in
      if connection?.isAlive() != true {
        connection?.close()
        connection = nil
        connection = try Connection.open(
          servers.maintenance(home), retries: servers.all[home].credentials.retries, name: "fleet")
      }
      guard let connection else { return }
      try Provisioner.recordRun(configuration, command: fleet.task.name, status: status, connection)
    }
  }

  func release(slot: Int) { for provisioner in provisioners { provisioner.closeCurrent() } }

  func cancel(slot: Int) {
    guard let tenant = running.withLock({ $0[slot] }) else { return }
    states.withLock { $0[tenant].invocation }?.interrupt.trigger()
  }

  func skipped(tenant: Int, node: Int, because: Int?) {}

  func tenantEnded(tenant: Int, status: TenantStatus, counts: TenantCounts) {
    let number = endedTenants.withLock { count in
      count += 1
      return count
    }
    let state = states.withLock { states -> State in
      // Also of a tenant that never came to its conclusion.
      states[tenant].invocation = nil
      states[tenant].project = nil
      return states[tenant]
    }
    board?.end(names[tenant].text, failed: status.isFailure)
    let word = status.rawValue.uppercased()
    let shown = status.isFailure ? ANSI.red(word) : status == .warn ? ANSI.yellow(word) : ANSI.green(word)
    log.emit(
      .note(
        OutputLine.make(
          "tenant \(names[tenant])", status: shown, index: number, total: names.count, seconds: state.elapsed),
        level: status.isFailure ? .error : .info))
  }
}
