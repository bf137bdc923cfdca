import Compiler
import Diagnostics
import Events
import Jinja
import Manifest
import Postgres

/// Runs a selection of nodes: schemas, hooks, the nodes themselves on worker threads in DAG order, the summary.
public final class RunTask: @unchecked Sendable {
  public let project: CompiledProject
  public let graph: Graph
  public let settings: RunSettings
  let log: EventLog
  private let interrupt: Interrupt?
  private let results = Locked<[NodeResult]>([])
  /// Ephemeral models that could not be compiled, by id, and whether a reader of theirs has told so.
  private let brokenEphemerals = Locked<[String: (result: NodeResult, isTold: Bool)]>([:])

  public init(_ project: CompiledProject, graph: Graph, settings: RunSettings, interrupt: Interrupt? = nil) {
    self.project = project
    self.graph = graph
    self.settings = settings
    self.interrupt = interrupt
    log = project.log
  }

  /// What the whole run gave.
  public struct Summary: @unchecked Sendable {
    public var results: [NodeResult]
    public var elapsed: Double
    public var interrupted: Bool

    public init(results: [NodeResult], elapsed: Double, interrupted: Bool) {
      self.results = results
      self.elapsed = elapsed
      self.interrupted = interrupted
    }

    public var succeeded: Bool { !interrupted && !results.contains { $0.status.isFailure } }
  }

  /// Runs what is selected.
  public func run(_ selected: IDSet) throws -> Summary {
    let start = monotonicSeconds()
    let resources = selected.members.map { graph[$0] }
    project.select(resources.map(\.uniqueID))
    guard !resources.isEmpty else {
      try project.warn(.nothingToDo())
      return Summary(results: [], elapsed: monotonicSeconds() - start, interrupted: false)
    }
    log.emit(.formatting())
    log.emit(
      .concurrency(threads: settings.threads, target: settings.targetName, nodes: resources.count(where: isCounted)))
    log.emit(.formatting())

    let master = DatabaseSession(project.adapter, name: "master")
    master.acquire("master")
    defer { master.close() }
    if settings.command != .compile && settings.command != .show {
      try SchemaPreparation(project, master).prepare(resources)
    }
    var skipAll = false
    if settings.runsHooks {
      let status = try HookRunner(self, master).run(.start)
      skipAll = status == .error && settings.skipsNodesWhenStartFails
    }
    let interrupted = execute(selected, skipAll: skipAll, master)
    // Nothing that needs them was selected: they speak for themselves.
    for broken in brokenEphemerals.withLock({ Array($0.values) }) where !broken.isTold { add(broken.result) }
    var all = results.withLock { $0 }
    if settings.runsHooks {
      if interrupted { lastHooks(master, all) } else { try HookRunner(self, master).run(.end, results: all) }
      all = results.withLock { $0 }
    }
    let elapsed = monotonicSeconds() - start
    if ![.compile, .show, .clone].contains(settings.command) {
      log.emit(.formatting())
      log.emit(.finishedRunning(NodeDescription.counts(all.map(\.resource)), seconds: elapsed))
    }
    let summary = Summary(results: all, elapsed: elapsed, interrupted: interrupted)
    log.emit(
      .endRunResult(
        .lazy { .list(summary.results.map(ResultLines.runResult)) }, seconds: elapsed, success: summary.succeeded))
    return summary
  }

  /// `on-run-end` of a run that was interrupted: hooks record what was done, but the program has to end soon.
  private func lastHooks(_ master: DatabaseSession, _ results: [NodeResult]) {
    let adapter = project.adapter
    let limit = Deadline(seconds: 1.2) {
      adapter.stop()
      _ = ConnectionRegistry.shared.cancelAll()
    }
    adapter.resume()
    defer {
      limit.lift()
      adapter.stop()
    }
    do { try HookRunner(self, master).run(.end, results: results) } catch {
      log.emit(.note("on-run-end after an interrupt: \(ExecutionError(any: error).message)", level: .debug))
    }
  }

  /// Whether dbt counts a resource among the nodes it is about to run: its build adds the unit tests later.
  private func isCounted(_ resource: GraphResource) -> Bool {
    !isEphemeral(resource) && !(settings.command == .build && resource is UnitTest)
  }

  private func isEphemeral(_ resource: GraphResource) -> Bool { (resource as? Node)?.isEphemeralModel ?? false }

  func add(_ result: NodeResult) { results.withLock { $0.append(result) } }

  // MARK: Threads

  private func execute(_ selected: IDSet, skipAll: Bool, _ master: DatabaseSession) -> Bool {
    let gates = settings.command == .build
    var edges = gates ? graph.testEdges() : []
    let units = graph.unitTestEdges(selected: gates ? selected : IDSet(capacity: graph.count), extra: edges)
    edges += units.edges
    let plan = ExecutionPlan(
      graph, selected: selected, extra: edges, detached: units.unitTests,
      preservesEdges: settings.command != .test && settings.command != .clone)
    var schedule = Schedule(
      ExecutionQueue(plan), graph: graph,
      propagation: gates ? .errorsAndFailures : settings.command == .test ? .none : .errors,
      failsFast: settings.failFast || settings.stopsAtFirstError)
    if skipAll { schedule.stop() }
    let total = selected.members.reduce(0) { $0 + (isEphemeral(graph[$1]) ? 0 : 1) }
    let monitor = Monitor(schedule)
    let adapter = project.adapter
    interrupt?.onInterrupt = { [log] in
      monitor.update { $0.stop() }
      // No statement starts from here on; those that run are cancelled.
      adapter.stop()
      for name in adapter.pool.cancelAll() { log.emit(.cancel(name)) }
    }
    let progress = log.showsProgress ? ProgressLine(total: total) : nil
    log.attach(progress)
    defer {
      log.attach(nil)
      progress?.lift()
    }
    let count = max(1, min(settings.threads, total))
    if count == 1, !master.isTransactionOpen {
      // One worker needs no thread, nor a connection besides the one that saw to schemas and hooks.
      Worker.play(name: "Thread-1 (worker)") {
        log.holdLines { work(monitor, DatabaseSession(project.adapter, name: "master"), total: total, progress) }
      }
    } else {
      let workers = (0..<count).map { i in
        Worker(name: "Thread-\(i + 1) (worker)") { [self] in
          let session = DatabaseSession(project.adapter, name: "master")
          defer { session.close() }
          log.holdLines { work(monitor, session, total: total, progress) }
        }
      }
      for worker in workers { worker.start() }
      for worker in workers { worker.join() }
    }
    interrupt?.onInterrupt = nil
    return interrupt?.happened ?? false
  }

  private func work(
    _ monitor: Monitor<Schedule>, _ session: DatabaseSession, total: Int, _ progress: ProgressLine?
  ) {
    var ended: (position: Int32, status: NodeStatus)?
    while true {
      // The end of one node and the beginning of the next are one visit.
      let step: Schedule.Step = monitor.wait(
        after: ended.map { ended in { $0.finish(ended.position, ended.status) } }
      ) { schedule in
        let step = schedule.next()
        if case .wait = step {
          log.flushThread()
          return nil
        }
        return step
      }
      switch step {
      case .wait: ended = nil
      case .done:
        monitor.update { _ in }
        return
      case .skip(let position, _, _, _) where settings.stopsAtFirstError:
        // What comes after the error is not told of.
        ended = (position, .skipped)
      case .skip(let position, let resource, let index, let cause):
        let result = skip(
          resource, cause: cause, index: index, total: total,
          quiet: isEphemeral(resource) || interrupt?.happened ?? false)
        if !isEphemeral(resource) { add(result) }
        tellChildren(result)
        ended = (position, .skipped)
      case .run(let position, let resource, let index):
        progress?.begin(resource.name)
        let result = run(resource, index: index, total: total, session)
        progress?.end(resource.name)
        // What is wrong with an ephemeral model is told by those that read it, which are skipped for it.
        if settings.keepsEphemerals || !isEphemeral(resource) {
          add(result)
        } else if result.status == .error {
          brokenEphemerals.withLock { $0[resource.uniqueID] = (result, false) }
        }
        tellChildren(result)
        ended = (position, result.status)
      }
    }
  }

  /// Says that what depends on a node is left out, where its status means so.
  private func tellChildren(_ result: NodeResult) {
    let stopping: [NodeStatus] =
      settings.command == .build ? [.error, .fail, .skipped, .partialSuccess] : [.error, .partialSuccess]
    guard stopping.contains(result.status), interrupt?.happened != true else { return }
    log.emit(
      .markSkippedChildren(
        result.resource.uniqueID, status: result.status.rawValue, message: result.message,
        runResult: .lazy { ResultLines.runResult(result) }))
  }

  private func skip(_ resource: GraphResource, cause: GraphResource?, index: Int, total: Int, quiet: Bool) -> NodeResult
  {
    let result = NodeResult(resource, .skipped)
    result.threadID = ThreadContext.current.name
    var info = NodeDescription.info(resource, in: project.manifest)
    info.startedAt = .now()
    info.status = "started"
    let isTold = interrupt?.happened != true
    if isTold { log.emit(.nodeStart(info)) }
    info.status = "skipped"
    let schema = (resource as? Node)?.schema ?? (resource as? UnitTest)?.schema ?? ""
    let broken = cause.flatMap { cause in
      brokenEphemerals.withLock { all in
        all[cause.uniqueID]?.isTold = true
        return all[cause.uniqueID]?.result
      }
    }
    if let broken, !quiet {
      log.emit(
        .skipBecauseEphemeral(
          schema: schema, relation: resource.name, status: broken.status.rawValue, index: index, total: total))
      EndOfRun.detail(broken, warning: false, log, leadingLine: false, in: project.manifest)
    } else if !quiet {
      log.emit(
        .skipping(
          resourceType: resource.resourceType.rawValue, schema: schema, name: resource.name, index: index, total: total,
          node: info))
    }
    if let cause, broken != nil {
      result.message =
        "Compilation Error in \(resource.uniqueID), caused by compilation error in referenced ephemeral model \(cause.uniqueID)"
    }
    if isTold { log.emit(.nodeFinished(info, runResult: { ResultLines.runResult(result) })) }
    return result
  }

  /// Runs one resource from its start line to its result line.
  private func run(_ resource: GraphResource, index: Int, total: Int, _ session: DatabaseSession) -> NodeResult {
    var info = NodeDescription.info(resource, in: project.manifest)
    let started = Timestamp.now()
    info.startedAt = started
    info.status = "started"
    let thread = ThreadContext.current
    thread.node = info
    defer { thread.node = nil }
    log.emit(.nodeStart(info))
    let description = NodeDescription.of(resource, project: project)
    let lines = ResultLines(project, index: index, total: total, description: description)
    let isNoOp = resource is Exposure || resource is SavedQuery || resource is Metric || resource is SemanticModel
    let isEphemeral = isEphemeral(resource)
    if !isNoOp, !isEphemeral, ![.compile, .show, .clone].contains(settings.command) {
      log.emit(.startLine(description, index: index, total: total, node: info))
    }
    session.acquire(resource.uniqueID, nodeID: resource.uniqueID)
    let result = NodeResult(resource, .success)
    var compileEnd = Timestamp.now()
    var executeStart: Timestamp?
    do {
      phase("compiling", &info)
      log.emit(.nodeCompiling(info))
      if isNoOp {
        compileEnd = Timestamp.now()
        phase("executing", &info)
        log.emit(.nodeExecuting(info))
        executeStart = Timestamp.now()
        result.status = .noOp
        result.message = "NO-OP"
        result.failures = 0
      } else {
        if let node = resource as? Node, node.resourceType != .seed, settings.command != .clone {
          try NodeCompiler(project, session: session, injectsCTEs: settings.injectsCTEs).compile(node)
          if settings.command == .compile { project.forgetTemplate(node) }
        }
        compileEnd = Timestamp.now()
        // An ephemeral model is done when it is compiled.
        if !isEphemeral || [.compile, .show].contains(settings.command) {
          phase("executing", &info)
          log.emit(.nodeExecuting(info))
          executeStart = Timestamp.now()
          result.take(try outcome(of: resource, session))
        }
      }
    } catch {
      let failure = ExecutionError(any: error)
      result.status = resource is SourceDefinition ? .runtimeError : .error
      result.message = FailureText.of(failure, resource)
      let compiled = (resource as? Node)?.compiledCode
      result.errorPlace = ErrorPlace.text(failure, compiled: compiled).map { text in
        ([text] + ErrorPlace.snippet(failure, compiled: compiled)).joined(separator: "\n")
      }
      log.emit(.catchableException(result.message ?? "", node: info))
    }
    session.release()
    let finished = Timestamp.now()
    result.threadID = thread.name
    result.timing = [Timing("compile", started: started, completed: compileEnd)]
    if let executeStart { result.timing.append(Timing("execute", started: executeStart, completed: finished)) }
    result.executionTime = finished - started
    info.finishedAt = finished
    info.status = result.status.rawValue
    thread.node = info
    if !isEphemeral { lines.emit(result, info, log, settings) }
    log.emit(.nodeFinished(info, runResult: { ResultLines.runResult(result) }))
    return result
  }

  /// What the node is at, for every event of this thread from here on.
  private func phase(_ status: String, _ info: inout NodeInfo) {
    info.status = status
    ThreadContext.current.node = info
  }

  private func outcome(of resource: GraphResource, _ session: DatabaseSession) throws -> NodeRunner.Outcome {
    let runner = NodeRunner(project: project, session: session, settings: settings)
    switch resource {
    case let node as Node:
      if settings.command == .compile { return NodeRunner.Outcome(status: .success) }
      if settings.command == .show { return try runner.show(node) }
      return try runner.run(node)
    case let source as SourceDefinition: return try FreshnessRunner(project: project, session: session).run(source)
    case let test as UnitTest: return try UnitTestRunner(runner).run(test)
    default: return NodeRunner.Outcome(status: .noOp)
    }
  }
}
