/// What expressions are made of: names, literals, brackets.
extension PythonParser {
  mutating func atom() throws(PythonSyntaxError) -> PythonNode {
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
