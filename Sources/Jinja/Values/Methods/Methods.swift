/// The methods of the built-in types.
public enum Methods {
  /// Calls a method; nil when the type has none of that name.
  public static func call(_ receiver: Value, _ name: Str, _ a: Arguments, _ r: Interpreter) throws -> Value? { nil }
  public static func has(_ receiver: Value, _ name: Str) -> Bool { false }
  /// The method as a value; nil when the type has none of that name.
  public static func bound(_ receiver: Value, _ name: Str) -> Value? {
    has(receiver, name) ? .object(BoundMethod(receiver, name)) : nil
  }
  public static var catalog: [(type: String, name: String, signature: String)] { [] }
}

/// A method of a built-in type, taken as a value: `{% set f = text.upper %}`.
public final class BoundMethod: Object {
  public let receiver: Value
  public let name: Str

  public init(_ receiver: Value, _ name: Str) {
    self.receiver = receiver
    self.name = name
  }

  public override var typeName: String { "builtin_function_or_method" }
  public override var isCallable: Bool { true }
  public override func call(_ arguments: Arguments, _ interpreter: Interpreter) throws -> Value {
    if let result = try Methods.call(receiver, name, arguments, interpreter) { return result }
    throw TemplateError(.attribute, "'\(receiver.typeName)' object has no attribute '\(name.string)'")
  }
  public override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    name.equals("__name__") ? .string(self.name) : nil
  }
  public override func isEqual(to other: Value) -> Bool {
    guard case .object(let o) = other, let method = o as? BoundMethod else { return false }
    return method === self || (method.name == name && method.receiver.isEqual(to: receiver))
  }
  public override func hashCode() throws -> Int { name.hashCode }
  public override func repr(_ interpreter: Interpreter?) throws -> Str {
    Str.make("<built-in method \(name.string) of \(receiver.typeName) object>")
  }
}
