/// Reads Python 3.11 source into nodes: statements here, expressions beside
/// (https://docs.python.org/3.11/reference/grammar.html). Runs nothing, and refuses what has no structure; rules that
/// Python checks later (a `return` outside of a function) are not its concern.
struct PythonParser {
  let bytes: [UInt8]
  private let tokens: [PythonToken]
  private var index = 0
  private(set) var depth: Int

  /// Deeper than this nobody writes; what nests deeper is refused before it uses up the stack.
  private static let depthLimit = 200

  static func parse(_ bytes: [UInt8]) throws(PythonSyntaxError) -> [PythonNode] {
    var parser = PythonParser(bytes, try PythonTokenizer.tokens(bytes), depth: 0)
    var out: [PythonNode] = []
    while parser.current.kind != .end { out += try parser.statement() }
    return out
  }

  /// An expression that is a part of a file's text.
  static func expression(_ range: Range<Int>, _ bytes: [UInt8], depth: Int) throws(PythonSyntaxError) -> PythonNode {
    var parser = PythonParser(
      bytes, try PythonTokenizer.tokens(ofExpression: range, in: bytes), depth: depth)
    try parser.descend()
    let value = try parser.expressions()
    guard parser.current.kind == .end else { throw parser.unexpected() }
    return value
  }

  private init(_ bytes: [UInt8], _ tokens: [PythonToken], depth: Int) {
    self.bytes = bytes
    self.tokens = tokens
    self.depth = depth
  }

  // MARK: Tokens

  var current: PythonToken { tokens[index] }

  @discardableResult mutating func advance() -> PythonToken {
    let token = tokens[index]
    if index + 1 < tokens.count { index += 1 }
    return token
  }

  private func token(ahead: Int) -> PythonToken { tokens[min(index + ahead, tokens.count - 1)] }

  func isOp(_ text: String, ahead: Int = 0) -> Bool {
    let token = token(ahead: ahead)
    return token.kind == .op && token.text == text
  }

  func isWord(_ text: String, ahead: Int = 0) -> Bool {
    let token = token(ahead: ahead)
    return token.kind == .name && token.text == text
  }

  mutating func take(_ op: String) -> Bool {
    guard isOp(op) else { return false }
    advance()
    return true
  }

  mutating func takeWord(_ word: String) -> Bool {
    guard isWord(word) else { return false }
    advance()
    return true
  }

  mutating func expect(_ op: String) throws(PythonSyntaxError) {
    guard take(op) else { throw unexpected(op == ":" ? "expected ':'" : nil) }
  }

  mutating func expectWord(_ word: String) throws(PythonSyntaxError) {
    guard takeWord(word) else { throw unexpected() }
  }

  mutating func expectName() throws(PythonSyntaxError) -> String {
    guard current.kind == .name, !Self.keywords.contains(current.text) else { throw unexpected() }
    return advance().text
  }

  func unexpected(_ message: String? = nil) -> PythonSyntaxError {
    let usual = current.kind == .indent ? "unexpected indent" : "invalid syntax"
    return PythonSyntaxError(message: message ?? usual, offset: current.range.lowerBound)
  }

  mutating func descend() throws(PythonSyntaxError) {
    depth += 1
    if depth > Self.depthLimit {
      throw PythonSyntaxError(message: "too many nested parentheses", offset: current.range.lowerBound)
    }
  }

  mutating func ascend() { depth -= 1 }

  /// Mutating, so that it sees how far reading `kind` has come.
  mutating func node(_ kind: PythonNode.Kind, from start: Int) -> PythonNode {
    PythonNode(kind, start..<max(start, index > 0 ? tokens[index - 1].range.upperBound : start))
  }

  private static let keywords: Set<String> = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif",
    "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or",
    "pass", "raise", "return", "try", "while", "with", "yield",
  ]

  /// Whether an expression can begin here.
  var startsExpression: Bool {
    switch current.kind {
    case .number, .string: true
    case .name: !Self.keywords.contains(current.text) || Self.expressionWords.contains(current.text)
    case .op: ["(", "[", "{", "-", "+", "~", "*", "..."].contains(current.text)
    default: false
    }
  }
  private static let expressionWords: Set<String> = ["False", "None", "True", "not", "lambda", "await", "yield"]
}
