/// A Python module as dbt gives it to templates: a dict of its names, which is what dbt makes of it.
enum ModuleObject {
  /// Functions by name, ready to be called.
  static func functions(_ list: [(name: String, body: NativeFunction.Body)]) -> DictObject {
    let dict = DictObject(capacity: list.count)
    for (name, body) in list { dict[name] = .object(NativeFunction(name, body)) }
    return dict
  }
}

/// The types a class object stands for when it is compared, printed or called.
class TypeObject: Object {
  let name: String
  init(_ name: String) { self.name = name }
  override var typeName: String { "type" }
  override var isCallable: Bool { true }
  override func repr(_ interpreter: Interpreter?) throws -> Str { Str.make("<class '\(name)'>") }
}
