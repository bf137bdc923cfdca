/// The text being written, with what the layout depends on: the column, and whether the line holds only what may stand
/// before a value.
struct ScalarText {
  private(set) var result = ""
  private var column = 0
  /// The last thing written was white space.
  private var afterSpace = true
  /// Only indentation and `- `, `? `, `: ` so far: a nested block may begin here.
  private var lineIsOpen = true
  /// A plain scalar is the whole document, which then needs a `...` to end.
  private(set) var endsOpen = false
  private static let width = 80

  static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\n" || scalar == "\u{85}" || scalar == "\u{2028}" || scalar == "\u{2029}"
  }

  private mutating func put(_ scalars: some Sequence<Unicode.Scalar>) {
    for scalar in scalars {
      result.unicodeScalars.append(scalar)
      column += 1
    }
  }

  private mutating func newLine() {
    result += "\n"
    column = 0
    afterSpace = true
    lineIsOpen = true
  }

  mutating func indicator(_ mark: String, spaced: Bool, opensLine: Bool = false) {
    if spaced, !afterSpace { put(" ".unicodeScalars) }
    put(mark.unicodeScalars)
    afterSpace = false
    lineIsOpen = lineIsOpen && opensLine
    endsOpen = false
  }

  /// Goes to a column, on a new line if this one is taken.
  mutating func startLine(indent: Int) {
    if !lineIsOpen || column > indent || (column == indent && !afterSpace) { newLine() }
    if column < indent {
      put(repeatElement(" ", count: indent - column))
      afterSpace = true
    }
  }

  // MARK: - Styles

  mutating func plain(_ scalars: [Unicode.Scalar], indent: Int, splits: Bool, isRoot: Bool) {
    endsOpen = isRoot
    guard !scalars.isEmpty else { return }
    if !afterSpace { put(" ".unicodeScalars) }
    afterSpace = false
    lineIsOpen = false
    words(scalars, indent: indent, splits: splits, foldsAtEdges: true) { text in
      text.afterSpace = false
      text.lineIsOpen = false
    }
  }

  mutating func singleQuoted(_ scalars: [Unicode.Scalar], indent: Int, splits: Bool) {
    indicator("'", spaced: true)
    words(scalars, indent: indent, splits: splits, foldsAtEdges: false) { _ in }
    indicator("'", spaced: false)
  }

  /// Runs of spaces, of breaks and of the rest; a single space beyond the width becomes a line break.
  private mutating func words(
    _ scalars: [Unicode.Scalar], indent: Int, splits: Bool, foldsAtEdges: Bool, afterFold: (inout ScalarText) -> Void
  ) {
    var start = 0
    while start < scalars.count {
      var end = start + 1
      if scalars[start] == " " {
        while end < scalars.count, scalars[end] == " " { end += 1 }
        let isInside = foldsAtEdges || (start != 0 && end != scalars.count)
        if end == start + 1, column > Self.width, splits, isInside {
          startLine(indent: indent)
          afterFold(&self)
        } else {
          put(scalars[start..<end])
        }
      } else if Self.isBreak(scalars[start]) {
        while end < scalars.count, Self.isBreak(scalars[end]) { end += 1 }
        // Folding turns one break into a space, so the first is written twice.
        if scalars[start] == "\n" { newLine() }
        for _ in start..<end { newLine() }
        startLine(indent: indent)
        afterFold(&self)
      } else {
        while end < scalars.count, scalars[end] != " ", !Self.isBreak(scalars[end]) { end += 1 }
        for scalar in scalars[start..<end] {
          put(CollectionOfOne(scalar))
          if scalar == "'", !foldsAtEdges { put(CollectionOfOne(scalar)) }
        }
      }
      start = end
    }
  }

  mutating func doubleQuoted(_ scalars: [Unicode.Scalar], indent: Int, splits: Bool) {
    indicator("\"", spaced: true)
    var start = 0
    for end in 0...scalars.count {
      let scalar = end < scalars.count ? scalars[end] : nil
      if scalar.map({ $0 == "\"" || $0 == "\\" || !(" "..."~").contains($0) }) ?? true {
        put(scalars[start..<end])
        start = end
        if let scalar {
          put(Self.escape(scalar).unicodeScalars)
          start = end + 1
        }
      }
      guard end > 0, end < scalars.count - 1, splits, let scalar, scalar == " " || start >= end,
        column + end - start > Self.width
      else { continue }
      if start < end {
        put(scalars[start..<end])
        start = end
      }
      put("\\".unicodeScalars)
      startLine(indent: indent)
      afterSpace = false
      lineIsOpen = false
      if scalars[start] == " " { put("\\".unicodeScalars) }
    }
    indicator("\"", spaced: false)
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\0": return "\\0"
    case "\u{7}": return "\\a"
    case "\u{8}": return "\\b"
    case "\t": return "\\t"
    case "\n": return "\\n"
    case "\u{B}": return "\\v"
    case "\u{C}": return "\\f"
    case "\r": return "\\r"
    case "\u{1B}": return "\\e"
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\u{85}": return "\\N"
    case "\u{A0}": return "\\_"
    case "\u{2028}": return "\\L"
    case "\u{2029}": return "\\P"
    default:
      let hex = String(scalar.value, radix: 16, uppercase: true)
      let (letter, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
      return "\\" + letter + String(repeating: "0", count: width - hex.utf8.count) + hex
    }
  }

  /// Lines of `|`; the text must end in one break and have no space in front, as base64 has.
  mutating func literal(_ scalars: [Unicode.Scalar], indent: Int) {
    indicator("|", spaced: true)
    newLine()
    for line in scalars.split(separator: "\n") {
      startLine(indent: indent)
      put(line)
      newLine()
    }
  }
}
