import Jinja
import Postgres

/// What a statement did: `_message`, `code`, `rows_affected`; prints as the message.
public final class ResponseValue: HostObject {
  public let message: String
  public let code: String
  public let rowsAffected: Int?

  public init(message: String, code: String, rowsAffected: Int?) {
    self.message = message
    self.code = code
    self.rowsAffected = rowsAffected
  }

  convenience init(_ tag: CommandTag) {
    self.init(message: tag.message, code: tag.code, rowsAffected: tag.rowsAffected)
  }

  static var empty: ResponseValue { ResponseValue(message: "", code: "", rowsAffected: nil) }

  public override var typeName: String { "AdapterResponse" }
  public override func str(_ interpreter: Interpreter?) -> Str { Str.make(message) }
  public override func repr(_ interpreter: Interpreter?) throws -> Str {
    let code = try code.isEmpty ? "None" : Value.string(code).repr(interpreter).string
    return Str.make(
      "AdapterResponse(_message=\(try Value.string(message).repr(interpreter).string), code=\(code), "
        + "rows_affected=\(rowsAffected.map(String.init) ?? "None"), query_id=None)")
  }
  public override func property(_ name: String) -> Value? {
    switch name {
    case "_message", "message": .string(message)
    case "code": .string(code)
    case "rows_affected": rowsAffected.map { .int($0) } ?? Value.none
    case "query_id": Value.none
    default: nil
    }
  }
  public override var methodNames: Set<String> { ["to_dict"] }
  public override func invoke(_ name: String, _ a: HostArguments, _ r: Interpreter) throws -> Value {
    .dict([
      "_message": .string(message), "code": .string(code), "rows_affected": rowsAffected.map { .int($0) } ?? Value.none,
    ])
  }
}
