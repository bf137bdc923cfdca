/// Statements that hold blocks.
extension PythonParser {
  /// A line's statements, or one with its block.
  mutating func statement() throws(PythonSyntaxError) -> [PythonNode] {
    try descend()
    defer { ascend() }
    let start = current.range.lowerBound
    if isOp("@") { return [try decorated()] }
    if isWord("match"), let match = try matchStatement() { return [match] }
    if current.kind == .name, let compound = try compound(start) { return [compound] }
    var out = [try simple()]
    while take(";") {
      if current.kind == .newline { break }
      out.append(try simple())
    }
    guard current.kind == .newline else { throw unexpected() }
    advance()
    return out
  }

  private mutating func compound(_ start: Int) throws(PythonSyntaxError) -> PythonNode? {
    switch current.text {
    case "if":
      advance()
      return try branch(start)
    case "while":
      advance()
      return node(.other([try named()] + (try block()) + (try elseBlock())), from: start)
    case "for":
      advance()
      let target = try targets()
      try expectWord("in")
      return node(.other([target, try expressions()] + (try block()) + (try elseBlock())), from: start)
    case "try":
      advance()
      return try tryStatement(start)
    case "with":
      advance()
      return try withStatement(start)
    case "def":
      advance()
      return try function(start, decorators: [], isAsync: false)
    case "class":
      advance()
      return try classStatement(start, decorators: [])
    case "async":
      advance()
      guard ["def", "for", "with"].contains(current.text) else { throw unexpected() }
      if takeWord("def") { return try function(start, decorators: [], isAsync: true) }
      return try compound(start)
    default: return nil
    }
  }

  /// The statements after a colon: on the same line, or indented below.
  private mutating func block() throws(PythonSyntaxError) -> [PythonNode] {
    try expect(":")
    guard current.kind == .newline else { return try statement() }
    advance()
    guard current.kind == .indent else {
      throw PythonSyntaxError(message: "expected an indented block", offset: current.range.lowerBound)
    }
    advance()
    var out: [PythonNode] = []
    while current.kind != .dedent, current.kind != .end { out += try statement() }
    if current.kind == .dedent { advance() }
    return out
  }

  private mutating func elseBlock() throws(PythonSyntaxError) -> [PythonNode] { takeWord("else") ? try block() : [] }

  private mutating func branch(_ start: Int) throws(PythonSyntaxError) -> PythonNode {
    var children = [try named()] + (try block())
    let next = current.range.lowerBound
    if takeWord("elif") {
      children.append(try branch(next))
    } else {
      children += try elseBlock()
    }
    return node(.other(children), from: start)
  }

  private mutating func tryStatement(_ start: Int) throws(PythonSyntaxError) -> PythonNode {
    var children = try block()
    var hasHandler = false
    while takeWord("except") {
      hasHandler = true
      _ = take("*")
      if !isOp(":") {
        children.append(try expressions())
        if takeWord("as") { _ = try expectName() }
      }
      children += try block()
    }
    children += try elseBlock()
    if takeWord("finally") {
      children += try block()
    } else if !hasHandler {
      throw unexpected("expected 'except' or 'finally' block")
    }
    return node(.other(children), from: start)
  }

  private mutating func withStatement(_ start: Int) throws(PythonSyntaxError) -> PythonNode {
    let before = self
    if take("("), let items = try? withItems(until: ")"), take(")"), isOp(":") {
      return node(.other(items + (try block())), from: start)
    }
    self = before
    let items = try withItems(until: ":")
    return node(.other(items + (try block())), from: start)
  }

  private mutating func withItems(until close: String) throws(PythonSyntaxError) -> [PythonNode] {
    var items: [PythonNode] = []
    repeat {
      if isOp(close) { break }
      items.append(try expression())
      if takeWord("as") { items.append(try binary(0)) }
    } while take(",")
    return items
  }

  private mutating func decorated() throws(PythonSyntaxError) -> PythonNode {
    let start = current.range.lowerBound
    var decorators: [PythonNode] = []
    while take("@") {
      decorators.append(try named())
      guard current.kind == .newline else { throw unexpected() }
      advance()
    }
    let isAsync = takeWord("async")
    if takeWord("def") { return try function(start, decorators: decorators, isAsync: isAsync) }
    try expectWord("class")
    return try classStatement(start, decorators: decorators)
  }

  private mutating func classStatement(_ start: Int, decorators: [PythonNode]) throws(PythonSyntaxError) -> PythonNode {
    _ = try expectName()
    var children: [PythonNode] = []
    if take("(") {
      let (bases, keywords) = try arguments()
      children = bases + keywords.map(\.value)
    }
    return node(.other(children + (try block()) + decorators), from: start)
  }

  private mutating func function(_ start: Int, decorators: [PythonNode], isAsync: Bool) throws(PythonSyntaxError)
    -> PythonNode
  {
    let name = try expectName()
    try expect("(")
    let parameters = try parameters(until: ")", annotated: true)
    try expect(")")
    let result = take("->") ? try expressions() : nil
    let function = PythonFunction(
      name: name, parameters: parameters.names, header: parameters.header, body: try block(), decorators: decorators,
      result: result, isAsync: isAsync)
    return node(.function(function), from: start)
  }

  /// Parameters: the names that take positions, and all annotations and defaults in `ast`'s order.
  mutating func parameters(until close: String, annotated: Bool) throws(PythonSyntaxError)
    -> (names: [String], header: [PythonNode])
  {
    var names: [String] = []
    var annotations: [PythonNode] = []
    var defaults: [PythonNode] = []
    var keywordAnnotations: [PythonNode] = []
    var keywordDefaults: [PythonNode] = []
    var isKeywordOnly = false
    while !isOp(close) {
      if take("/") {
        names = []
      } else {
        let isDouble = take("**")
        let isStar = !isDouble && take("*")
        if isStar { isKeywordOnly = true }
        if !(isStar && (isOp(",") || isOp(close))) {
          let name = try expectName()
          if !isKeywordOnly, !isDouble { names.append(name) }
          if annotated, take(":") {
            let annotation = try isStar ? starred() : expression()
            if isKeywordOnly || isDouble {
              keywordAnnotations.append(annotation)
            } else {
              annotations.append(annotation)
            }
          }
          if take("=") {
            let value = try expression()
            if isKeywordOnly { keywordDefaults.append(value) } else { defaults.append(value) }
          }
        }
      }
      if !take(",") { break }
    }
    return (names, annotations + keywordAnnotations + keywordDefaults + defaults)
  }

  /// `match` is a keyword only where a subject and a block follow.
  private mutating func matchStatement() throws(PythonSyntaxError) -> PythonNode? {
    let before = self
    let start = advance().range.lowerBound
    guard startsExpression, let subject = try? expressions(), take(":"), current.kind == .newline else {
      self = before
      return nil
    }
    advance()
    guard current.kind == .indent, isWord("case", ahead: 1) else {
      self = before
      return nil
    }
    advance()
    var children = [subject]
    while takeWord("case") {
      // Patterns are read as the expressions they look like; `as` and `|` bind names only.
      children.append(try pattern())
      if takeWord("if") { children.append(try named()) }
      children += try block()
    }
    guard current.kind == .dedent || current.kind == .end else { throw unexpected() }
    if current.kind == .dedent { advance() }
    return node(.other(children), from: start)
  }

  private mutating func pattern() throws(PythonSyntaxError) -> PythonNode {
    let start = current.range.lowerBound
    var items: [PythonNode] = []
    repeat {
      if isOp(":") || isWord("if") { break }
      _ = take("*")
      items.append(try binary(0))
      if takeWord("as") { _ = try expectName() }
    } while take(",")
    return node(.other(items), from: start)
  }
}
