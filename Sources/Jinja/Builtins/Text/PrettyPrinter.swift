/// `pprint.pformat` with its defaults: 80 columns, one blank a level, keys in order.
struct PrettyPrinter {
  private static let columns = 80
  private let r: Interpreter
  private var out = ""
  private var open: [ObjectIdentifier] = []

  private init(_ r: Interpreter) { self.r = r }

  static func format(_ value: Value, _ r: Interpreter) throws -> Str {
    var printer = PrettyPrinter(r)
    try printer.write(value, indent: 0, allowance: 0, level: 0)
    return Str.make(printer.out)
  }

  private mutating func write(_ value: Value, indent: Int, allowance: Int, level: Int) throws {
    try StackGuard.check()
    let text = try sortedRepr(value)
    guard text.unicodeScalars.count > PrettyPrinter.columns - indent - allowance else {
      out += text
      return
    }
    switch value {
    case .list(let list):
      try nested(list) { printer in
        printer.out += "["
        try printer.write(items: list.items, indent, allowance + 1)
        printer.out += "]"
      }
    case .tuple(let tuple):
      let end = tuple.items.count == 1 ? ",)" : ")"
      try nested(tuple) { printer in
        printer.out += "("
        try printer.write(items: tuple.items, indent, allowance + end.count)
        printer.out += end
      }
    case .dict(let dict):
      try nested(dict) { printer in
        printer.out += "{"
        try printer.write(pairs: PrettyPrinter.ordered(dict.pairs, by: \.key), indent, allowance + 1)
        printer.out += "}"
      }
    case .object(let object) where object.typeName == "set":
      let items = PrettyPrinter.ordered(try value.items(r), by: \.self)
      try nested(object) { printer in
        printer.out += "{"
        try printer.write(items: items, indent, allowance + 1)
        printer.out += "}"
      }
    case .string(let s) where !s.isMarkup && !s.isEmpty:
      try write(text: value, text, indent: indent, allowance: allowance, level: level + 1)
    default: out += text
    }
  }

  private mutating func nested(_ object: AnyObject, _ body: (inout PrettyPrinter) throws -> Void) rethrows {
    open.append(ObjectIdentifier(object))
    try body(&self)
    open.removeLast()
  }

  private mutating func write(items: [Value], _ indent: Int, _ allowance: Int) throws {
    let separator = ",\n" + String(repeating: " ", count: indent + 1)
    for (i, item) in items.enumerated() {
      if i > 0 { out += separator }
      try write(item, indent: indent + 1, allowance: i == items.count - 1 ? allowance : 1, level: open.count)
    }
  }

  private mutating func write(pairs: [(key: Value, value: Value)], _ indent: Int, _ allowance: Int) throws {
    let separator = ",\n" + String(repeating: " ", count: indent + 1)
    for (i, pair) in pairs.enumerated() {
      if i > 0 { out += separator }
      let key = try sortedRepr(pair.key)
      out += key + ": "
      try write(
        pair.value, indent: indent + 1 + key.unicodeScalars.count + 2,
        allowance: i == pairs.count - 1 ? allowance : 1, level: open.count)
    }
  }

  /// A string broken after blanks into several literals, in parentheses when it stands alone.
  private mutating func write(text value: Value, _ whole: String, indent: Int, allowance: Int, level: Int) throws {
    var indent = indent
    var allowance = allowance
    if level == 1 {
      indent += 1
      allowance += 1
    }
    let width = PrettyPrinter.columns - indent
    let lines =
      try Methods.call(value, Names.splitlines, Arguments([.bool(true)]), r)?.items(r).compactMap(\.asString) ?? []
    var chunks: [String] = []
    var rep = whole
    for (i, line) in lines.enumerated() {
      let lastLine = i == lines.count - 1
      rep = try repr(line)
      if rep.unicodeScalars.count <= width - (lastLine ? allowance : 0) {
        chunks.append(rep)
        continue
      }
      let parts = PrettyPrinter.words(line)
      var current = ""
      for (j, part) in parts.enumerated() {
        let candidate = current + part
        let room = width - (lastLine && j == parts.count - 1 ? allowance : 0)
        if try repr(candidate).unicodeScalars.count > room {
          if !current.isEmpty { chunks.append(try repr(current)) }
          current = part
        } else {
          current = candidate
        }
      }
      if !current.isEmpty { chunks.append(try repr(current)) }
    }
    if chunks.count == 1 {
      out += rep
      return
    }
    if level == 1 { out += "(" }
    out += chunks.joined(separator: "\n" + String(repeating: " ", count: indent))
    if level == 1 { out += ")" }
  }

  /// Words, each with the blanks after it.
  private static func words(_ line: String) -> [String] {
    var parts: [String] = []
    var current = String.UnicodeScalarView()
    var blank = false
    for scalar in line.unicodeScalars {
      let isBlank = Characters.isSpace(scalar.value)
      if blank, !isBlank {
        parts.append(String(current))
        current = String.UnicodeScalarView()
      }
      blank = isBlank
      current.append(scalar)
    }
    if !current.isEmpty { parts.append(String(current)) }
    return parts
  }

  private func repr(_ text: String) throws -> String { try Value.string(text).repr(r).string }

  /// `repr` with the keys of dicts in order.
  private func sortedRepr(_ value: Value) throws -> String {
    try StackGuard.check()
    switch value {
    case .dict(let dict):
      if open.contains(ObjectIdentifier(dict)) { return "<Recursion on dict with id=\(Address.text(of: dict))>" }
      return try "{"
        + PrettyPrinter.ordered(dict.pairs, by: \.key).map { pair in
          try sortedRepr(pair.key) + ": " + inside(dict).sortedRepr(pair.value)
        }.joined(separator: ", ") + "}"
    case .list(let list):
      if open.contains(ObjectIdentifier(list)) { return "<Recursion on list with id=\(Address.text(of: list))>" }
      return try "[" + list.items.map { try inside(list).sortedRepr($0) }.joined(separator: ", ") + "]"
    case .tuple(let tuple):
      let items = try tuple.items.map { try inside(tuple).sortedRepr($0) }
      return items.count == 1 ? "(\(items[0]),)" : "(" + items.joined(separator: ", ") + ")"
    default: return try value.repr(r).string
    }
  }

  private func inside(_ container: AnyObject) -> PrettyPrinter {
    var copy = self
    copy.out = ""
    copy.open.append(ObjectIdentifier(container))
    return copy
  }

  /// Sorted: two keys that can't be compared are ordered by their types' names.
  private static func ordered<T>(_ items: [T], by key: (T) -> Value) -> [T] {
    let keys = items.map(key)
    return StableSort.order(keys.count) { a, b in
      (try? keys[a].order(.less, keys[b])) ?? (keys[a].typeName < keys[b].typeName)
    }.map { items[$0] }
  }
}
