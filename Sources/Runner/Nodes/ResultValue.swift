import Compiler
import Events
import Jinja
import Manifest

/// A result as hooks see it: `res.node`, `res.status`, …
final class ResultValue: HostObject {
  private let result: NodeResult
  init(_ result: NodeResult) { self.result = result }
  override var typeName: String { "RunResult" }
  override func property(_ name: String) -> Value? {
    switch name {
    case "node":
      result.node.map { .object(NodeValue($0, hasToDict: true)) } ?? .dict(result.resource.templateFields.jinja)
    case "unique_id": .string(result.resource.uniqueID)
    case "timing": .list(result.timing.map { .object(TimingValue($0)) })
    default: plain(name)
    }
  }

  /// What is the same in an object and in a dict.
  private func plain(_ name: String) -> Value? {
    switch name {
    case "status": .string(result.status.rawValue)
    case "message": result.message.map { .string($0) } ?? Value.none
    case "failures": result.failures.map { .int($0) } ?? Value.none
    case "execution_time": .float(result.executionTime)
    case "thread_id": .string(result.threadID)
    case "adapter_response": ConfigValue.dict(result.response).jinja
    case "agate_table": Value.none
    case "batch_results": batches
    default: nil
    }
  }

  private var batches: Value {
    guard let batches = result.batches else { return .none }
    func list(_ all: [(String, String)]) -> Value { .list(all.map { .tuple([.string($0.0), .string($0.1)]) }) }
    return .dict(["successful": list(batches.successful), "failed": list(batches.failed)])
  }

  override var methodNames: Set<String> { ["to_dict"] }
  override func invoke(_ name: String, _ a: HostArguments, _ r: Interpreter) throws -> Value {
    let dict = DictObject()
    for key in [
      "status", "timing", "thread_id", "execution_time", "adapter_response", "message", "failures", "node",
      "agate_table", "batch_results",
    ] {
      dict[key] =
        switch key {
        case "timing": .list(result.timing.map { .dict(TimingValue($0).dict) })
        case "node": .dict(result.resource.templateFields.jinja)
        default: plain(key)
        }
    }
    return .dict(dict)
  }
}

/// A stretch of a result's time: its ends are datetimes of UTC without a zone, and texts in `to_dict()`.
final class TimingValue: HostObject {
  private let timing: Timing
  init(_ timing: Timing) { self.timing = timing }
  override var typeName: String { "TimingInfo" }
  override func property(_ name: String) -> Value? {
    switch name {
    case "name": .string(timing.name)
    case "started_at": Self.moment(timing.started)
    case "completed_at": Self.moment(timing.completed)
    default: nil
    }
  }
  override var methodNames: Set<String> { ["to_dict"] }
  override func invoke(_ name: String, _ a: HostArguments, _ r: Interpreter) throws -> Value { .dict(dict) }

  var dict: DictObject {
    let dict = DictObject()
    dict["name"] = .string(timing.name)
    dict["started_at"] = .string(timing.started.isoZ)
    dict["completed_at"] = .string(timing.completed.isoZ)
    return dict
  }

  override func repr(_ interpreter: Interpreter?) throws -> Str {
    let (start, end) = (
      try Self.moment(timing.started).repr(interpreter), try Self.moment(timing.completed).repr(interpreter)
    )
    return Str.make("TimingInfo(name='\(timing.name)', started_at=\(start.string), completed_at=\(end.string))")
  }

  private static func moment(_ time: Timestamp) -> Value {
    (try? DateTimeObject.utc(
      microsecondsSinceEpoch: time.seconds * 1_000_000 + time.nanoseconds / 1000, aware: false)).map { .object($0) }
      ?? .none
  }
}
