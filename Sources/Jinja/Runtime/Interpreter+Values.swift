/// What built-ins and the host ask of a rendering.
extension Interpreter {
  /// `callee(…)`
  public func call(_ callee: Value, _ arguments: Arguments) throws -> Value {
    switch callee {
    case .object(let object): return try object.call(arguments, self)
    case .undefined(let undefined):
      if undefined.kind == .dbt { return callee }
      throw undefined.error()
    default: throw TemplateError(.type, "'\(typeName(callee))' object is not callable")
    }
  }

  private func typeName(_ value: Value) -> String {
    var text = Undefined.describe(value)
    if text.hasSuffix(" object") { text.removeLast(7) }
    return text == "None" ? "NoneType" : text
  }

  /// What a missing name, attribute (`name` and `owner`), or item (`key` and `owner`) evaluates to.
  public func undefined(name: String?, owner: Value? = nil, key: Value? = nil, hint: String? = nil) -> Value {
    .undefined(Undefined(kind: environment.undefinedKind, name: name, owner: owner, key: key, hint: hint))
  }

  /// Python's truth of a value; throws where the strict kind of undefined is used.
  public func truth(_ value: Value) throws -> Bool {
    if case .undefined(let undefined) = value {
      if undefined.kind == .strict { throw undefined.error() }
      return false
    }
    switch value {
    case .none, .undefined: return false
    case .bool(let b): return b
    case .int(let i): return i != 0
    case .float(let d): return d != 0
    case .string(let s): return !s.isEmpty
    case .list(let l): return !l.items.isEmpty
    case .tuple(let t): return !t.items.isEmpty
    case .dict(let d): return d.count != 0
    case .object(let o): return o.isTrue
    }
  }

  /// `receiver.name(…)` without making a bound method.
  public func callMethod(_ receiver: Value, _ name: Str, _ arguments: Arguments) throws -> Value {
    if case .object(let object) = receiver, let result = try object.callMethod(name, arguments, self) { return result }
    return try call(getAttribute(receiver, name), arguments)
  }

  /// Jinja's `a.name`: the attribute, then the item, then undefined.
  public func getAttribute(_ value: Value, _ name: Str) throws -> Value {
    switch value {
    case .dict(let dict): if let found = dict[name] { return found }
    case .object(let object):
      if let found = try object.attribute(name, self) { return found }
      if let found = try object.item(.string(name), self) { return found }
    default: break
    }
    return undefined(name: name.string, owner: value)
  }

  /// Jinja's `a[key]`: the item, then the attribute when the key is a string, then undefined.
  public func getItem(_ value: Value, _ key: Value) throws -> Value {
    switch value {
    case .dict(let dict): if let found = try dict.get(key) { return found }
    case .list(let list):
      if let index = key.asInt {
        let at = index < 0 ? index + list.items.count : index
        if list.items.indices.contains(at) { return list.items[at] }
      }
    case .object(let object):
      if let found = try object.item(key, self) { return found }
      if case .string(let name) = key, let found = try object.attribute(name, self) { return found }
    default: break
    }
    if case .string(let name) = key { return undefined(name: name.string, owner: value) }
    return undefined(name: nil, owner: value, key: key)
  }

  /// Applies a filter by name, as `map` does.
  public func filter(_ name: Str, _ value: Value, _ arguments: Arguments) throws -> Value {
    guard let body = environment.filters[name.string] else {
      throw TemplateError(.runtime, "No filter named '\(name.string)'.")
    }
    return try body(self, value, arguments)
  }

  /// Applies a test by name, as `select` does.
  public func test(_ name: Str, _ value: Value, _ arguments: Arguments) throws -> Bool {
    guard let body = environment.tests[name.string] else {
      throw TemplateError(.runtime, "No test named '\(name.string)'.")
    }
    return try body(self, value, arguments)
  }

  /// A variable of the running template's context.
  public func lookup(_ name: Str) -> Value? { nil }
}
