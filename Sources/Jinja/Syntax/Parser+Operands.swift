/// What operators stand between: constants, names, brackets, and what follows them (attributes, items, calls, filters,
/// tests).
extension Parser {
  mutating func primary(namespace: Bool = false) throws -> Expr {
    let token = current
    switch token.kind {
    case .name:
      advance()
      switch Keyword(rawValue: token.payload) {
      case .true, .True: return try make(.constant(.bool(true)), token.span, 0)
      case .false, .False: return try make(.constant(.bool(false)), token.span, 0)
      case .some(.none), .None?: return try make(.constant(.none), token.span, 0)
      default: break
      }
      let name = names[token.payload]
      if name.id < 64 { specialNames |= 1 << UInt64(name.id) }
      if namespace, skip(.dot) {
        let attribute = try expectName()
        return try make(.namespaceTarget(name, attribute), token.span.to(previous.span), 0)
      }
      return try make(.name(name), token.span, 0)
    case .string:
      advance()
      guard current.kind == .string else {
        return try make(.constant(.string(strings[Int(token.payload)])), token.span, 0)
      }
      var bytes = strings[Int(token.payload)].bytes
      while current.kind == .string { bytes += strings[Int(advance().payload)].bytes }
      let joined = Str.make(bytes)
      joined.freeze()
      return try make(.constant(.string(joined)), token.span.to(previous.span), 0)
    case .integer:
      advance()
      return try make(.constant(try NumberLiteral.integer(source.utf8[token.span.range])), token.span, 0)
    case .float:
      advance()
      let number = NumberLiteral.float(source.utf8[token.span.range])
      if number > 1e150 { mentionsInfinities = true }
      return try make(.constant(.float(number)), token.span, 0)
    case .lparen:
      advance()
      let inner = try tuple(parenthesised: true)
      try expect(.rparen)
      return inner
    case .lbracket: return try list()
    case .lbrace: return try dict()
    default: throw fail("unexpected '\(describe(token))'")
    }
  }

  private mutating func list() throws -> Expr {
    let start = advance().span
    var items: [Expr] = []
    while current.kind != .rbracket {
      if !items.isEmpty { try expect(.comma) }
      if current.kind == .rbracket { break }
      items.append(try expression())
    }
    try expect(.rbracket)
    return try make(.list(items), start.to(previous.span), deepest(items))
  }

  private mutating func dict() throws -> Expr {
    let start = advance().span
    var items: [(key: Expr, value: Expr)] = []
    var deepest: Int32 = 0
    while current.kind != .rbrace {
      if !items.isEmpty { try expect(.comma) }
      if current.kind == .rbrace { break }
      let key = try expression()
      try expect(.colon)
      let value = try expression()
      deepest = max(deepest, key.depth, value.depth)
      items.append((key, value))
    }
    try expect(.rbrace)
    return try make(.dict(items), start.to(previous.span), deepest)
  }

  mutating func postfix(_ start: Expr) throws -> Expr {
    var node = start
    while true {
      switch current.kind {
      case .dot, .lbracket: node = try subscripted(node)
      case .lparen: node = try call(node)
      default: return node
      }
    }
  }

  mutating func filterExpression(_ start: Expr) throws -> Expr {
    var node = start
    while true {
      switch current.kind {
      case .pipe: node = try filters(node, startsInline: false)
      case .name where isAt(.is): node = try test(node)
      case .lparen: node = try call(node)
      default: return node
      }
    }
  }

  private mutating func subscripted(_ node: Expr) throws -> Expr {
    if advance().kind == .dot {
      let token = advance()
      switch token.kind {
      case .name: return try unary(.attribute(node, names[token.payload]), node.span.to(token.span), node)
      case .integer:
        let key = try make(.constant(try NumberLiteral.integer(source.utf8[token.span.range])), token.span, 0)
        return try binary(.item(node, key), node, key)
      default: throw fail("expected name or number", token.span)
      }
    }
    var keys: [Expr] = []
    while current.kind != .rbracket {
      if !keys.isEmpty { try expect(.comma) }
      keys.append(try subscriptKey())
    }
    try expect(.rbracket)
    let key = keys.count == 1 ? keys[0] : try make(.tuple(keys), node.span.to(previous.span), deepest(keys))
    return try make(.item(node, key), node.span.to(previous.span), max(node.depth, key.depth))
  }

  private mutating func subscriptKey() throws -> Expr {
    let start = current.span
    var first: Expr?
    if current.kind != .colon {
      first = try expression()
      if current.kind != .colon, let first { return first }
    }
    advance()
    func isEnd(_ kind: Token.Kind) -> Bool { kind == .rbracket || kind == .comma }
    var stop: Expr?
    var step: Expr?
    if current.kind != .colon, !isEnd(current.kind) { stop = try expression() }
    if skip(.colon), !isEnd(current.kind) { step = try expression() }
    return try make(
      .slice(start: first, stop: stop, step: step), start.to(previous.span),
      max(first?.depth ?? 0, stop?.depth ?? 0, step?.depth ?? 0))
  }

  private mutating func call(_ callee: Expr) throws -> Expr {
    let arguments = try callArguments()
    return try make(
      .call(callee, arguments), callee.span.to(previous.span), max(callee.depth, arguments.depth))
  }

  private mutating func callArguments() throws -> CallArguments {
    let open = try expect(.lparen)
    if current.kind == .rparen {
      advance()
      return .none
    }
    let result = CallArguments()
    func check(_ fine: Bool) throws {
      if !fine { throw fail("invalid syntax for function call expression", open.span) }
    }
    var needsComma = false
    while current.kind != .rparen {
      if needsComma {
        try expect(.comma)
        if current.kind == .rparen { break }
      }
      needsComma = true
      if current.kind == .mul {
        try check(result.star == nil && result.doubleStar == nil)
        advance()
        result.star = try argument(result)
      } else if current.kind == .pow {
        try check(result.doubleStar == nil)
        advance()
        result.doubleStar = try argument(result)
      } else if current.kind == .name, following.kind == .assign {
        try check(result.doubleStar == nil)
        let name = names[advance().payload]
        advance()
        result.keywords.append((name, try argument(result)))
      } else {
        try check(result.star == nil && result.doubleStar == nil && result.keywords.isEmpty)
        result.positional.append(try argument(result))
      }
    }
    try expect(.rparen)
    return result
  }

  private mutating func argument(_ arguments: CallArguments) throws -> Expr {
    let value = try expression()
    arguments.depth = max(arguments.depth, value.depth)
    return value
  }

  /// `|name(…)`, once or several times; with `startsInline` the first has no `|` before it.
  mutating func filters(_ operand: Expr?, startsInline: Bool) throws -> Expr {
    var node = operand
    var isInline = startsInline
    while isInline || current.kind == .pipe {
      if !isInline { advance() }
      isInline = false
      let nameSpan = current.span
      let name = try dottedName()
      let arguments = current.kind == .lparen ? try callArguments() : .none
      node = try make(
        .filter(node, name: name, arguments), (node?.span ?? nameSpan).to(previous.span),
        max(node?.depth ?? 0, arguments.depth))
    }
    guard let node else { throw expected("|") }
    return node
  }

  private mutating func dottedName() throws -> Str {
    var name = try expectName().text
    while skip(.dot) {
      name = Str.make("\(name.string).\(try expectName().string)")
      name.freeze()
    }
    return name
  }

  private mutating func test(_ node: Expr) throws -> Expr {
    advance()
    let isNegated = skip(.not)
    let name = try dottedName()
    var arguments = CallArguments.none
    switch current.kind {
    case .lparen: arguments = try callArguments()
    case .name where isAt(.else) || isAt(.or) || isAt(.and): break
    case .name, .string, .integer, .float, .lbracket, .lbrace:
      if isAt(.is) { throw fail("You cannot chain multiple tests with is") }
      arguments = CallArguments()
      let argument = try postfix(try primary())
      arguments.positional = [argument]
      arguments.depth = argument.depth
    default: break
    }
    let result = try make(
      .test(node, name: name, arguments), node.span.to(previous.span), max(node.depth, arguments.depth))
    return isNegated ? try unary(.not(result), result.span, result) : result
  }
}
