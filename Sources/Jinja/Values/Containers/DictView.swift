/// What `keys()`, `values()` and `items()` of a dict give: a live view.
public final class DictView: Object {
  public enum Part: Sendable { case keys, values, items }
  let dict: DictObject
  let part: Part

  public init(_ dict: DictObject, _ part: Part) {
    self.dict = dict
    self.part = part
  }

  public override var typeName: String {
    switch part {
    case .keys: "dict_keys"
    case .values: "dict_values"
    case .items: "dict_items"
    }
  }
  public override var isTrue: Bool { dict.count != 0 }
  public override var length: Int? { dict.count }
  public override func iterate(_ interpreter: Interpreter) throws -> ValueIterator? { DictIterator(dict, part) }

  var items: [Value] {
    switch part {
    case .keys: dict.keys
    case .values: dict.values
    case .items: dict.pairs.map { .tuple([$0.key, $0.value]) }
    }
  }

  /// The set this view behaves as; nil for values, and for items that can't be hashed.
  func asElements() -> DictObject? {
    switch part {
    case .keys: return dict
    case .values: return nil
    case .items: return (try? SetObject(items))?.elements
    }
  }

  public override func contains(_ member: Value, _ interpreter: Interpreter) throws -> Bool? {
    switch part {
    case .keys: return try dict.get(member) != nil
    case .values: return dict.values.contains { $0.isEqual(to: member) }
    case .items:
      guard case .tuple(let pair) = member, pair.items.count == 2 else { return false }
      return try dict.get(pair.items[0])?.isEqual(to: pair.items[1]) ?? false
    }
  }
  public override func isEqual(to other: Value) -> Bool {
    if part == .values {
      if case .object(let o) = other { return o === self }
      return false
    }
    if case .object(let o) = other, let view = o as? DictView, view.part == .items, part == .items {
      return Value.dict(dict).isEqual(to: .dict(view.dict))
    }
    guard let mine = asElements(), let theirs = SetOrder.elements(other) else { return false }
    return mine.count == theirs.count && SetOrder.isSubset(mine, of: theirs)
  }
  public override func hashCode() throws -> Int {
    if part == .values { return ObjectIdentifier(self).hashValue }
    throw TemplateError(.type, "unhashable type: '\(typeName)'")
  }
  public override func writeRepr(to writer: inout ReprWriter) throws {
    try writer.container(self, again: "...") { writer in
      switch part {
      case .keys: writer.out.append("dict_keys([")
      case .values: writer.out.append("dict_values([")
      case .items: writer.out.append("dict_items([")
      }
      try writer.items(items)
      writer.out.append("])")
    }
  }
  public override func repr(_ interpreter: Interpreter?) throws -> Str { try Value.object(self).repr(interpreter) }
  public override func callMethod(_ name: Str, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? {
    try Methods.call(.object(self), name, arguments, interpreter)
  }
  public override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    name.equals("mapping") ? .dict(dict) : Methods.bound(.object(self), name)
  }
}

/// Iterates over a dict as it is, and notices when it changes size.
final class DictIterator: ValueIterator {
  private let dict: DictObject
  private let part: DictView.Part
  private let expected: Int
  private let changed: StaticString
  private var index = 0
  private var left: Int
  private var finished = false

  init(_ dict: DictObject, _ part: DictView.Part, changed: StaticString = "dictionary changed size during iteration") {
    self.dict = dict
    self.part = part
    self.changed = changed
    expected = dict.count
    left = dict.count
  }

  override func next() throws -> Value? {
    if finished { return nil }
    if dict.count != expected {
      finished = true
      throw TemplateError(.runtime, "\(changed)")
    }
    while index < dict.entries.count, !dict.entries[index].live { index += 1 }
    guard index < dict.entries.count else {
      finished = true
      return nil
    }
    let at = index
    index += 1
    left -= 1
    switch part {
    case .keys: return dict.entries[at].key
    case .values: return dict.entries[at].value
    case .items: return .tuple([dict.entries[at].key, dict.entries[at].value])
    }
  }
  override var remaining: Int? { max(0, left) }
}
