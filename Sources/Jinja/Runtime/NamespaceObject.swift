/// `namespace(…)`: the one object whose attributes templates can set.
public final class NamespaceObject: Object {
  public let values: DictObject

  public init(_ values: DictObject = DictObject()) { self.values = values }

  public override var typeName: String { "Namespace" }
  public override var qualifiedTypeName: String { "jinja2.utils.Namespace" }
  public override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? { values[name] }
  public override func item(_ key: Value, _ interpreter: Interpreter) throws -> Value? { try values.get(key) }
  public override func setAttribute(_ name: Str, _ value: Value) throws { values[name] = value }
  public override func repr(_ interpreter: Interpreter?) throws -> Str {
    Str.make("<Namespace \(try Value.dict(values).repr(interpreter).string)>")
  }

  /// The function `namespace` of templates: the arguments of `dict(…)`.
  public static func make(_ arguments: Arguments, _ r: Interpreter) throws -> Value {
    guard case .dict(let values) = try BuiltinGlobals.dict(arguments, r) else { return .none }
    return .object(NamespaceObject(values))
  }
}
