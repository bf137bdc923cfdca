/// The filters or tests of an environment by name. It knows which are still the built-in ones.
public struct FunctionTable<Body> {
  struct Entry {
    let body: Body
    /// What the compiler may put in place of calling the built-in filter; nil for all others.
    let fusion: Fusion?
    let isBuiltin: Bool
  }

  private struct Key: Hashable {
    let name: Str
    static func == (a: Key, b: Key) -> Bool { a.name == b.name }
    func hash(into hasher: inout Hasher) { hasher.combine(name.hashCode) }
  }

  private var entries: [Key: Entry] = [:]

  init(builtin: [(name: String, body: Body)]) {
    entries.reserveCapacity(builtin.count)
    for (name, body) in builtin {
      entries[Self.key(name)] = Entry(body: body, fusion: Fusion.byName[name], isBuiltin: true)
    }
  }

  private static func key(_ name: String) -> Key { Key(name: .frozen(name)) }

  public subscript(_ name: String) -> Body? {
    get { entries[Self.key(name)]?.body }
    set { entries[Self.key(name)] = newValue.map { Entry(body: $0, fusion: nil, isBuiltin: false) } }
  }

  subscript(_ name: Str) -> Entry? { entries[Key(name: name)] }

  public var keys: [String] { entries.keys.map(\.name.string) }
}

public typealias FilterTable = FunctionTable<FilterBody>
public typealias TestTable = FunctionTable<TestBody>

/// How a built-in filter is run together with those around it.
enum Fusion {
  /// From text to text: `TextFilterCode`.
  case text
  /// Item by item: `LazyFilterCode`.
  case lazy
  /// All items at once: `SequenceCode`.
  case sequence
  /// On its own, without arrays of arguments: `FastFilterCode`.
  case alone

  fileprivate static let byName: [String: Fusion] = {
    let names: [(Fusion, [String])] = [
      (.text, ["lower", "upper", "capitalize", "trim", "string", "replace", "indent", "e", "escape"]),
      (.lazy, ["map", "select", "reject", "selectattr", "rejectattr", "unique", "batch"]),
      (.sequence, ["list", "join", "sort", "sum", "first"]),
      (.alone, ["length", "count", "default", "d", "round"]),
    ]
    return Dictionary(uniqueKeysWithValues: names.flatMap { fusion, names in names.map { ($0, fusion) } })
  }()

  /// The code for a filter, when its arguments allow it.
  func code(
    _ name: Str, _ operand: Code, _ arguments: ArgumentsCode, _ body: @escaping FilterBody,
    _ environment: Environment, _ span: Span
  ) -> Code? {
    switch self {
    case .text: TextFilterCode.make(name, operand, arguments, body, span)
    case .lazy: LazyFilterCode.make(name, operand, arguments, body, environment, span)
    case .sequence: SequenceCode.make(name, operand, arguments, body, span)
    case .alone: FastFilterCode.make(name, operand, arguments, body, span)
    }
  }
}
