extension Parser {
  func make(_ kind: Expr.Kind, _ span: Span, _ depth: Int32) throws -> Expr {
    if depth >= Self.maximumDepth {
      throw fail("the expression is nested too deeply (more than \(Self.maximumDepth) levels)", span)
    }
    return Expr(kind, span, depth: depth + 1)
  }
  private func unary(_ kind: Expr.Kind, _ span: Span, _ a: Expr) throws -> Expr { try make(kind, span, a.depth) }
  private func binary(_ kind: Expr.Kind, _ a: Expr, _ b: Expr) throws -> Expr {
    try make(kind, a.span.to(b.span), max(a.depth, b.depth))
  }
  private func deepest(_ all: [Expr]) -> Int32 { all.reduce(0) { max($0, $1.depth) } }

  // MARK: - Targets

  mutating func assignName() throws -> Name {
    let span = current.span
    let name = try expectName()
    if Self.isConstantName(name.id) { throw fail("can't assign to '\(name.string)'", span) }
    return name
  }

  private static func isConstantName(_ id: Int32) -> Bool {
    switch Keyword(rawValue: id) {
    case .true?, .false?, .some(.none), .True?, .False?, .None?: true
    default: false
    }
  }

  mutating func assignTarget(namespace: Bool = false, endsAt: Keyword? = nil) throws -> Expr {
    let target = try tuple(simplified: true, endsAt: endsAt, namespace: namespace)
    try checkTarget(target)
    return target
  }

  private func checkTarget(_ target: Expr) throws {
    switch target.kind {
    case .name, .namespaceTarget: return
    case .tuple(let items): for item in items { try checkTarget(item) }
    default: throw fail("can't assign to '\(target.kind.jinjaName)'", target.span)
    }
  }

  // MARK: - Operators, loosest first

  /// An expression, or several separated by commas, which make a tuple.
  mutating func tuple(
    conditional: Bool = true, simplified: Bool = false, endsAt: Keyword? = nil, parenthesised: Bool = false,
    namespace: Bool = false
  ) throws -> Expr {
    let start = current.span
    var items: [Expr] = []
    while !endsTuple(endsAt) {
      let item = simplified ? try primary(namespace: namespace) : try expression(conditional: conditional)
      // Mostly there is one and no comma.
      if items.isEmpty, current.kind != .comma { return item }
      items.append(item)
      if !skip(.comma) { break }
    }
    if items.isEmpty, !parenthesised { throw fail("Expected an expression, got '\(describe(current))'") }
    return try make(.tuple(items), items.isEmpty ? start : start.to(previous.span), deepest(items))
  }

  private func endsTuple(_ keyword: Keyword?) -> Bool {
    switch current.kind {
    case .variableEnd, .blockEnd, .rparen: true
    default: keyword.map(isAt) ?? false
    }
  }

  mutating func expression(conditional: Bool = true) throws -> Expr {
    try nest()
    defer { depth -= 1 }
    guard conditional else { return try or() }
    return try conditionalExpression()
  }

  private mutating func conditionalExpression() throws -> Expr {
    var result = try or()
    while skip(.if) {
      let test = try or()
      var otherwise: Expr?
      if skip(.else) {
        try nest()
        defer { depth -= 1 }
        otherwise = try conditionalExpression()
      }
      result = try make(
        .conditional(test: test, then: result, otherwise: otherwise), result.span.to((otherwise ?? test).span),
        max(result.depth, test.depth, otherwise?.depth ?? 0))
    }
    return result
  }

  private mutating func or() throws -> Expr {
    var left = try and()
    while skip(.or) {
      let right = try and()
      left = try binary(.or(left, right), left, right)
    }
    return left
  }

  private mutating func and() throws -> Expr {
    var left = try not()
    while skip(.and) {
      let right = try not()
      left = try binary(.and(left, right), left, right)
    }
    return left
  }

  private mutating func not() throws -> Expr {
    guard isAt(.not) else { return try compare() }
    try nest()
    defer { depth -= 1 }
    let start = advance().span
    let operand = try not()
    return try unary(.not(operand), start.to(operand.span), operand)
  }

  private mutating func compare() throws -> Expr {
    let first = try sum()
    var operations: [(CompareOperator, Expr)] = []
    loop: while true {
      let op: CompareOperator
      switch current.kind {
      case .eq: op = .eq
      case .ne: op = .ne
      case .lt: op = .lt
      case .lteq: op = .lteq
      case .gt: op = .gt
      case .gteq: op = .gteq
      case .name where isAt(.in): op = .in
      case .name where isAt(.not) && followedBy(.in):
        advance()
        op = .notIn
      default: break loop
      }
      advance()
      operations.append((op, try sum()))
    }
    guard let last = operations.last else { return first }
    return try make(
      .compare(first, operations), first.span.to(last.1.span), max(first.depth, deepest(operations.map(\.1))))
  }

  private mutating func sum() throws -> Expr {
    var left = try concat()
    while current.kind == .add || current.kind == .sub {
      let op: BinaryOperator = advance().kind == .add ? .add : .subtract
      let right = try concat()
      left = try binary(.binary(op, left, right), left, right)
    }
    return left
  }

  private mutating func concat() throws -> Expr {
    let first = try product()
    guard current.kind == .tilde else { return first }
    var parts = [first]
    while skip(.tilde) { parts.append(try product()) }
    return try make(.concat(parts), first.span.to(previous.span), deepest(parts))
  }

  private mutating func product() throws -> Expr {
    var left = try power()
    while true {
      let op: BinaryOperator
      switch current.kind {
      case .mul: op = .multiply
      case .div: op = .divide
      case .floorDiv: op = .floorDivide
      case .mod: op = .modulo
      default: return left
      }
      advance()
      let right = try power()
      left = try binary(.binary(op, left, right), left, right)
    }
  }

  private mutating func power() throws -> Expr {
    var left = try unaryExpression()
    while skip(.pow) {
      let right = try unaryExpression()
      left = try binary(.binary(.power, left, right), left, right)
    }
    return left
  }

  private mutating func unaryExpression(filters: Bool = true) throws -> Expr {
    var node: Expr
    if current.kind == .sub || current.kind == .add {
      try nest()
      defer { depth -= 1 }
      let sign = advance()
      let operand = try unaryExpression(filters: false)
      node = try unary(.unary(sign.kind == .sub ? .negate : .plus, operand), sign.span.to(operand.span), operand)
    } else {
      node = try primary()
    }
    node = try postfix(node)
    return filters ? try filterExpression(node) : node
  }

  // MARK: - Primaries

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

  private mutating func postfix(_ start: Expr) throws -> Expr {
    var node = start
    while true {
      switch current.kind {
      case .dot, .lbracket: node = try subscripted(node)
      case .lparen: node = try call(node)
      default: return node
      }
    }
  }

  private mutating func filterExpression(_ start: Expr) throws -> Expr {
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

extension Expr.Kind {
  /// The name Jinja2 gives this kind of node in its messages.
  var jinjaName: String {
    switch self {
    case .constant: "const"
    case .name: "name"
    case .attribute: "getattr"
    case .item: "getitem"
    case .slice: "slice"
    case .call: "call"
    case .filter: "filter"
    case .test: "test"
    case .unary(.negate, _): "neg"
    case .unary: "pos"
    case .not: "not"
    case .binary(let op, _, _):
      switch op {
      case .add: "add"
      case .subtract: "sub"
      case .multiply: "mul"
      case .divide: "div"
      case .floorDivide: "floordiv"
      case .modulo: "mod"
      default: "pow"
      }
    case .concat: "concat"
    case .compare: "compare"
    case .and: "and"
    case .or: "or"
    case .conditional: "condexpr"
    case .list: "list"
    case .tuple: "tuple"
    case .dict: "dict"
    case .namespaceTarget: "nsref"
    }
  }
}
