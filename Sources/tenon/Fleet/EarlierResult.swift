import Compiler
import Manifest
import Project

/// A row of run_results.json made from what a node's run said of its end, for a node that need not run again.
///
/// The compiled code is not part of it: that is in the file it was written to.
enum EarlierResult {
  /// - Parameter said: the event's `run_result` as JSON; nil when only the outcome is known.
  static func row(_ id: String, _ said: String?, _ node: Node?) -> ConfigDict? {
    guard let said, let result = JSONParser.parse(said)?.asDict else { return nil }
    let isTest = id.hasPrefix("test.") || id.hasPrefix("unit_test.")
    var response = ConfigDict()
    for entry in result["adapter_response"]?.asDict ?? ConfigDict() {
      // Events have floating numbers only, as dbt's.
      if case .double(let number) = entry.value, let whole = Int(exactly: number) {
        response[entry.key] = .int(whole)
      } else {
        response[entry.key] = entry.value
      }
    }
    let message = result["message"]?.asString ?? ""
    return [
      "status": result["status"] ?? .null,
      "timing": result["timing_info"] ?? .list([]),
      "thread_id": result["thread"] ?? .null,
      "execution_time": result["execution_time"] ?? .int(0),
      "adapter_response": .dict(response),
      "message": message.isEmpty ? .null : .string(message),
      "failures": isTest ? result["num_failures"] ?? .int(0) : .null,
      "unique_id": .string(id),
      "compiled": node.map { $0.resourceType == .seed ? .null : .bool(true) } ?? .null,
      "compiled_code": .null,
      "relation_name": node.flatMap { $0.relationName }.map { .string($0) } ?? .null,
      "batch_results": .null,
    ]
  }

  static func began(_ row: ConfigDict) -> String {
    row["timing"]?.asList?.first?.asDict?["started_at"]?.asString ?? ""
  }
}
