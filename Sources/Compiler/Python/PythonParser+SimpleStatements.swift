/// Statements of one line.
extension PythonParser {
  mutating func simple() throws(PythonSyntaxError) -> PythonNode {
    let start = current.range.lowerBound
    if current.kind == .name {
      switch current.text {
      case "pass", "break", "continue":
        advance()
        return node(.other([]), from: start)
      case "return":
        advance()
        let value = startsExpression ? try expressions() : nil
        return node(.returned(value), from: start)
      case "raise":
        advance()
        var children = startsExpression ? [try expression()] : []
        if takeWord("from") { children.append(try expression()) }
        return node(.other(children), from: start)
      case "global", "nonlocal":
        advance()
        repeat { _ = try expectName() } while take(",")
        return node(.other([]), from: start)
      case "del":
        advance()
        return node(.other([try expressions()]), from: start)
      case "assert":
        advance()
        var children = [try expression()]
        if take(",") { children.append(try expression()) }
        return node(.other(children), from: start)
      case "import", "from": return try importStatement(start)
      default: break
      }
    }
    return try assignment(start)
  }

  mutating func importStatement(_ start: Int) throws(PythonSyntaxError) -> PythonNode {
    let isFrom = advance().text == "from"
    if isFrom {
      while take(".") || take("...") {}
      if !isWord("import") { try dottedName() }
      try expectWord("import")
      if take("*") { return node(.other([]), from: start) }
    }
    let hasParenthesis = isFrom && take("(")
    repeat {
      if hasParenthesis, isOp(")") { break }
      try dottedName()
      if takeWord("as") { _ = try expectName() }
    } while take(",")
    if hasParenthesis { try expect(")") }
    return node(.other([]), from: start)
  }

  private mutating func dottedName() throws(PythonSyntaxError) {
    repeat { _ = try expectName() } while take(".")
  }

  private static let augmented: Set<String> = [
    "+=", "-=", "*=", "/=", "//=", "%=", "@=", "&=", "|=", "^=", ">>=", "<<=", "**=",
  ]

  mutating func assignment(_ start: Int) throws(PythonSyntaxError) -> PythonNode {
    var items = [try expressions()]
    if take(":") {
      items.append(try expression())
      if take("=") { items.append(try expressions()) }
      return node(.other(items), from: start)
    }
    if current.kind == .op, Self.augmented.contains(current.text) {
      advance()
      items.append(try expressions())
      return node(.other(items), from: start)
    }
    while take("=") { items.append(try expressions()) }
    return node(.other(items), from: start)
  }
}
