import Compiler
import Events
import Manifest

/// The result line and event of one node.
struct ResultLines {
  let project: CompiledProject
  let index: Int
  let total: Int
  let description: String

  init(_ project: CompiledProject, index: Int, total: Int, description: String) {
    self.project = project
    self.index = index
    self.total = total
    self.description = description
  }

  func emit(_ result: NodeResult, _ info: NodeInfo, _ log: EventLog, _ settings: RunSettings) {
    if settings.command == .compile || settings.command == .show { return }
    let resource = result.resource
    let seconds = result.executionTime
    let status = result.status.rawValue
    let message = result.message ?? ""
    let node = resource as? Node
    switch resource.resourceType {
    case .model:
      log.emit(
        .modelResult(
          description, status: result.status == .success ? message : status, index: index, total: total,
          seconds: seconds, node: info))
    case .seed:
      log.emit(
        .seedResult(
          status: status, message: message, schema: node?.schema ?? "", relation: node?.alias ?? "", index: index,
          total: total, seconds: seconds, node: info))
    case .snapshot:
      let config = node?.config.dict.entries.filter { !$0.value.isNull }.map { ($0.key, $0.value.pythonString) } ?? []
      log.emit(
        .snapshotResult(
          NodeDescription.name(node!, project), status: status, message: message, config: config, index: index,
          total: total, seconds: seconds, node: info))
    case .test:
      log.emit(
        .testResult(
          resource.name, status: status, failures: result.failures ?? 0, attachedNode: node?.attachedNode ?? "",
          index: index, total: total, seconds: seconds, node: info))
    case .unitTest:
      let test = resource as? UnitTest
      log.emit(
        .testResult(
          "\(test?.model ?? "")::\(resource.name)", status: status, failures: result.failures ?? 0,
          attachedNode: test?.testedNode ?? "", index: index, total: total, seconds: seconds, node: info))
    case .function:
      log.emit(
        .functionResult(
          description, status: result.status == .success ? message : status, index: index, total: total,
          seconds: seconds, node: info))
    case .source:
      log.emit(
        .freshnessResult(
          status: status, source: (resource as? SourceDefinition)?.sourceName ?? "", table: resource.name, index: index,
          total: total, seconds: seconds, node: info))
    default:
      log.emit(.noOp(description, index: index, total: total, seconds: seconds, node: info))
    }
  }

  /// What the NodeFinished event says of the result.
  func runResult(_ result: NodeResult) -> EventValue {
    .object([
      ("status", .string(result.status.rawValue)), ("message", .string(result.message ?? "")),
      ("execution_time", .double(result.executionTime)), ("num_failures", .int(result.failures ?? 0)),
      ("thread", .string(result.threadID)), ("adapter_response", .json(ConfigJSON.object(result.response))),
      (
        "timing_info",
        .list(
          result.timing.map {
            .object([
              ("name", .string($0.name)), ("started_at", .string($0.started.isoZ)),
              ("completed_at", .string($0.completed.isoZ)),
            ])
          })
      ),
    ])
  }
}
