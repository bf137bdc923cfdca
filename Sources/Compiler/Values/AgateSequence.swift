import Jinja

/// agate's MappedSequence: a sequence whose items may have names. Rows and the sequence of columns are such.
public class AgateSequence: HostObject {
  final let items: [Value]
  private let keys: [String]?
  init(_ items: [Value], keys: [String]?) {
    self.items = items
    self.keys = keys
  }
  public override var typeName: String { "MappedSequence" }
  public override var length: Int? { items.count }
  public override var isTrue: Bool { !items.isEmpty }
  public override func iterate(_ interpreter: Interpreter) -> ValueIterator? { ArrayIterator(items) }
  public override func repr(_ interpreter: Interpreter?) throws -> Str { try Value.tuple(items).repr(interpreter) }
  public override func item(_ key: Value, _ interpreter: Interpreter) throws -> Value? {
    switch key {
    case .int(let i):
      let i = i < 0 ? i + items.count : i
      return items.indices.contains(i) ? items[i] : nil
    case .string(let name): return position(name.string).map { items[$0] }
    default: return nil
    }
  }
  /// Where the item of a name stands.
  func position(_ name: String) -> Int? { keys?.firstIndex(of: name) }

  public override var methodNames: Set<String> { ["values", "keys", "items", "dict", "get"] }
  public override func invoke(_ name: String, _ a: HostArguments, _ interpreter: Interpreter) throws -> Value {
    let names: [Value] = keys.map { $0.map { .string($0) } } ?? items.indices.map { .int($0) }
    switch name {
    case "values": return .tuple(items)
    case "keys": return keys == nil ? .none : .tuple(names)
    case "items": return .list(zip(names, items).map { .tuple([$0, $1]) })
    case "dict":
      let dict = DictObject()
      for (key, value) in zip(names, items) { try dict.set(key, value) }
      return .dict(dict)
    default: return try item(a.required(0, "key"), interpreter) ?? a.optional(1, "default") ?? .none
    }
  }
}
