extension Compiler {
  /// - Parameter captured: the slot of the text that a filter without an operand is applied to.
  func expression(_ expr: Expr, _ frame: CompileFrame, captured: Int = -1) throws -> Code {
    if tree.mentionsInfinities, let code = try foldedWithInfinities(expr, frame) { return code }
    let span = expr.span
    switch expr.kind {
    case .constant(let value): return ConstantCode(value, span)
    case .name(let name): return read(name, frame, span)
    case .namespaceTarget(let name, _): return read(name, frame, span)
    case .attribute(let operand, let name):
      if case .name(let base) = operand.kind, base.id == Keyword.loop.rawValue,
        case .local(let slot) = place(of: base, frame), frame.loopSlots.contains(slot),
        let attribute = LoopAttribute(rawValue: name.string)
      {
        return LoopAttributeCode(slot, attribute, span)
      }
      return AttributeCode(try expression(operand, frame), name.text, span)
    case .item(let operand, let key):
      if case .slice(let start, let stop, let step) = key.kind {
        return SliceCode(
          try expression(operand, frame), try start.map { try expression($0, frame) },
          try stop.map { try expression($0, frame) }, try step.map { try expression($0, frame) }, span)
      }
      return ItemCode(try expression(operand, frame), try expression(key, frame), span)
    case .slice: throw fail("invalid syntax", span, .runtime)
    case .call(let callee, let arguments): return try call(callee, arguments, frame, span)
    case .filter(let operand, let name, let arguments):
      let value =
        try operand.map { try expression($0, frame, captured: captured) } ?? CapturedCode(slot: captured, span)
      return try filter(value, name, arguments, frame, span)
    case .test(let operand, let name, let arguments): return try test(operand, name, arguments, frame, span)
    case .unary(let op, let operand):
      let code = try expression(operand, frame)
      return folded(UnaryCode(op, code, span), if: [code])
    case .not(let operand):
      let code = try expression(operand, frame)
      return folded(NotCode(code, span), if: [code])
    case .binary(let op, let left, let right):
      let a = try expression(left, frame)
      let b = try expression(right, frame)
      let code = BinaryCode(op, a, b, span)
      return isCheap(op, a.constant, b.constant) ? folded(code, if: [a, b]) : code
    case .concat(let parts):
      for part in parts { try rejectMissingConstant(part, frame) }
      let codes = try parts.map { try expression($0, frame) }
      return ConcatCode(codes, escapes: frame.escapeMode == .on, span)
    case .compare(let first, let rest):
      let left = try expression(first, frame)
      let codes = try rest.map { (op: $0.0, operand: try expression($0.1, frame)) }
      if codes.count == 1 {
        return folded(CompareCode(codes[0].op, left, codes[0].operand, span), if: [left, codes[0].operand])
      }
      return CompareChainCode(left, codes, span)
    case .and(let left, let right):
      try rejectMissingConstant(left, frame)
      return AndCode(try expression(left, frame), try expression(right, frame), span)
    case .or(let left, let right):
      try rejectMissingConstant(left, frame)
      return OrCode(try expression(left, frame), try expression(right, frame), span)
    case .conditional(let test, let then, let otherwise):
      try rejectMissingConstant(test, frame)
      let soft = frame.soft()
      return ConditionalCode(
        try expression(test, soft), try expression(then, soft), try otherwise.map { try expression($0, soft) }, span)
    case .list(let items): return ListCode(try items.map { try expression($0, frame) }, span)
    case .tuple(let items):
      let codes = try items.map { try expression($0, frame) }
      let constants = codes.compactMap(\.constant)
      if constants.count == codes.count { return ConstantCode(.tuple(constants), span) }
      return TupleCode(codes, span)
    case .dict(let pairs):
      return DictCode(try pairs.map { (try expression($0.key, frame), try expression($0.value, frame)) }, span)
    }
  }

  private func call(_ callee: Expr, _ arguments: CallArguments, _ frame: CompileFrame, _ span: Span) throws -> Code {
    let arguments = try self.arguments(arguments, frame, span)
    if case .attribute(let operand, let name) = callee.kind {
      return MethodCallCode(try expression(operand, frame), name.text, arguments, span)
    }
    return CallCode(try expression(callee, frame), arguments, caller: nil, span)
  }

  func arguments(_ arguments: CallArguments, _ frame: CompileFrame, _ span: Span) throws -> ArgumentsCode {
    if arguments.isEmpty { return .none }
    for (i, keyword) in arguments.keywords.enumerated() {
      if arguments.keywords[..<i].contains(where: { $0.name == keyword.name }) {
        throw fail("keyword argument repeated: \(keyword.name.string)", span, .runtime)
      }
    }
    return ArgumentsCode(
      positional: try arguments.positional.map { try expression($0, frame) },
      keywords: try arguments.keywords.map { ($0.name.text, try expression($0.value, frame)) },
      star: try arguments.star.map { try expression($0, frame) },
      doubleStar: try arguments.doubleStar.map { try expression($0, frame) })
  }

  private func filter(
    _ value: Code, _ name: Str, _ arguments: CallArguments, _ frame: CompileFrame, _ span: Span
  ) throws -> Code {
    let arguments = try self.arguments(arguments, frame, span)
    guard let filter = environment.filters[name] else {
      if frame.isSoft { return UnknownCode("No filter named '\(name.string)' found.", span) }
      throw fail(
        "No filter named '\(name.string)'.", span, hint: suggestion(name, among: environment.filters.keys.sorted()))
    }
    return filter.fusion?.code(name, value, arguments, filter.body, environment, span)
      ?? FilterCode(value, filter.body, arguments, span)
  }

  private func test(
    _ operand: Expr, _ name: Str, _ arguments: CallArguments, _ frame: CompileFrame, _ span: Span
  ) throws -> Code {
    let value = try expression(operand, frame)
    let arguments = try self.arguments(arguments, frame, span)
    guard let test = environment.tests[name] else {
      if frame.isSoft { return UnknownCode("No test named '\(name.string)' found.", span) }
      throw fail(
        "No test named '\(name.string)'.", span, hint: suggestion(name, among: environment.tests.keys.sorted()))
    }
    if let constants = arguments.constants {
      return ConstantTestCode(value, ItemTest(name, constants, test.body, isBuiltin: test.isBuiltin), span)
    }
    return TestCode(value, test.body, arguments, span)
  }

  // MARK: - Constants

  /// The value of an operation on constants; the operation itself when it fails, which is then its business at run time.
  private func folded(_ code: Code, if operands: [Code]) -> Code {
    guard operands.allSatisfy({ $0.constant != nil }) else { return code }
    guard let value = try? code.eval(folder) else { return code }
    return ConstantCode(value, code.span)
  }

  /// Whether folding can't make something large.
  private func isCheap(_ op: BinaryOperator, _ a: Value?, _ b: Value?) -> Bool {
    switch op {
    case .multiply:
      if case .int? = a, case .int? = b { return true }
      if case .float? = a { return true }
      return false
    case .power: if case .int(let e)? = b, case .int? = a { return e >= -16 && e <= 64 } else { return false }
    case .modulo: if case .string? = a { return false } else { return true }
    default: return true
    }
  }
}
