/// A Python module as dbt gives it to templates: a dict of its names, which is what dbt makes of it.
enum ModuleObject {
  /// Functions by name, ready to be called.
  static func functions(_ list: [(name: String, body: NativeFunction.Body)]) -> DictObject {
    let dict = DictObject(capacity: list.count)
    for (name, body) in list { dict[name] = .object(NativeFunction(name, body)) }
    return dict
  }
}
