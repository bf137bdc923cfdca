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
    if [.compile, .show, .clone].contains(settings.command) { return }
    let resource = result.resource
    let seconds = result.executionTime
    let status = result.status.rawValue
    let message = result.message ?? ""
    let node = resource as? Node
    switch resource.resourceType {
    case .model:
      log.emit(
        .modelResult(
          description, status: [.success, .partialSuccess].contains(result.status) ? message : status, index: index,
          total: total, seconds: seconds, node: info))
    case .seed:
      log.emit(
        .seedResult(
          status: status, message: message, schema: node?.schema ?? "", relation: node?.alias ?? "", index: index,
          total: total, seconds: seconds, node: info))
    case .snapshot:
      log.emit(
        .snapshotResult(
          node.map { NodeDescription.name($0, project) } ?? "", status: status, message: message,
          config: config(node), index: index, total: total, seconds: seconds, node: info))
    case .test:
      log.emit(
        .testResult(
          resource.name, status: status, failures: result.failures ?? 0, attachedNode: node?.attachedNode ?? "",
          index: index, total: total, seconds: seconds, node: info))
    case .unitTest:
      guard let test = resource as? UnitTest else { return }
      log.emit(
        .testResult(
          "\(test.model)::\(test.name)", status: status, failures: result.failures ?? 0, attachedNode: "",
          index: index, total: total, seconds: seconds,
          node: result.status == .error ? info : NodeDescription.ranInfo(test, in: project)))
    case .function:
      log.emit(
        .functionResult(
          description, status: status, index: index, total: total,
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

  /// A configuration as Python prints its values; members of dbt's own objects that are null are left out.
  private func config(_ node: Node?) -> [(String, String)] {
    (node?.config.dict.entries ?? []).compactMap { entry in
      guard !entry.value.isNull else { return nil }
      guard ["docs", "snapshot_meta_column_names"].contains(entry.key), let dict = entry.value.asDict else {
        return (entry.key, entry.value.pythonString)
      }
      var shown = ConfigDict()
      for member in dict where !member.value.isNull { shown[member.key] = member.value }
      return (entry.key, ConfigValue.dict(shown).pythonString)
    }
  }

  /// What the NodeFinished event says of the result.
  static func runResult(_ result: NodeResult) -> EventValue {
    // Numbers are floating ones here, as in dbt's events.
    var response = ConfigDict()
    for entry in result.response { response[entry.key] = entry.value.asInt.map { .double(Double($0)) } ?? entry.value }
    return .object([
      ("status", .string(result.status.rawValue)), ("message", .string(result.message ?? "")),
      ("execution_time", .double(result.executionTime)), ("num_failures", .int(result.failures ?? 0)),
      ("thread", .string(result.threadID)), ("adapter_response", .json(ConfigJSON.object(response))),
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
