/// A set. Python's order of elements follows their hashes; here it is the order of insertion.
public final class SetObject: Object {
  /// The elements are its keys.
  let elements: DictObject

  init(elements: DictObject) { self.elements = elements }

  public init(_ items: [Value] = []) throws {
    elements = DictObject(capacity: items.count)
    for item in items { try elements.set(item, .none) }
  }

  public var items: [Value] { elements.keys }
  public var count: Int { elements.count }
  public func contains(_ item: Value) throws -> Bool { try elements.get(item) != nil }
  public func insert(_ item: Value) throws { try elements.set(item, .none) }
  func copy() -> SetObject { SetObject(elements: elements.copy()) }

  public override var typeName: String { "set" }
  public override var isTrue: Bool { elements.count != 0 }
  public override var length: Int? { elements.count }
  public override func iterate(_ interpreter: Interpreter) throws -> ValueIterator? {
    DictIterator(elements, .keys, changed: "Set changed size during iteration")
  }
  public override func contains(_ member: Value, _ interpreter: Interpreter) throws -> Bool? {
    // Python looks a set up by its contents, as the frozen set it would be.
    if case .object(let o) = member, o is SetObject { return false }
    return try contains(member)
  }
  public override func isEqual(to other: Value) -> Bool {
    guard let other = SetOrder.elements(other) else { return false }
    return elements.count == other.count && SetOrder.isSubset(elements, of: other)
  }
  public override func hashCode() throws -> Int { throw TemplateError(.type, "unhashable type: 'set'") }
  public override func writeRepr(to writer: inout ReprWriter) throws {
    if elements.count == 0 {
      writer.out.append("set()")
      return
    }
    try writer.container(self, again: "set(...)") { writer in
      writer.out.append(0x7B)
      try writer.items(elements.keys)
      writer.out.append(0x7D)
    }
  }
  public override func repr(_ interpreter: Interpreter?) throws -> Str { try Value.object(self).repr(interpreter) }
  public override func callMethod(_ name: Str, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? {
    try Methods.call(.object(self), name, arguments, interpreter)
  }
  public override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    Methods.bound(.object(self), name)
  }
  public override func freeze() { Value.dict(elements).freeze() }
}

/// The algebra that sets share with the views of a dict's keys and items.
enum SetOrder {
  /// The elements of what behaves as a set; nil for anything else.
  static func elements(_ value: Value) -> DictObject? {
    guard case .object(let object) = value else { return nil }
    if let set = object as? SetObject { return set.elements }
    if let view = object as? DictView { return view.asElements() }
    return nil
  }

  static func isSubset(_ a: DictObject, of b: DictObject) -> Bool {
    for entry in a.entries where entry.live {
      if (try? b.get(entry.key)) == nil { return false }
    }
    return true
  }

  /// `a op b` by inclusion; nil when one of them is no set.
  static func holds(_ op: OrderOperator, _ a: Value, _ b: Value) throws -> Bool? {
    guard let x = elements(a), let y = elements(b) else { return nil }
    switch op {
    case .less: return x.count < y.count && isSubset(x, of: y)
    case .lessEqual: return x.count <= y.count && isSubset(x, of: y)
    case .greater: return x.count > y.count && isSubset(y, of: x)
    case .greaterEqual: return x.count >= y.count && isSubset(y, of: x)
    }
  }

  /// `|`, `&`, `-`, `^`; nil when not both are sets.
  static func binary(_ op: BinaryOperator, _ a: Value, _ b: Value) throws -> Value? {
    guard let x = elements(a), let y = elements(b) else { return nil }
    switch op {
    case .or: return .object(SetObject(elements: try union(x, y.keys)))
    case .and: return .object(SetObject(elements: try intersection(x, y)))
    case .subtract: return .object(SetObject(elements: try difference(x, y)))
    case .xor: return .object(SetObject(elements: try symmetricDifference(x, y)))
    default: return nil
    }
  }

  static func union(_ a: DictObject, _ more: [Value]) throws -> DictObject {
    let out = a.copy()
    for item in more where try out.get(item) == nil { try out.set(item, .none) }
    return out
  }
  static func intersection(_ a: DictObject, _ b: DictObject) throws -> DictObject {
    let out = DictObject()
    for item in a.keys where try b.get(item) != nil { try out.set(item, .none) }
    return out
  }
  static func difference(_ a: DictObject, _ b: DictObject) throws -> DictObject {
    let out = DictObject()
    for item in a.keys where try b.get(item) == nil { try out.set(item, .none) }
    return out
  }
  static func symmetricDifference(_ a: DictObject, _ b: DictObject) throws -> DictObject {
    let out = try difference(a, b)
    for item in b.keys where try a.get(item) == nil { try out.set(item, .none) }
    return out
  }
}
