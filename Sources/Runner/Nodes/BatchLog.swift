import Compiler
import Events
import Manifest

/// The events of one batch of a microbatch model: in the log each batch begins and ends as a node does.
final class BatchLog {
  private let description: String
  private let node: Node
  private let index: Int
  private let total: Int
  private let project: CompiledProject
  private var info: NodeInfo
  private var started = Timestamp.now()
  private var executing: Timestamp?

  init(_ description: String, _ node: Node, index: Int, total: Int, _ project: CompiledProject) {
    self.description = description
    self.node = node
    self.index = index
    self.total = total
    self.project = project
    info = ThreadContext.current.node ?? NodeDescription.info(node, in: project.manifest)
    info.finishedAt = nil
  }

  func skip() {
    info.status = "skipped"
    result("skipped", seconds: 0)
  }

  func start() {
    started = .now()
    info.startedAt = started
    phase("started")
    project.log.emit(.microbatchDebug("\(description) is being run sequentially"))
    project.log.emit(.nodeStart(info))
    project.log.emit(.startBatch(description, index: index, total: total, node: info))
  }

  func compile() {
    phase("compiling")
    project.log.emit(.nodeCompiling(info))
  }

  func execute() {
    executing = .now()
    phase("executing")
    project.log.emit(.nodeExecuting(info))
  }

  func fail(_ failure: ExecutionError) {
    let lines = ([failure.kind.title] + failure.message.split(separator: "\n").map(String.init)).joined(
      separator: "\n  ")
    let text = "Exception on worker thread. \(lines)"
    project.log.emit(.exceptionOnRun(text, node: info))
    finish(.error, shown: "error", NodeRunner.Outcome(status: .error, message: text))
  }

  /// - Parameter shown: what stands in the line of the result.
  func finish(_ status: NodeStatus, shown: String, _ outcome: NodeRunner.Outcome) {
    let finished = Timestamp.now()
    info.finishedAt = finished
    phase(status.rawValue)
    result(shown, seconds: finished - started)
    let ended = NodeResult(node, status, message: outcome.message)
    ended.response = outcome.response
    ended.threadID = ThreadContext.current.name
    ended.executionTime = finished - started
    ended.timing = [Timing("compile", started: started, completed: executing ?? finished)]
    if let executing { ended.timing.append(Timing("execute", started: executing, completed: finished)) }
    project.log.emit(.nodeFinished(info, runResult: { ResultLines.runResult(ended) }))
  }

  private func result(_ status: String, seconds: Double) {
    project.log.emit(
      .batchResult(description, status: status, index: index, total: total, seconds: seconds, node: info))
  }

  /// What the batch is at, for every event of this thread from here on.
  private func phase(_ status: String) {
    info.status = status
    ThreadContext.current.node = info
  }
}
