/// What built-ins and the host ask of a rendering.
extension Interpreter {
  /// `callee(…)`
  public func call(_ callee: Value, _ arguments: Arguments) throws -> Value {
    switch callee {
    case .object(let object): return try object.call(arguments, self)
    case .undefined(let undefined):
      if undefined.kind == .dbt, answersUndefined { return callee }
      let error = undefined.error()
      if undefined.owner == nil, let name = undefined.name, let host = host as? any UndefinedPolicy {
        error.hint = host.suggestion(for: name).map { "did you mean '\($0)'?" }
      }
      throw error
    default: throw TemplateError(.type, "'\(callee.typeName)' object is not callable")
    }
  }

  var answersUndefined: Bool { (host as? any UndefinedPolicy)?.answersUndefined ?? true }

  private var undefinedKind: UndefinedKind {
    let kind = environment.undefinedKind
    return kind == .dbt && !((host as? any UndefinedPolicy)?.makesUndefined ?? true) ? .default : kind
  }

  /// What a missing name, attribute (`name` and `owner`), or item (`key` and `owner`) evaluates to.
  public func undefined(name: String?, owner: Value? = nil, key: Value? = nil, hint: String? = nil) -> Value {
    .undefined(Undefined(kind: undefinedKind, name: name, owner: owner, key: key, hint: hint))
  }

  /// Python's truth of a value; throws where the strict kind of undefined is used.
  @inline(__always) public func truth(_ value: Value) throws -> Bool {
    if case .undefined(let undefined) = value {
      if undefined.kind == .strict { throw undefined.error() }
      return false
    }
    return value.isTrue
  }

  /// `receiver.name(…)` without making a bound method.
  public func callMethod(_ receiver: Value, _ name: Str, _ arguments: Arguments) throws -> Value {
    if !name.isUnsafeAttribute {
      if case .object(let object) = receiver {
        if let result = try object.callMethod(name, arguments, self) { return result }
      } else if let result = try Methods.call(receiver, name, arguments, self) {
        return result
      }
    }
    return try call(getAttribute(receiver, name), arguments)
  }

  // MARK: - Attributes and items

  /// Jinja's `a.name`: the attribute, then the item, then undefined. Attributes that start with an underscore are out
  /// of reach, as in Jinja2's sandbox.
  public func getAttribute(_ value: Value, _ name: Str) throws -> Value {
    if case .undefined(let undefined) = value { return try attribute(of: undefined, value, name) }
    if let found = try attribute(value, name) { return found }
    if let found = try item(value, .string(name)) { return found }
    return .undefined(
      Undefined(kind: undefinedKind, name: name.string, owner: value))
  }

  /// Jinja's `a[key]`: the item, then the attribute when the key is a string, then undefined.
  public func getItem(_ value: Value, _ key: Value) throws -> Value {
    if case .undefined(let undefined) = value {
      if undefined.kind == .chainable || (undefined.kind == .dbt && answersUndefined) { return value }
      throw undefined.error()
    }
    if let found = try item(value, key) { return found }
    if case .string(let name) = key {
      if let found = try attribute(value, name) { return found }
      return undefined(name: name.string, owner: value)
    }
    if case .undefined(let undefined) = key, undefined.kind == .strict { throw undefined.error() }
    return undefined(name: nil, owner: value, key: key)
  }

  private func attribute(of undefined: Undefined, _ value: Value, _ name: Str) throws -> Value {
    if UnsafeAttributes.exist(name, on: value) { return unsafe(name, value) }
    switch undefined.kind {
    case .chainable: return value
    case .dbt where answersUndefined: return .undefined(Undefined(kind: .dbt, name: name.string, hint: undefined.hint))
    default: throw undefined.error()
    }
  }

  /// The attribute alone; nil when there is none.
  private func attribute(_ value: Value, _ name: Str) throws -> Value? {
    if name.isUnsafeAttribute {
      if UnsafeAttributes.exist(name, on: value) { return unsafe(name, value) }
      if case .object(let object) = value, try object.attribute(name, self) != nil { return unsafe(name, value) }
      return nil
    }
    switch value {
    case .object(let object):
      if let found = try object.attribute(name, self) { return found }
      return Methods.bound(value, name)
    case .int, .bool, .float:
      if let part = NumberAttributes.value(value, name) { return part }
      return Methods.bound(value, name)
    default: return Methods.bound(value, name)
    }
  }

  private func unsafe(_ name: Str, _ value: Value) -> Value {
    .undefined(
      Undefined(
        kind: environment.undefinedKind, name: name.string, owner: value,
        hint: "access to attribute '\(name.string)' of '\(value.typeName)' object is unsafe.", isSecurity: true))
  }

  /// The item alone; nil when there is none, or when this can't be a key.
  private func item(_ value: Value, _ key: Value) throws -> Value? {
    switch value {
    case .dict(let dict):
      if case .string(let name) = key { return dict[name] }
      return try? dict.get(key)
    case .list(let list): return Self.element(list.items, key)
    case .tuple(let tuple): return Self.element(tuple.items, key)
    case .string(let text):
      guard let index = key.asInt else { return nil }
      let count = text.scalarCount
      let at = index < 0 ? index + count : index
      guard at >= 0, at < count else { return nil }
      return .string(text.slice(from: at, to: at + 1))
    case .object(let object): return try object.item(key, self)
    default: return nil
    }
  }

  private static func element(_ items: [Value], _ key: Value) -> Value? {
    guard let index = key.asInt else { return nil }
    let at = index < 0 ? index + items.count : index
    return at >= 0 && at < items.count ? items[at] : nil
  }

  // MARK: - Filters and tests by name

  /// Applies a filter by name, as `map` does.
  public func filter(_ name: Str, _ value: Value, _ arguments: Arguments) throws -> Value {
    guard let body = environment.filters[name]?.body else {
      throw TemplateError(.runtime, "No filter named '\(name.string)'.")
    }
    return try body(self, value, arguments)
  }

  /// Applies a test by name, as `select` does.
  public func test(_ name: Str, _ value: Value, _ arguments: Arguments) throws -> Bool {
    guard let body = environment.tests[name]?.body else {
      throw TemplateError(.runtime, "No test named '\(name.string)'.")
    }
    return try body(self, value, arguments)
  }
}

/// `(5).real` and the other attributes of numbers that are not methods.
private enum NumberAttributes {
  static func value(_ value: Value, _ name: Str) -> Value? {
    if case .float = value {
      if name.equals("real") { return value }
      if name.equals("imag") { return .float(0) }
      return nil
    }
    if name.equals("real") || name.equals("numerator") { return .int(value.asInt ?? 0) }
    if name.equals("imag") { return .int(0) }
    if name.equals("denominator") { return .int(1) }
    return nil
  }
}

/// The attributes with underscores that Python's objects have: reading one is a violation of the sandbox, while any
/// other name with an underscore is just not there.
enum UnsafeAttributes {
  private static let common: Set<String> = [
    "class", "delattr", "dir", "doc", "eq", "format", "ge", "getattribute", "getstate", "gt", "hash", "init",
    "init_subclass", "le", "lt", "ne", "new", "reduce", "reduce_ex", "repr", "setattr", "sizeof", "str",
    "subclasshook",
  ]
  private static let container: Set<String> = ["contains", "getitem", "iter", "len"]
  private static let mutable: Set<String> = ["delitem", "setitem", "reversed", "class_getitem"]
  private static let number: Set<String> = [
    "abs", "add", "bool", "divmod", "float", "floordiv", "int", "mod", "mul", "neg", "pos", "pow", "radd", "rdivmod",
    "rfloordiv", "rmod", "rmul", "round", "rpow", "rsub", "rtruediv", "sub", "truediv", "trunc", "ceil", "floor",
    "getnewargs",
  ]
  private static let integer: Set<String> = ["and", "index", "invert", "lshift", "or", "rand", "ror", "rshift", "xor"]
  private static let instance: Set<String> = ["dict", "module", "weakref"]
  private static let function: Set<String> = [
    "call", "name", "qualname", "self", "code", "globals", "closure", "defaults", "kwdefaults", "annotations",
    "builtins", "get", "module", "dict", "func",
  ]

  static func exist(_ name: Str, on value: Value) -> Bool {
    let text = name.string
    guard text.utf8.count > 4, text.hasPrefix("__"), text.hasSuffix("__") else { return false }
    let word = String(text.dropFirst(2).dropLast(2))
    if common.contains(word) { return true }
    switch value {
    case .none: return word == "bool"
    case .bool, .int: return number.contains(word) || integer.contains(word)
    case .float: return number.contains(word)
    case .string(let s):
      return container.contains(word) || ["add", "mul", "rmul", "mod", "rmod", "getnewargs"].contains(word)
        || (s.isMarkup && (instance.contains(word) || word == "html"))
    case .list:
      return container.contains(word) || mutable.contains(word)
        || ["add", "mul", "rmul", "iadd", "imul"].contains(word)
    case .tuple:
      return container.contains(word) || ["add", "mul", "rmul", "getnewargs", "class_getitem"].contains(word)
    case .dict: return container.contains(word) || mutable.contains(word) || ["or", "ror", "ior"].contains(word)
    case .undefined:
      return instance.contains(word) || container.contains(word) || number.contains(word) || word == "call"
    case .object(let object):
      return instance.contains(word) || (object.isCallable && function.contains(word))
        || (object.length != nil && container.contains(word))
    }
  }
}
