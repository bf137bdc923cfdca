/// Macros, call blocks, and the blocks of the host's tags, which become macros too.
extension Parser {
  mutating func macro(_ start: Int32) throws -> Statement.Kind {
    advance()
    let nameSpan = current.span
    let written = try assignName()
    let name = options.macroPrefix.isEmpty ? written : names.intern(options.macroPrefix + written.string)
    let parameters = try signature()
    return .macro(try macroBody(tag: "macro", written.string, name, nameSpan, parameters, ends: [.endmacro]))
  }

  private mutating func macroBody(
    tag: String, _ writtenName: String, _ name: Name, _ nameSpan: Span, _ parameters: [MacroDefinition.Parameter],
    options: [(name: String, value: Value)] = [], ends: [Keyword], word: String? = nil
  ) throws -> MacroDefinition {
    _ = skip(.colon)
    let bodyStart = current.span.end
    let statements = try body(until: ends, word: word)
    let bodyEnd = previous.span.start
    advance()
    return MacroDefinition(
      tag: tag, writtenName: writtenName, name: name, nameSpan: nameSpan, parameters: parameters, options: options,
      body: statements, bodySpan: Span(bodyStart, bodyEnd))
  }

  mutating func callBlock() throws -> Statement.Kind {
    let span = advance().span
    let parameters = current.kind == .lparen ? try signature() : []
    let call = try expression()
    guard case .call = call.kind else { throw fail("expected call", span) }
    let name = NameTable.of(.caller)
    return .callBlock(try macroBody(tag: "call", "caller", name, span, parameters, ends: [.endcall]), call: call)
  }

  mutating func hostTag(_ tag: BlockTag) throws -> Statement.Kind {
    advance()
    let nameSpan = current.span
    let written = try assignName().string
    var parameters: [MacroDefinition.Parameter] = []
    var constants: [(name: String, value: Value)] = []
    switch tag.header {
    case .name: break
    case .signature: parameters = try signature()
    case .options(let allowed, let extra):
      var given: [String: Expr] = [:]
      while skip(.comma) {
        let optionSpan = current.span
        let option = try assignName()
        if let parameter = extra.first(where: { $0.name == option.string }) {
          try expect(.assign)
          given[parameter.name] = try expression()
          continue
        }
        guard allowed.contains(option.string) else {
          throw fail("\(tag.name) '\(written)' received unknown argument '\(option.string)'.", optionSpan)
        }
        var value = Value.bool(true)
        if skip(.assign) {
          let expr = try expression()
          guard case .constant(let constant) = expr.kind else {
            throw fail("the option '\(option.string)' must be a constant", expr.span)
          }
          value = constant
        } else if option.string != "default" {
          throw expected("=")
        }
        constants.append((option.string, value))
      }
      for parameter in extra {
        let value = given[parameter.name] ?? Expr(.constant(parameter.defaultValue()), nameSpan, depth: 1)
        parameters.append(.init(name: names.intern(parameter.name), defaultValue: value, annotation: nil))
      }
    }
    let name = names.intern(try tag.macroName(written, constants))
    return .macro(
      try macroBody(
        tag: tag.name, written, name, nameSpan, parameters, options: constants, ends: [], word: "end\(tag.name)"))
  }

  private mutating func signature() throws -> [MacroDefinition.Parameter] {
    var parameters: [MacroDefinition.Parameter] = []
    var hasDefaults = false
    try expect(.lparen)
    while current.kind != .rparen {
      if !parameters.isEmpty { try expect(.comma) }
      let name = try assignName()
      var annotation: String?
      if options.allowsTypedParameters, skip(.colon) {
        let start = current.span
        try typeName()
        annotation = String(decoding: source.utf8[start.to(previous.span).range], as: UTF8.self)
      }
      var value: Expr?
      if skip(.assign) {
        value = try expression()
        hasDefaults = true
      } else if hasDefaults {
        throw fail("non-default argument follows default argument")
      }
      parameters.append(.init(name: name, defaultValue: value, annotation: annotation))
    }
    try expect(.rparen)
    return parameters
  }

  private mutating func typeName() throws {
    try nest()
    defer { depth -= 1 }
    try expect(.name)
    guard skip(.lbracket) else { return }
    var isFirst = true
    while current.kind != .rbracket {
      if !isFirst { try expect(.comma) }
      isFirst = false
      try typeName()
    }
    try expect(.rbracket)
  }
}
