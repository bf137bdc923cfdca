import Diagnostics

/// Recursive descent over the lexer's tokens; grammar, precedence and messages are Jinja2's.
struct Parser {
  struct Options {
    var lexer = Lexer.Options()
    /// `do`, and `break`/`continue`.
    var allowsDo = true
    var allowsLoopControls = true
    /// `macro m(a: type)`, as dbt writes it.
    var allowsTypedParameters = false
    var tags: [String: BlockTag] = [:]
    /// See `Environment.macroPrefix`.
    var macroPrefix = ""
  }

  /// Deeper trees than this are refused: they would exhaust the stack of whoever walks them.
  static let maximumDepth: Int32 = 400

  let source: SourceText
  let options: Options
  /// Valid while the template is being parsed; the last one is `eof`.
  let tokens: UnsafePointer<Token>
  let strings: [Str]
  var names: NameTable
  var at = 0
  var depth: Int32 = 0
  /// Which of the names with a meaning of their own (`loop`, `caller`, …) are read anywhere.
  var specialNames: UInt64 = 0
  /// A float literal is so large that it or what is calculated with it may be infinite.
  var mentionsInfinities = false
  /// An operand that was read before it was known whether operators follow: what `power` begins with.
  var begun: Expr?
  /// Tags that are open, and what each list of statements is looking for, for error messages.
  var openTags: [Int32] = []
  var wanted: [[Keyword]] = []
  /// End words of host tags, which are not keywords.
  var wantedWords: [String?] = []

  static func parse(_ source: SourceText, _ options: Options) throws -> SyntaxTree {
    guard source.utf8.count < Int(Int32.max) else {
      throw TemplateError(.limit, "a template may not be larger than 2 GiB")
    }
    let tokens = TokenBuffer.take()
    defer { tokens.give() }
    let (strings, names) = try source.utf8.withUnsafeBufferPointer { bytes in
      var lexer = Lexer(source: source, bytes: bytes, options: options.lexer, tokens: tokens)
      try lexer.run()
      return (lexer.strings, lexer.names)
    }
    var parser = Parser(source: source, options: options, tokens: tokens.base, strings: strings, names: names)
    let statements = try parser.statements(until: [])
    return SyntaxTree(
      source: source, statements: statements, names: parser.names, specialNames: parser.specialNames,
      mentionsInfinities: parser.mentionsInfinities || parser.strings.contains { StringLiteral.mayBeInfinite($0) })
  }

  private init(source: SourceText, options: Options, tokens: UnsafePointer<Token>, strings: [Str], names: NameTable) {
    self.source = source
    self.options = options
    self.tokens = tokens
    self.strings = strings
    self.names = names
  }

  // MARK: - Tokens

  var current: Token { tokens[at] }
  var following: Token { current.kind == .eof ? current : tokens[at + 1] }
  /// The token consumed last.
  var previous: Token { tokens[max(at - 1, 0)] }

  @discardableResult mutating func advance() -> Token {
    let token = tokens[at]
    if token.kind != .eof { at += 1 }
    return token
  }

  func isAt(_ keyword: Keyword) -> Bool { current.kind == .name && current.payload == keyword.rawValue }
  func followedBy(_ keyword: Keyword) -> Bool { following.kind == .name && following.payload == keyword.rawValue }

  mutating func skip(_ kind: Token.Kind) -> Bool {
    guard current.kind == kind else { return false }
    advance()
    return true
  }
  mutating func skip(_ keyword: Keyword) -> Bool {
    guard isAt(keyword) else { return false }
    advance()
    return true
  }

  @discardableResult mutating func expect(_ kind: Token.Kind) throws -> Token {
    guard current.kind == kind else { throw expected(kind.description) }
    return advance()
  }
  mutating func expect(_ keyword: Keyword) throws {
    guard isAt(keyword) else { throw expected("\(keyword)") }
    advance()
  }
  mutating func expectName() throws -> Name { names[try expect(.name).payload] }

  func expected(_ what: String) -> TemplateError {
    if current.kind == .eof { return fail("unexpected end of template, expected '\(what)'.") }
    return fail("expected token '\(what)', got '\(describe(current))'")
  }

  func describe(_ token: Token) -> String {
    switch token.kind {
    case .name: names[token.payload].string
    case .data, .string, .integer, .float: token.kind.description
    default: token.kind.description
    }
  }

  func fail(_ message: String, _ span: Span? = nil) -> TemplateError {
    TemplateError(.syntax, message, range: SourceRange(source: source, offsets: (span ?? current.span).range))
  }

  mutating func nest() throws {
    depth += 1
    if depth > Self.maximumDepth {
      throw fail("the template is nested too deeply (more than \(Self.maximumDepth) levels)")
    }
  }

  // MARK: - Statement lists

  /// Statements up to one of the end words, which becomes the current token; `until` empty: up to the end.
  mutating func statements(until ends: [Keyword], word: String? = nil) throws -> [Statement] {
    try nest()
    defer { depth -= 1 }
    let nested = !ends.isEmpty || word != nil
    if nested {
      wanted.append(ends)
      wantedWords.append(word)
    }
    defer {
      if nested {
        wanted.removeLast()
        wantedWords.removeLast()
      }
    }
    var body: [Statement] = []
    var parts: [OutputPart] = []
    var partsStart: Int32 = 0
    func flush(_ body: inout [Statement], _ end: Int32) {
      if parts.isEmpty { return }
      body.append(Statement(.output(parts), Span(partsStart, end)))
      parts = []
    }
    while true {
      let token = current
      switch token.kind {
      case .eof:
        flush(&body, token.span.start)
        if nested { throw endOfTemplate(unknownTag: nil) }
        return body
      case .data:
        if parts.isEmpty {
          partsStart = token.span.start
          parts.reserveCapacity(8)
        }
        parts.append(.text(token.span))
        advance()
      case .variableBegin:
        if parts.isEmpty { partsStart = token.span.start }
        advance()
        parts.append(.expression(try tuple()))
        try expect(.variableEnd)
      default:
        flush(&body, token.span.start)
        advance()
        if nested, current.kind == .name {
          if ends.contains(where: { $0.rawValue == current.payload }) { return body }
          if let word, names[current.payload].string == word { return body }
        }
        body.append(try statement(token.span.start))
        try expect(.blockEnd)
      }
    }
  }

  /// The body of a block statement: the rest of its tag, then statements up to an end word (the current token then).
  mutating func body(until ends: [Keyword], word: String? = nil) throws -> [Statement] {
    _ = skip(.colon)
    try expect(.blockEnd)
    return try statements(until: ends, word: word)
  }

  private func statementSpan(_ start: Int32) -> Span {
    Span(start, current.kind == .blockEnd ? current.span.end : previous.span.end)
  }

  func endOfTemplate(unknownTag: String?, _ span: Span? = nil) -> TemplateError {
    let looking = wanted.indices.last.map { i in
      (wanted[i].map { "'\($0)'" } + [wantedWords[i]].compactMap { $0.map { "'\($0)'" } }).joined(separator: " or ")
    }
    var message = unknownTag.map { "Encountered unknown tag '\($0)'." } ?? "Unexpected end of template."
    if let looking {
      let all = Set(wanted.joined().map { "\($0)" } + wantedWords.compactMap { $0 })
      if let unknownTag, all.contains(unknownTag) {
        message +=
          " You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for \(looking)."
      } else {
        message += " Jinja was looking for the following tags: \(looking)."
      }
    }
    if let open = openTags.last {
      message += " The innermost block that needs to be closed is '\(names[open].string)'."
    }
    return fail(message, span)
  }

  // MARK: - One statement

  /// The current token is the tag's word; afterwards it is the closing `%}`.
  private mutating func statement(_ start: Int32) throws -> Statement {
    guard current.kind == .name else { throw fail("tag name expected") }
    let word = current
    openTags.append(word.payload)
    let kind: Statement.Kind
    switch Keyword(rawValue: word.payload) {
    case .for: kind = try forLoop()
    case .if: kind = try branches()
    case .block: kind = try block()
    case .extends:
      advance()
      kind = .extends(try expression())
    case .print: kind = try printed()
    case .macro: kind = try macro(start)
    case .include: kind = try include()
    case .from: kind = try fromImport()
    case .import: kind = try importModule()
    case .set: kind = try set()
    case .with: kind = try with()
    case .autoescape:
      advance()
      let value = try expression()
      let body = try body(until: [.endautoescape])
      advance()
      kind = .autoescape(value, body)
    case .call: kind = try callBlock()
    case .filter:
      advance()
      let filter = try filters(nil, startsInline: true)
      let body = try body(until: [.endfilter])
      advance()
      kind = .filterBlock(filter, body)
    case .do where options.allowsDo:
      advance()
      kind = .expression(try tuple())
    case .break where options.allowsLoopControls:
      advance()
      kind = .breakLoop
    case .continue where options.allowsLoopControls:
      advance()
      kind = .continueLoop
    default:
      let text = names[word.payload].string
      if let tag = options.tags[text] {
        kind = try hostTag(tag)
      } else {
        openTags.removeLast()
        throw endOfTemplate(unknownTag: text, word.span)
      }
    }
    openTags.removeLast()
    return Statement(kind, statementSpan(start))
  }

  private mutating func set() throws -> Statement.Kind {
    advance()
    let target = try assignTarget(namespace: true)
    if skip(.assign) { return .set(target, try tuple()) }
    let filter = current.kind == .pipe ? try filters(nil, startsInline: false) : nil
    let body = try body(until: [.endset])
    advance()
    return .setBlock(target, filter: filter, body)
  }

  private mutating func forLoop() throws -> Statement.Kind {
    advance()
    let target = try assignTarget(endsAt: .in)
    try expect(.in)
    let iterable = try tuple(conditional: false, endsAt: .recursive)
    let test = skip(.if) ? try expression() : nil
    let isRecursive = skip(.recursive)
    let body = try body(until: [.endfor, .else])
    var otherwise: [Statement] = []
    if advance().payload == Keyword.else.rawValue {
      otherwise = try self.body(until: [.endfor])
      advance()
    }
    return .forLoop(
      ForLoop(
        target: target, iterable: iterable, test: test, isRecursive: isRecursive, body: body, otherwise: otherwise))
  }

  private mutating func branches() throws -> Statement.Kind {
    advance()
    var branches: [(test: Expr, body: [Statement])] = []
    while true {
      let test = try tuple(conditional: false)
      branches.append((test, try body(until: [.elif, .else, .endif])))
      let end = advance()
      if end.payload == Keyword.elif.rawValue { continue }
      var otherwise: [Statement] = []
      if end.payload == Keyword.else.rawValue {
        otherwise = try body(until: [.endif])
        advance()
      }
      return .branches(branches, otherwise: otherwise)
    }
  }

  private mutating func with() throws -> Statement.Kind {
    advance()
    var targets: [Expr] = []
    var values: [Expr] = []
    while current.kind != .blockEnd {
      if !targets.isEmpty { try expect(.comma) }
      targets.append(try assignTarget())
      try expect(.assign)
      values.append(try expression())
    }
    let body = try body(until: [.endwith])
    advance()
    return .with(targets: targets, values: values, body)
  }

  private mutating func block() throws -> Statement.Kind {
    advance()
    let name = try expectName()
    let isScoped = skip(.scoped)
    let isRequired = skip(.required)
    if current.kind == .sub {
      throw fail(
        "Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead."
      )
    }
    let body = try body(until: [.endblock])
    advance()
    if isRequired {
      for statement in body {
        guard case .output(let parts) = statement.kind, parts.allSatisfy(isBlank) else {
          throw fail("Required blocks can only contain comments or whitespace")
        }
      }
    }
    if current.kind == .name, current.payload == name.id { advance() }
    return .block(BlockDefinition(name: name, isScoped: isScoped, isRequired: isRequired, body: body))
  }

  private func isBlank(_ part: OutputPart) -> Bool {
    guard case .text(let span) = part else { return false }
    return String(decoding: source.utf8[span.range], as: UTF8.self).unicodeScalars.allSatisfy(\.properties.isWhitespace)
  }

  private mutating func printed() throws -> Statement.Kind {
    advance()
    var parts: [OutputPart] = []
    while current.kind != .blockEnd {
      if !parts.isEmpty { try expect(.comma) }
      parts.append(.expression(try expression()))
    }
    return .output(parts)
  }
}
