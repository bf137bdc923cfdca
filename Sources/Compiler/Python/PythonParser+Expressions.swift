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

  private mutating func yield() throws(PythonSyntaxError) -> PythonNode {
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
  private mutating func comprehension() throws(PythonSyntaxError) -> [PythonNode] {
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

  // MARK: Atoms

  private mutating func atom() throws(PythonSyntaxError) -> PythonNode {
    let token = current
    let start = token.range.lowerBound
    switch token.kind {
    case .name:
      if ["None", "True", "False"].contains(token.text) {
        advance()
        return node(.other([]), from: start)
      }
      return node(.name(try expectName()), from: start)
    case .number:
      advance()
      return node(.other([]), from: start)
    case .string: return try strings()
    case .op:
      if take("...") { return node(.other([]), from: start) }
      if take("(") { return try parenthesized(from: start) }
      if take("[") { return try bracketed(from: start) }
      if take("{") { return try braced(from: start) }
    default: break
    }
    throw unexpected()
  }

  /// String literals in a row, which are one.
  private mutating func strings() throws(PythonSyntaxError) -> PythonNode {
    let start = current.range.lowerBound
    var parts: [PythonNode] = []
    var isFormatted = false
    while case .string(let formatted) = current.kind {
      if formatted {
        isFormatted = true
        parts += try PythonFormatString.values(in: current.range, bytes, depth: depth)
      }
      advance()
    }
    return node(isFormatted ? .formattedString(parts) : .other([]), from: start)
  }

  private mutating func parenthesized(from start: Int) throws(PythonSyntaxError) -> PythonNode {
    if take(")") { return node(.tuple([]), from: start) }
    if isWord("yield") {
      let value = try yield()
      try expect(")")
      return value
    }
    let first = try starred()
    if isWord("for") || isWord("async") {
      let rest = try comprehension()
      try expect(")")
      return node(.other([first] + rest), from: start)
    }
    if take(")") {
      // The parentheses belong to the expression's text: a literal in them may go on over lines.
      return node(first.kind, from: start)
    }
    var items = [first]
    while take(",") {
      if isOp(")") { break }
      items.append(try starred())
    }
    try expect(")")
    return node(.tuple(items), from: start)
  }

  private mutating func bracketed(from start: Int) throws(PythonSyntaxError) -> PythonNode {
    var items: [PythonNode] = []
    while !take("]") {
      items.append(try starred())
      if items.count == 1, isWord("for") || isWord("async") {
        let rest = try comprehension()
        try expect("]")
        return node(.other(items + rest), from: start)
      }
      guard take(",") else {
        try expect("]")
        break
      }
    }
    return node(.list(items), from: start)
  }

  private mutating func braced(from start: Int) throws(PythonSyntaxError) -> PythonNode {
    var keys: [PythonNode] = []
    var values: [PythonNode] = []
    var members: [PythonNode] = []
    while !take("}") {
      if take("**") {
        values.append(try binary(0))
      } else {
        let item = try starred()
        if take(":") {
          keys.append(item)
          values.append(try expression())
        } else {
          members.append(item)
        }
        if keys.count + members.count == 1, isWord("for") || isWord("async") {
          let rest = try comprehension()
          try expect("}")
          return node(.other(keys + values + members + rest), from: start)
        }
      }
      guard take(",") else {
        try expect("}")
        break
      }
    }
    if !members.isEmpty {
      guard keys.isEmpty, values.isEmpty else { throw unexpected() }
      return node(.other(members), from: start)
    }
    return node(.dict(keys: keys, values: values), from: start)
  }
}

/// The expressions in an f-string.
enum PythonFormatString {
  static func values(in range: Range<Int>, _ bytes: [UInt8], depth: Int) throws(PythonSyntaxError) -> [PythonNode] {
    var start = range.lowerBound
    while bytes[start] != UInt8(ascii: "'"), bytes[start] != UInt8(ascii: "\"") { start += 1 }
    let quotes = start + 2 < range.upperBound && bytes[start + 1] == bytes[start] && bytes[start + 2] == bytes[start]
    let width = quotes && range.upperBound - start >= 6 ? 3 : 1
    return try parts(start + width..<range.upperBound - width, bytes, depth: depth)
  }

  private static func parts(_ range: Range<Int>, _ bytes: [UInt8], depth: Int) throws(PythonSyntaxError) -> [PythonNode]
  {
    var out: [PythonNode] = []
    var at = range.lowerBound
    while at < range.upperBound {
      let isDouble = at + 1 < range.upperBound && bytes[at + 1] == bytes[at]
      switch bytes[at] {
      case UInt8(ascii: "{") where !isDouble:
        let (value, next) = try replacement(at, range.upperBound, bytes, depth: depth)
        out.append(value)
        at = next
      case UInt8(ascii: "{"): at += 2
      default: at += 1
      }
    }
    return out
  }

  /// One `{expression!r:format}`, and where the text goes on.
  private static func replacement(
    _ open: Int, _ limit: Int, _ bytes: [UInt8], depth: Int
  ) throws(PythonSyntaxError) -> (PythonNode, Int) {
    var level = 0
    var quote: UInt8?
    var at = open + 1
    var expressionEnd: Int?
    var format: [PythonNode] = []
    while at < limit {
      let c = bytes[at]
      if let open = quote {
        if c == open { quote = nil }
      } else if c == UInt8(ascii: "'") || c == UInt8(ascii: "\"") {
        quote = c
      } else if c == UInt8(ascii: "(") || c == UInt8(ascii: "[") || c == UInt8(ascii: "{") {
        level += 1
      } else if level > 0, c == UInt8(ascii: ")") || c == UInt8(ascii: "]") || c == UInt8(ascii: "}") {
        level -= 1
      } else if c == UInt8(ascii: "}") {
        break
      } else if level == 0, c == UInt8(ascii: "!"), at + 1 < limit, bytes[at + 1] != UInt8(ascii: "=") {
        expressionEnd = expressionEnd ?? at
      } else if level == 0, c == UInt8(ascii: ":") {
        expressionEnd = expressionEnd ?? at
        let start = at + 1
        var depthOfFormat = 0
        at = start
        while at < limit, depthOfFormat > 0 || bytes[at] != UInt8(ascii: "}") {
          if bytes[at] == UInt8(ascii: "{") { depthOfFormat += 1 }
          if bytes[at] == UInt8(ascii: "}") { depthOfFormat -= 1 }
          at += 1
        }
        format = try parts(start..<at, bytes, depth: depth + 1)
        continue
      }
      at += 1
    }
    guard at < limit else { throw PythonSyntaxError(message: "f-string: expecting '}'", offset: open) }
    var last = expressionEnd ?? at
    // `{value=}` prints the name too.
    if last > open + 1, bytes[last - 1] == UInt8(ascii: "="),
      last < open + 3 || !"=!<>".utf8.contains(bytes[last - 2])
    {
      last -= 1
    }
    let value = try PythonParser.expression(open + 1..<last, bytes, depth: depth + 1)
    return (PythonNode(.formattedValue(value, format: format), open..<at + 1), at + 1)
  }
}
