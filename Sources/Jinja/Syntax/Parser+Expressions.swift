extension Parser {
  func make(_ kind: Expr.Kind, _ span: Span, _ depth: Int32) throws -> Expr {
    if depth >= Self.maximumDepth {
      throw fail("the expression is nested too deeply (more than \(Self.maximumDepth) levels)", span)
    }
    return Expr(kind, span, depth: depth + 1)
  }
  func unary(_ kind: Expr.Kind, _ span: Span, _ a: Expr) throws -> Expr { try make(kind, span, a.depth) }
  func binary(_ kind: Expr.Kind, _ a: Expr, _ b: Expr) throws -> Expr {
    try make(kind, a.span.to(b.span), max(a.depth, b.depth))
  }
  func deepest(_ all: [Expr]) -> Int32 { all.reduce(0) { max($0, $1.depth) } }

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
    if !isAt(.not) {
      let operand = try unaryExpression()
      // Most expressions are one operand, and need none of the levels below.
      if endsExpression { return operand }
      begun = operand
    }
    guard conditional else { return try or() }
    return try conditionalExpression()
  }

  /// Whether what comes next continues no expression.
  private var endsExpression: Bool {
    switch current.kind {
    case .variableEnd, .blockEnd, .comma, .colon, .assign, .rparen, .rbracket, .rbrace: true
    default: false
    }
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
    guard begun == nil, isAt(.not) else { return try compare() }
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
    var left = try begun.take() ?? unaryExpression()
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
