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
    let values = DictObject()
    if arguments.positional.count > 1 {
      throw TemplateError(.type, "dict expected at most 1 argument, got \(arguments.positional.count)")
    }
    if let source = arguments.positional.first {
      if source.isMapping {
        for pair in try source.mappingItems(r) { try values.set(pair.key, pair.value) }
      } else {
        let iterator = try source.iterate(r)
        var index = 0
        while let item = try iterator.next() {
          let pair: [Value]
          do { pair = try item.items(r) } catch {
            throw TemplateError(.type, "cannot convert dictionary update sequence element #\(index) to a sequence")
          }
          guard pair.count == 2 else {
            throw TemplateError(
              .value, "dictionary update sequence element #\(index) has length \(pair.count); 2 is required")
          }
          try values.set(pair[0], pair[1])
          index += 1
        }
      }
    }
    for (name, value) in arguments.keywords { values[name] = value }
    return .object(NamespaceObject(values))
  }
}
