/// Expressions, by their precedence (https://docs.python.org/3.11/reference/expressions.html).
extension PythonParser {
  /// One expression or several with commas between, which make a tuple; stars and `yield` may stand here.
  mutating func expressions() throws(PythonSyntaxError) -> PythonNode {
    if isWord("yield") { return try yield() }
    let start = current.range.lowerBound
    let first = try starred()
    guard isOp(",") else { return first }
    var items = [first]
    while take(",") {
      guard startsExpression else { break }
      items.append(try starred())
    }
    return node(.tuple(items), from: start)
  }

  mutating func yield() throws(PythonSyntaxError) -> PythonNode {
    let start = advance().range.lowerBound
    if takeWord("from") { return node(.other([try expression()]), from: start) }
    return node(.other(startsExpression ? [try expressions()] : []), from: start)
  }

  mutating func starred() throws(PythonSyntaxError) -> PythonNode {
    let start = current.range.lowerBound
    guard take("*") else { return try named() }
    return node(.other([try binary(0)]), from: start)
  }

  /// An expression, or `name := expression`.
  mutating func named() throws(PythonSyntaxError) -> PythonNode {
    let start = current.range.lowerBound
    let left = try expression()
    guard case .name = left.kind, take(":=") else { return left }
    return node(.other([left, try expression()]), from: start)
  }

  /// A condition, a `lambda`, or what binds tighter.
  mutating func expression() throws(PythonSyntaxError) -> PythonNode {
    try descend()
    defer { ascend() }
    if isWord("lambda") { return try lambda() }
    let start = current.range.lowerBound
    let value = try disjunction()
    guard takeWord("if") else { return value }
    let test = try disjunction()
    try expectWord("else")
    return node(.other([test, value, try expression()]), from: start)
  }

  private mutating func lambda() throws(PythonSyntaxError) -> PythonNode {
    let start = advance().range.lowerBound
    let parameters = try self.parameters(until: ":", annotated: false)
    try expect(":")
    return node(.other(parameters.header + [try expression()]), from: start)
  }

  private mutating func disjunction() throws(PythonSyntaxError) -> PythonNode {
    try chain("or") { p throws(PythonSyntaxError) in
      try p.chain("and") { p throws(PythonSyntaxError) in try p.negation() }
    }
  }

  private mutating func chain(
    _ word: String, _ operand: (inout PythonParser) throws(PythonSyntaxError) -> PythonNode
  ) throws(PythonSyntaxError) -> PythonNode {
    let start = current.range.lowerBound
    var items = [try operand(&self)]
    while takeWord(word) { items.append(try operand(&self)) }
    return items.count == 1 ? items[0] : node(.other(items), from: start)
  }

  private mutating func negation() throws(PythonSyntaxError) -> PythonNode {
    try descend()
    defer { ascend() }
    let start = current.range.lowerBound
    if takeWord("not") { return node(.other([try negation()]), from: start) }
    var items = [try binary(0)]
    while takeComparison() { items.append(try binary(0)) }
    return items.count == 1 ? items[0] : node(.other(items), from: start)
  }

  private mutating func takeComparison() -> Bool {
    if current.kind == .op, ["<", ">", "==", ">=", "<=", "!="].contains(current.text) {
      advance()
      return true
    }
    if takeWord("in") { return true }
    if takeWord("is") {
      _ = takeWord("not")
      return true
    }
    guard isWord("not"), isWord("in", ahead: 1) else { return false }
    advance()
    advance()
    return true
  }

  private static let levels: [Set<String>] = [
    ["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "//", "%", "@"],
  ]

  mutating func binary(_ level: Int) throws(PythonSyntaxError) -> PythonNode {
    guard level < Self.levels.count else { return try unary() }
    let start = current.range.lowerBound
    var left = try binary(level + 1)
    while current.kind == .op, Self.levels[level].contains(current.text) {
      advance()
      left = node(.other([left, try binary(level + 1)]), from: start)
    }
    return left
  }

  private mutating func unary() throws(PythonSyntaxError) -> PythonNode {
    try descend()
    defer { ascend() }
    let start = current.range.lowerBound
    if take("-") || take("+") || take("~") { return node(.other([try unary()]), from: start) }
    let isAwait = takeWord("await")
    var base = try postfix()
    if isAwait { base = node(.other([base]), from: start) }
    return take("**") ? node(.other([base, try unary()]), from: start) : base
  }

  private mutating func postfix() throws(PythonSyntaxError) -> PythonNode {
    let start = current.range.lowerBound
    var value = try atom()
    while true {
      if take(".") {
        value = node(.attribute(value, try expectName()), from: start)
      } else if take("(") {
        let (arguments, keywords) = try arguments()
        value = node(.call(value, arguments, keywords: keywords), from: start)
      } else if take("[") {
        let key = try subscripts()
        try expect("]")
        value = node(.other([value, key]), from: start)
      } else {
        return value
      }
    }
  }

  /// What is between the parentheses of a call, the closing one too.
  mutating func arguments() throws(PythonSyntaxError) -> ([PythonNode], [PythonKeyword]) {
    var positional: [PythonNode] = []
    var keywords: [PythonKeyword] = []
    while !take(")") {
      let start = current.range.lowerBound
      if take("**") {
        keywords.append(PythonKeyword(name: nil, value: try expression()))
      } else if current.kind == .name, isOp("=", ahead: 1) {
        let name = try expectName()
        advance()
        keywords.append(PythonKeyword(name: name, value: try expression()))
      } else {
        let value = try starred()
        if isWord("for") || (isWord("async") && isWord("for", ahead: 1)) {
          positional.append(node(.other([value] + (try comprehension())), from: start))
        } else {
          positional.append(value)
        }
      }
      guard take(",") else {
        try expect(")")
        break
      }
    }
    return (positional, keywords)
  }

  private mutating func subscripts() throws(PythonSyntaxError) -> PythonNode {
    let start = current.range.lowerBound
    var items = [try slice()]
    var isTuple = false
    while take(",") {
      isTuple = true
      if isOp("]") { break }
      items.append(try slice())
    }
    return isTuple ? node(.tuple(items), from: start) : items[0]
  }

  private mutating func slice() throws(PythonSyntaxError) -> PythonNode {
    let start = current.range.lowerBound
    var parts: [PythonNode] = []
    if !isOp(":") {
      let value = try starred()
      if !isOp(":") { return value }
      parts.append(value)
    }
    while take(":") {
      if !isOp(":"), !isOp("]"), !isOp(",") { parts.append(try expression()) }
    }
    return node(.other(parts), from: start)
  }

  /// `for … in … if …`, any number of times.
  mutating func comprehension() throws(PythonSyntaxError) -> [PythonNode] {
    var out: [PythonNode] = []
    while true {
      if isWord("async"), isWord("for", ahead: 1) { advance() }
      guard takeWord("for") else { return out }
      out.append(try targets())
      try expectWord("in")
      out.append(try disjunction())
      while takeWord("if") { out.append(try disjunction()) }
    }
  }

  /// What a loop assigns to.
  mutating func targets() throws(PythonSyntaxError) -> PythonNode {
    let start = current.range.lowerBound
    var items: [PythonNode] = []
    repeat {
      if isWord("in") { break }
      let itemStart = current.range.lowerBound
      items.append(take("*") ? node(.other([try binary(0)]), from: itemStart) : try binary(0))
    } while take(",")
    guard let first = items.first else { throw unexpected() }
    return items.count == 1 ? first : node(.tuple(items), from: start)
  }
}
