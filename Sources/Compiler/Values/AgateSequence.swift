import Jinja

/// agate's MappedSequence: a sequence whose items may have names. Rows and the sequence of columns are such.
public class AgateSequence: HostObject {
  final let items: [Value]
  private let keys: [String]?
  /// Keys by what they are, where they are more than names.
  private let values: [Value]?
  /// - Parameter values: the keys where they need not be names.
  init(_ items: [Value], keys: [String]?, values: [Value]? = nil) {
    self.values = values
    self.items = items
    self.keys = keys
  }
  public override var typeName: String { "MappedSequence" }
  public override var length: Int? { items.count }
  public override var isTrue: Bool { !items.isEmpty }
  public override func iterate(_ interpreter: Interpreter) -> ValueIterator? { ArrayIterator(items) }
  public override func repr(_ interpreter: Interpreter?) throws -> Str {
    try Self.sample(typeName, items, interpreter)
  }
  public override func item(_ key: Value, _ interpreter: Interpreter) throws -> Value? {
    switch key {
    case .int(let i):
      let i = i < 0 ? i + items.count : i
      return items.indices.contains(i) ? items[i] : nil
    case .string(let name): return position(name.string).map { items[$0] }
    default: return values?.firstIndex { $0.isEqual(to: key) }.map { items[$0] }
    }
  }
  /// As in agate, a part of it is a tuple.
  public override func slice(_ start: Value, _ stop: Value, _ step: Value) throws -> Value? {
    try Value.tuple(items).slice(start, stop, step)
  }
  /// `<agate.Row: (1, 'x', ...)>`: the first five items.
  static func sample(_ kind: String, _ items: [Value], _ interpreter: Interpreter?) throws -> Str {
    var shown = try items.prefix(5).map { try $0.repr(interpreter).string }
    if items.count > 5 { shown.append("...") }
    return Str.make("<agate.\(kind): (\(shown.joined(separator: ", ")))>")
  }
  /// Where the item of a name stands.
  func position(_ name: String) -> Int? { keys?.firstIndex(of: name) }

  public override var methodNames: Set<String> { ["values", "keys", "items", "dict", "get"] }
  public override func invoke(_ name: String, _ a: HostArguments, _ interpreter: Interpreter) throws -> Value {
    let names: [Value] = values ?? keys.map { $0.map { .string($0) } } ?? items.indices.map { .int($0) }
    switch name {
    case "values": return .tuple(items)
    case "keys": return keys == nil && values == nil ? .none : .tuple(names)
    case "items": return .list(zip(names, items).map { .tuple([$0, $1]) })
    case "dict":
      let dict = DictObject()
      for (key, value) in zip(names, items) { try dict.set(key, value) }
      return .dict(dict)
    default: return try item(a.required(0, "key"), interpreter) ?? a.optional(1, "default") ?? .none
    }
  }
}
