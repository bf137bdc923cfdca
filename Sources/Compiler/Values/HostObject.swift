import Jinja

/// An object that the compiler gives to templates: properties and methods by name.
///
/// Subclasses say their properties in `property`, list their methods in `methodNames` and run them in `invoke`.
open class HostObject: Object {
  /// `x.name` that is not a method; nil when there is none.
  open func property(_ name: String) throws -> Value? { nil }
  open var methodNames: Set<String> { [] }
  open func invoke(_ name: String, _ arguments: HostArguments, _ interpreter: Interpreter) throws -> Value {
    throw TemplateError(.attribute, "'\(typeName)' object has no attribute '\(name)'")
  }

  public override final func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    let name = name.string
    if let value = try property(name) { return value }
    guard methodNames.contains(name) else { return nil }
    return .object(
      NativeFunction(name) { [self] arguments, interpreter in
        try invoke(name, HostArguments(arguments, function: name), interpreter)
      })
  }

  public override final func callMethod(_ name: Str, _ arguments: Arguments, _ interpreter: Interpreter) throws
    -> Value?
  {
    let text = name.string
    if methodNames.contains(text) {
      return try invoke(text, HostArguments(arguments, function: text), interpreter)
    }
    guard let callee = try property(text) else { return nil }
    return try interpreter.call(callee, arguments)
  }

  /// Objects with fields can be subscripted with their names, as dbt's are.
  open override func item(_ key: Value, _ interpreter: Interpreter) throws -> Value? {
    guard case .string(let name) = key else { return nil }
    return try property(name.string)
  }
}

/// The arguments of a call to the host, read by position or name.
public struct HostArguments {
  public let raw: Arguments
  public let function: String

  public init(_ raw: Arguments, function: String) {
    self.raw = raw
    self.function = function
  }

  /// The argument at a position or with a name; nil when it was not given.
  public func optional(_ index: Int, _ name: String) -> Value? {
    if index < raw.positional.count { return raw.positional[index] }
    for keyword in raw.keywords where keyword.name.string == name { return keyword.value }
    return nil
  }

  public func required(_ index: Int, _ name: String) throws -> Value {
    guard let value = optional(index, name) else {
      throw TemplateError(.type, "\(function)() missing 1 required positional argument: '\(name)'")
    }
    return value
  }

  /// A string; nil for none, undefined or not given.
  public func string(_ index: Int, _ name: String, _ interpreter: Interpreter? = nil) throws -> String? {
    guard let value = optional(index, name) else { return nil }
    switch value {
    case .none, .undefined: return nil
    case .string(let s): return s.string
    default: return try value.str(interpreter).string
    }
  }

  public func bool(_ index: Int, _ name: String, default fallback: Bool) -> Bool {
    guard let value = optional(index, name), !value.isUndefined else { return fallback }
    return value.isTrue
  }

  /// Refuses arguments beyond these names.
  public func check(_ names: [String]) throws {
    if raw.positional.count > names.count {
      throw TemplateError(
        .type, "\(function)() takes \(names.count) positional arguments but \(raw.positional.count) were given")
    }
    for keyword in raw.keywords where !names.contains(keyword.name.string) {
      throw TemplateError(.type, "\(function)() got an unexpected keyword argument '\(keyword.name.string)'")
    }
  }
}
