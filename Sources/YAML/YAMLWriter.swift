extension YAML {
  /// How `write` lays values out; the default is `yaml.safe_dump(…, sort_keys=False)`, which is dbt's `toyaml`.
  public struct Layout: Sendable {
    /// Sort mappings by key, PyYAML's own default. Keys of mixed types stay as they are, as in PyYAML.
    public var sortsKeys = false
    /// Lists in mappings stand two columns further in, as dbt writes package-lock.yml.
    public var indentsLists = false
    public init(sortsKeys: Bool = false, indentsLists: Bool = false) {
      self.sortsKeys = sortsKeys
      self.indentsLists = indentsLists
    }
  }

  /// A value as PyYAML writes it: block style, two spaces, ASCII, lines of 80, a final newline.
  public static func write(_ value: YAMLValue, layout: Layout = Layout()) -> String {
    var emitter = BlockEmitter(layout: layout)
    return emitter.document(value)
  }

  /// `write` for a parsed node.
  public static func write(_ node: YAMLNode, layout: Layout = Layout()) -> String { write(node.value, layout: layout) }
}

/// Writes block style as PyYAML's emitter does. (libyaml's own emitter breaks long double-quoted lines differently.)
struct BlockEmitter {
  let layout: YAML.Layout
  var text = ScalarText()

  init(layout: YAML.Layout) { self.layout = layout }

  mutating func document(_ value: YAMLValue) -> String {
    node(value, indent: nil, place: .root)
    text.startLine(indent: 0)
    if text.endsOpen {
      text.indicator("...", spaced: true)
      text.startLine(indent: 0)
    }
    return text.result
  }

  enum Place { case root, listItem, mappingValue, simpleKey }

  private mutating func node(_ value: YAMLValue, indent: Int?, place: Place) {
    switch value {
    case .sequence(let items) where !items.isEmpty:
      let inner: Int
      if let indent { inner = place == .mappingValue && !layout.indentsLists ? indent : indent + 2 } else { inner = 0 }
      for item in items {
        text.startLine(indent: inner)
        text.indicator("-", spaced: true, opensLine: true)
        node(item, indent: inner, place: .listItem)
      }
    case .mapping(let pairs) where !pairs.isEmpty:
      let inner = indent.map { $0 + 2 } ?? 0
      for pair in layout.sortsKeys ? Self.sorted(pairs) : pairs { entry(pair, indent: inner) }
    case .sequence: text.indicator("[]", spaced: true)
    case .mapping: text.indicator("{}", spaced: true)
    default: scalar(value, indent: indent.map { $0 + 2 } ?? 2, place: place)
    }
  }

  private mutating func entry(_ pair: YAMLPair, indent: Int) {
    text.startLine(indent: indent)
    if Self.isSimpleKey(pair.key) {
      node(pair.key, indent: indent, place: .simpleKey)
      text.indicator(":", spaced: false)
    } else {
      text.indicator("?", spaced: true, opensLine: true)
      node(pair.key, indent: indent, place: .mappingValue)
      text.startLine(indent: indent)
      text.indicator(":", spaced: true, opensLine: true)
    }
    node(pair.value, indent: indent, place: .mappingValue)
  }

  /// A key that fits before a colon: on one line, shorter than 128 characters, not empty.
  private static func isSimpleKey(_ key: YAMLValue) -> Bool {
    switch key {
    case .sequence(let items): return items.isEmpty
    case .mapping(let pairs): return pairs.isEmpty
    case .binary: return false
    default:
      let scalars = Array(key.scalarText.unicodeScalars)
      return !scalars.isEmpty && scalars.count < 128 && !scalars.contains(where: ScalarText.isBreak)
    }
  }

  private mutating func scalar(_ value: YAMLValue, indent: Int, place: Place) {
    let string = value.scalarText
    let scalars = Array(string.unicodeScalars)
    let splits = place != .simpleKey
    switch value {
    case .binary:
      text.indicator("!!binary", spaced: true)
      text.literal(scalars, indent: indent)
    case .string:
      var copy = string
      let readsBack = copy.withUTF8 { ScalarTag.implicit($0) == .str }
      let analysis = ScalarAnalysis(scalars)
      if readsBack, analysis.allowsPlain, !(place == .simpleKey && scalars.isEmpty) {
        text.plain(scalars, indent: indent, splits: splits, isRoot: place == .root)
      } else if analysis.allowsSingleQuotes, !(place == .simpleKey && analysis.hasBreaks) {
        text.singleQuoted(scalars, indent: indent, splits: splits)
      } else {
        text.doubleQuoted(scalars, indent: indent, splits: splits)
      }
    default: text.plain(scalars, indent: indent, splits: splits, isRoot: place == .root)
    }
  }

  /// Python's `sorted(dict.items())`: numbers among themselves, strings by code point, otherwise unsorted.
  private static func sorted(_ pairs: [YAMLPair]) -> [YAMLPair] {
    var strings: [(String, YAMLPair)] = []
    var numbers: [(Double, YAMLPair)] = []
    for pair in pairs {
      switch pair.key {
      case .string(let key): strings.append((key, pair))
      case .int(let key): numbers.append((Double(key), pair))
      case .float(let key): numbers.append((key, pair))
      case .bool(let key): numbers.append((key ? 1 : 0, pair))
      default: return pairs
      }
    }
    if numbers.isEmpty {
      return strings.sorted { $0.0.unicodeScalars.lexicographicallyPrecedes($1.0.unicodeScalars) }.map(\.1)
    }
    return strings.isEmpty ? numbers.sorted { $0.0 < $1.0 }.map(\.1) : pairs
  }
}

/// Which styles can hold a text.
struct ScalarAnalysis {
  var allowsPlain = true
  var allowsSingleQuotes = true
  var hasBreaks = false

  init(_ scalars: [Unicode.Scalar]) {
    guard let first = scalars.first, let last = scalars.last else { return }
    func isSpaceOrEnd(_ index: Int) -> Bool {
      guard index < scalars.count else { return true }
      return ["\0", " ", "\t", "\r"].contains(scalars[index]) || ScalarText.isBreak(scalars[index])
    }
    var indicators = scalars.starts(with: "---".unicodeScalars) || scalars.starts(with: "...".unicodeScalars)
    var special = false
    var spaceBreak = false
    var breakSpace = false
    for (index, scalar) in scalars.enumerated() {
      if index == 0 {
        if "#,[]{}&*!|>'\"%@`".unicodeScalars.contains(scalar) { indicators = true }
        if "?:-".unicodeScalars.contains(scalar), isSpaceOrEnd(1) { indicators = true }
      } else {
        if scalar == ":", isSpaceOrEnd(index + 1) { indicators = true }
        if scalar == "#", isSpaceOrEnd(index - 1) { indicators = true }
      }
      let isBreak = ScalarText.isBreak(scalar)
      if isBreak { hasBreaks = true }
      // Anything beyond ASCII needs an escape.
      if scalar != "\n", !(" "..."~").contains(scalar) { special = true }
      guard index > 0 else { continue }
      if scalar == " ", ScalarText.isBreak(scalars[index - 1]) { breakSpace = true }
      if isBreak, scalars[index - 1] == " " { spaceBreak = true }
    }
    func isEdge(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || ScalarText.isBreak(scalar) }
    allowsPlain =
      !indicators && !special && !hasBreaks && !isEdge(first) && !isEdge(last)
    allowsSingleQuotes = !special && !spaceBreak && !breakSpace
  }
}
