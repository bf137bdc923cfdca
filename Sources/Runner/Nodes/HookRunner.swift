import Compiler
import Diagnostics
import Events
import Jinja
import Manifest

/// `on-run-start` and `on-run-end`: outside of any transaction, in order, the rest skipped after a failure.
struct HookRunner {
  enum Kind: String { case start = "on-run-start", end = "on-run-end" }

  private let task: RunTask
  private let session: DatabaseSession

  init(_ task: RunTask, _ session: DatabaseSession) {
    self.task = task
    self.session = session
  }

  @discardableResult func run(_ kind: Kind, results: [NodeResult] = []) throws -> NodeStatus {
    let project = task.project
    let log = task.log
    let hooks = project.manifest.nodes.filter { $0.resourceType == .operation && $0.tags.contains(kind.rawValue) }
      .sorted { order($0) < order($1) }
    if kind == .end, !hooks.isEmpty { log.emit(.formatting()) }
    session.clearTransaction()
    if hooks.isEmpty { return .success }
    var status = NodeStatus.success
    for (i, hook) in hooks.enumerated() {
      let index = i + 1
      let name = "\(hook.packageName).\(kind.rawValue).\(i)"
      var info = NodeDescription.info(hook)
      ThreadContext.current.node = info
      defer { ThreadContext.current.node = nil }
      let result = NodeResult(hook, .skipped, message: "\(name) skipped")
      result.threadID = "main"
      result.failures = 1
      if status == .success {
        let started = Timestamp.now()
        info.startedAt = started
        info.status = "started"
        // From 1 on, as dbt counts what it runs.
        hook.index = index
        session.acquire(hook.uniqueID, nodeID: hook.uniqueID)
        var compiled: Timestamp?
        do {
          let sql = try compile(hook, kind, results)
          compiled = Timestamp.now()
          log.emit(.writingInjectedSQL(hook.uniqueID))
          log.emit(.hookStart(name, index: index, total: hooks.count, node: info))
          if !sql.trimmingSpace.isEmpty { _ = try session.execute(sql) }
          try session.commitIfAny()
          result.status = .success
          result.message = "\(name) passed"
          result.failures = 0
        } catch {
          session.rollbackIfOpen()
          // A hook that cannot even be rendered, its queries included, ends the run; its own statement does not.
          if compiled == nil { throw error }
          let failure = ExecutionError(any: error)
          result.status = .error
          result.message = "\(name) failed, error:\n \(failure.message)"
        }
        let finished = Timestamp.now()
        result.timing = [
          Timing("compile", started: started, completed: compiled ?? finished),
          Timing("execute", started: compiled ?? finished, completed: finished),
        ]
        result.executionTime = finished - started
        info.finishedAt = finished
      }
      status = result.status == .success ? status : result.status == .error ? .error : status
      info.status = result.status.rawValue
      task.add(result)
      log.emit(
        .hookEnd(
          name, status: result.status.rawValue, index: index, total: hooks.count, seconds: result.executionTime,
          node: info))
    }
    if kind == .start { log.emit(.formatting()) }
    return status
  }

  /// The project's own come first, then those of packages by their names, each as they are written.
  private func order(_ hook: Node) -> (Int, String, Int) {
    let isOwn = hook.packageName == task.project.name
    return (isOwn ? 0 : 1, isOwn ? "" : hook.packageName, hook.index ?? 0)
  }

  private func compile(_ hook: Node, _ kind: Kind, _ results: [NodeResult]) throws -> String {
    let project = task.project
    let context = DbtContext(project, role: .hook, package: hook.packageName, node: hook, session: session)
    if kind == .end {
      let executed = results.compactMap(\.node).filter { [.model, .seed, .snapshot].contains($0.resourceType) }
      var pairs: [(String, String)] = []
      for node in executed {
        let pair = (node.database ?? "", node.schema ?? "")
        if !pairs.contains(where: { $0 == pair }) { pairs.append(pair) }
      }
      var schemas: [String] = []
      for pair in pairs where !schemas.contains(pair.1) { schemas.append(pair.1) }
      context.variables["schemas"] = .list(schemas.map { .string($0) })
      context.variables["database_schemas"] = .list(pairs.map { .tuple([.string($0.0), .string($0.1)]) })
      let shown = results.filter { $0.resource.resourceType != .operation }
      context.variables["results"] = .list(shown.map { .object(ResultValue($0)) })
    }
    let sql = try project.render(hook.rawCode, name: hook.originalFilePath, context)
    hook.compiledCode = sql
    hook.compiled = true
    hook.extraCTEsInjected = true
    if !sql.isEmpty {
      let path = "\(project.settings.targetPath)/\(NodePaths.target(hook, subfolder: "compiled"))"
      hook.compiledPath = path
      try project.write(sql, to: path)
    }
    return sql
  }
}
