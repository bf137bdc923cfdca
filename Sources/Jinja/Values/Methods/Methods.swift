/// The methods of the built-in types.
public enum Methods {
  /// Calls a method; nil when the type has none of that name.
  public static func call(_ receiver: Value, _ name: Str, _ a: Arguments, _ r: Interpreter) throws -> Value? {
    guard let method = MethodTable.shared.find(name) else { return nil }
    switch receiver {
    case .string(let s): return try StrMethods.call(s, method, a, r)
    case .dict(let d): return try DictMethods.call(d, method, a, r)
    case .list(let l): return try ListMethods.call(l, method, a, r)
    case .tuple(let t):
      return method == .count || method == .index ? try ListMethods.search(t.items, "tuple", method, a) : nil
    case .int, .bool, .float: return try NumberMethods.call(receiver, method, a, r)
    case .object(let o): return try call(o, receiver, method, a, r)
    case .none, .undefined: return nil
    }
  }

  private static func call(
    _ object: Object, _ receiver: Value, _ method: MethodName, _ a: Arguments, _ r: Interpreter
  ) throws -> Value? {
    if let set = object as? SetObject { return try SetMethods.call(set, method, a, r) }
    if let view = object as? DictView { return try DictMethods.callView(view, method, a, r) }
    if let range = object as? RangeObject { return try callRange(range, method, a) }
    if let bytes = object as? BytesObject { return try callBytes(bytes, method, a) }
    return try NumberMethods.call(receiver, method, a, r)
  }

  private static func callRange(_ range: RangeObject, _ method: MethodName, _ a: Arguments) throws -> Value? {
    switch method {
    case .count:
      try a.expect("range", method, 1...1)
      return .int(range.position(a.positional[0]) == nil ? 0 : 1)
    case .index:
      try a.expect("range", method, 1...1)
      if let place = range.position(a.positional[0]) { return .int(place) }
      throw TemplateError(.value, "\(try a.positional[0].repr(nil).string) is not in range")
    default: return nil
    }
  }

  private static func callBytes(_ object: BytesObject, _ method: MethodName, _ a: Arguments) throws -> Value? {
    switch method {
    case .decode: return try StrCodec.decode(object.bytes, a)
    case .hex:
      try a.none("bytes", method)
      return .string(
        object.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    default: return nil
    }
  }

  /// Whether a value's type has a method of this name.
  public static func has(_ receiver: Value, _ name: Str) -> Bool {
    guard let method = MethodTable.shared.find(name) else { return false }
    switch receiver {
    case .string(let s): return StrMethods.has(method, markup: s.isMarkup)
    case .dict: return DictMethods.has(method)
    case .list: return ListMethods.has(method)
    case .tuple: return method == .count || method == .index
    case .int, .bool: return NumberMethods.hasInt(method)
    case .float: return NumberMethods.hasFloat(method)
    case .object(let o):
      if o is SetObject { return SetMethods.has(method) }
      if let view = o as? DictView { return view.part != .values && method == .isdisjoint }
      if o is RangeObject { return method == .count || method == .index }
      if o is BytesObject { return method == .decode || method == .hex }
      return o is BigInteger && NumberMethods.hasInt(method)
    case .none, .undefined: return false
    }
  }

  /// An attribute of a built-in type: a method as a value, or a number's part; nil when it has none of that name.
  public static func bound(_ receiver: Value, _ name: Str) -> Value? {
    if has(receiver, name) { return .object(BoundMethod(receiver, name)) }
    return NumberMethods.attribute(receiver, name)
  }
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
