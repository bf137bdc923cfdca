import Glibc

extension Compiler {
  func compile(_ statements: [Statement], _ frame: CompileFrame) throws -> [Action] {
    var actions: [Action] = []
    for statement in statements {
      try compile(statement, frame, &actions)
      if isUnreachable {
        isUnreachable = false
        break
      }
    }
    return actions
  }

  func body(_ statements: [Statement], _ frame: CompileFrame) throws -> Body { Body(try compile(statements, frame)) }

  private func compile(_ statement: Statement, _ frame: CompileFrame, _ actions: inout [Action]) throws {
    switch statement.kind {
    case .output(let parts): try output(parts, frame, &actions)
    case .set(let target, let value): actions.append(try set(target, value, frame, statement.span))
    case .setBlock(let target, let filter, let body):
      actions.append(try setBlock(target, filter, body, frame, statement.span))
    case .forLoop(let loop): actions.append(try forLoop(loop, frame, statement.span))
    case .branches(let branches, let otherwise): actions.append(try self.branches(branches, otherwise, frame))
    case .with(let targets, let values, let body):
      let inner = frame.inner()
      for target in targets { inner.symbols.visitTarget(target, asParameter: true) }
      inner.symbols.visit(body)
      let assignments = try zip(targets, values).map {
        (target: try self.target($0, inner), value: try expression($1, frame))
      }
      let enter = enter(inner)
      actions.append(ScopeAction(enter, assignments, try self.body(body, inner)))
    case .autoescape(let value, let body):
      let inner = frame.inner()
      inner.symbols.visit(value)
      inner.symbols.visit(body)
      let enter = enter(inner)
      let code = try expression(value, inner)
      if let constant = code.constant { inner.autoescape = constant.isTrue } else { inner.isVolatile = true }
      actions.append(ScopeAction(enter, [], Body([AutoescapeAction(code, try self.body(body, inner))])))
    case .block(let block): try self.block(block, frame, statement.span, &actions)
    case .extends(let template): try extends(template, frame, statement.span, &actions)
    case .include(let template, let ignoresMissing, let withContext):
      if !withContext { frame.function.includesPlainly = true }
      actions.append(
        IncludeAction(
          try expression(template, frame), ignoresMissing: ignoresMissing, scope: withContext ? snapshot(frame) : nil,
          isCaptured: frame.isBuffered && frame.function.parent == nil))
    case .importModule(let template, let name, let withContext):
      let slot = slot(of: name, frame)
      actions.append(
        ImportAction(
          try expression(template, frame), .module(slot: slot), scope: withContext ? snapshot(frame) : nil,
          exports: frame.isTopLevel ? [Export(name: name.text, slot: slot, isPublic: false)] : [], statement.span))
    case .fromImport(let template, let names, let withContext):
      let slots = names.map { (name: $0.name.text, slot: slot(of: $0.alias, frame)) }
      let exports = names.map { Export(name: $0.alias.text, slot: slot(of: $0.alias, frame), isPublic: false) }
      actions.append(
        ImportAction(
          try expression(template, frame), .list(slots), scope: withContext ? snapshot(frame) : nil,
          exports: frame.isTopLevel ? exports : [], statement.span))
    case .macro(let macro):
      let code = try macroCode(macro, name: macro.name.text, frame)
      if frame.isTopLevel { register(code) }
      let slot = slot(of: macro.name, frame)
      let export = Export(name: macro.name.text, slot: slot, isPublic: !macro.name.text.isUnsafeAttribute)
      actions.append(MacroAction(code, slot: slot, export: frame.isTopLevel ? export : nil))
    case .callBlock(let macro, let call):
      let caller = CallerCode(try macroCode(macro, name: nil, frame))
      guard case .call(let callee, let arguments) = call.kind else { break }
      let code = CallCode(
        try expression(callee, frame), try self.arguments(arguments, frame, call.span), caller: caller, call.span)
      actions.append(isNative && !frame.isBuffered ? CollectAction(code) : PrintRawAction(code))
    case .filterBlock(let filter, let body):
      let inner = frame.inner()
      inner.symbols.visit(body)
      inner.symbols.visit(filter)
      inner.isBuffered = true
      let enter = enter(inner)
      let captured = frame.function.newSlot()
      let code = try expression(filter, inner, captured: captured)
      let action = FilterBlockAction(
        try self.body(body, inner), capturedSlot: captured, filter: code, autoescape: frame.escapeMode,
        isOutermost: !frame.isBuffered && frame.function.parent == nil)
      actions.append(enter == nil ? action : ScopeAction(enter, [], Body([action])))
    case .expression(let expr):
      let code = try expression(expr, frame)
      actions.append(try returning(expr, frame, otherwise: ExpressionAction(code)))
    case .breakLoop, .continueLoop:
      var isBreak = false
      if case .breakLoop = statement.kind { isBreak = true }
      if !frame.isInLoop {
        throw fail(isBreak ? "'break' outside loop" : "'continue' not properly in loop", statement.span, .runtime)
      }
      actions.append(FlowAction(isBreak ? .breakLoop : .continueLoop))
    }
  }

  /// `{{ return(x) }}` or `{% do return(x) %}`, for hosts that have a `return`.
  private func returning(_ expr: Expr, _ frame: CompileFrame, otherwise: Action) throws -> Action {
    guard case .call(let callee, let arguments) = expr.kind, case .name(let name) = callee.kind,
      name.id == Keyword.return.rawValue, arguments.positional.count == 1, arguments.keywords.isEmpty,
      arguments.star == nil, arguments.doubleStar == nil
    else { return otherwise }
    return ReturnAction(
      try expression(callee, frame), try expression(arguments.positional[0], frame), otherwise: otherwise)
  }

  // MARK: - Output

  private func output(_ parts: [OutputPart], _ frame: CompileFrame, _ actions: inout [Action]) throws {
    // Never printed, and as in Jinja2 not compiled: nobody looks whether its filters and tests exist.
    if frame.checksOutput, hasKnownExtends { return }
    var out: [Action] = []
    let collects = isNative && !frame.isBuffered
    out.reserveCapacity(parts.count)
    var text: [UInt8] = []
    var textSpan = Span(0, 0)
    // A stretch of the source alone, which is most text, goes without a copy in between.
    var stretch: Span?
    func flush() {
      guard stretch != nil || !text.isEmpty else { return }
      let str = stretch.map { Str.make(tree.source.utf8[$0.range]) } ?? Str.make(text)
      stretch = nil
      if collects { str.freeze() }
      out.append(collects ? CollectAction(ConstantCode(.string(str), textSpan)) : TextAction(str))
      text = []
    }
    func unstretch() {
      if let span = stretch { text += tree.source.utf8[span.range] }
      stretch = nil
    }
    for part in parts {
      switch part {
      case .text(let span):
        textSpan = span
        unstretch()
        let bytes = tree.source.utf8[span.range]
        if text.isEmpty, !Self.hasReturns(bytes), !bytes.isEmpty { stretch = span } else { append(bytes, to: &text) }
      case .expression(let expr):
        let code = try expression(expr, frame)
        let constant = collects ? printedConstant(expr, code) : code.constant ?? volatileConstant(expr, code, frame)
        if let constant, let printed = constantText(constant, frame) {
          unstretch()
          text += printed.bytes
          continue
        }
        flush()
        if collects {
          out.append(try returning(expr, frame, otherwise: CollectAction(code)))
          continue
        }
        let print: Action =
          switch frame.escapeMode {
          case .off: PrintAction(code)
          case .on: PrintEscapedAction(code, always: true)
          case .dynamic: PrintEscapedAction(code, always: false)
          }
        out.append(try returning(expr, frame, otherwise: print))
      }
    }
    flush()
    if frame.checksOutput {
      var hops = 0
      var scope: FunctionScope? = frame.function
      while let current = scope, current.parentSlot < 0 {
        scope = current.parent
        hops += 1
      }
      if let scope, extendsSoFar > 0 || !frame.isRootLevel {
        out = [UnlessExtendedAction(parentSlot: scope.parentSlot, hops: hops, Body(out))]
      }
    }
    actions += out
  }

  private static func hasReturns(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { memchr($0, 0x0D, buffer.count) != nil } ?? false
    }
  }

  /// A stretch of the source with its newlines normalised.
  private func append(_ bytes: ArraySlice<UInt8>, to text: inout [UInt8]) {
    if !Self.hasReturns(bytes) {
      text += bytes
      return
    }
    var i = bytes.startIndex
    while i < bytes.endIndex {
      if bytes[i] == 0x0D {
        text.append(0x0A)
        if i + 1 < bytes.endIndex, bytes[i + 1] == 0x0A { i += 1 }
      } else {
        text.append(bytes[i])
      }
      i += 1
    }
  }

  /// Jinja2 prints constants as the surroundings say that are known when compiling, also where others decide later.
  private func constantText(_ value: Value, _ frame: CompileFrame) -> Str? {
    frame.autoescape ? try? Escape.escape(value, nil) : try? value.str(nil)
  }

  /// Where escaping is decided later: the value of a list or dict of constants, which is printed as a constant too.
  private func volatileConstant(_ expr: Expr, _ code: Code, _ frame: CompileFrame) -> Value? {
    guard frame.isVolatile, isConstant(expr) else { return nil }
    return try? code.eval(folder)
  }

  private func isConstant(_ expr: Expr) -> Bool {
    switch expr.kind {
    case .constant: true
    case .list(let items), .tuple(let items): items.allSatisfy(isConstant)
    case .dict(let pairs): pairs.allSatisfy { isConstant($0.key) && isConstant($0.value) }
    default: false
    }
  }

  // MARK: - Assignments

  func target(_ expr: Expr, _ frame: CompileFrame) throws -> Target {
    switch expr.kind {
    case .name(let name): return .slot(slot(of: name, frame))
    case .tuple(let items): return .tuple(try items.map { try target($0, frame) }, expr.span)
    case .namespaceTarget(let name, let attribute):
      return .attribute(read(name, frame, expr.span), attribute.text)
    default: throw fail("can't assign to '\(expr.kind.jinjaName)'", expr.span)
    }
  }

  private func exports(_ target: Expr, _ frame: CompileFrame) -> [Export] {
    guard frame.isTopLevel else { return [] }
    switch target.kind {
    case .name(let name):
      return [Export(name: name.text, slot: slot(of: name, frame), isPublic: !name.text.isUnsafeAttribute)]
    case .tuple(let items): return items.flatMap { exports($0, frame) }
    default: return []
    }
  }

  private func set(_ target: Expr, _ value: Expr, _ frame: CompileFrame, _ span: Span) throws -> Action {
    let code = try expression(value, frame)
    let place = try self.target(target, frame)
    let exports = exports(target, frame)
    if case .slot(let slot) = place, exports.isEmpty { return SetSlotAction(slot, code) }
    return SetAction(place, code, exports: exports, span)
  }

  private func setBlock(
    _ target: Expr, _ filter: Expr?, _ statements: [Statement], _ frame: CompileFrame, _ span: Span
  ) throws -> Action {
    let inner = frame.inner()
    inner.checksOutput = false
    inner.isBuffered = true
    inner.symbols.visit(statements)
    if let filter { inner.symbols.visit(filter) }
    let enter = enter(inner)
    let captured = frame.function.newSlot()
    let body = try self.body(statements, inner)
    let action = SetBlockAction(
      try self.target(target, frame), body, capturedSlot: captured,
      filter: try filter.map { try expression($0, inner, captured: captured) }, exports: exports(target, frame),
      isOutermost: !frame.isBuffered && frame.function.parent == nil, span)
    return enter == nil ? action : ScopeAction(enter, [], Body([action]))
  }

  // MARK: - Branches and loops

  private func branches(
    _ branches: [(test: Expr, body: [Statement])], _ otherwise: [Statement], _ frame: CompileFrame
  ) throws -> Action {
    let soft = frame.soft()
    var compiled: [(test: Code, body: Body)] = []
    for (test, statements) in branches { compiled.append((try expression(test, soft), try body(statements, soft))) }
    let rest = try body(otherwise, soft)
    return compiled.count == 1 ? BranchAction(compiled[0].test, compiled[0].body, rest) : BranchesAction(compiled, rest)
  }

  private func forLoop(_ loop: ForLoop, _ frame: CompileFrame, _ span: Span) throws -> Action {
    try checkLoopNames(loop)
    let iterable = try expression(loop.iterable, frame)
    let code = LoopCode()
    code.span = loop.iterable.span
    var function = frame.function
    let symbols = Symbols(parent: frame.symbols)
    if loop.isRecursive {
      function = FunctionScope(parent: frame.function, baseLevel: symbols.level)
      frame.function.hasInnerFunctions = true
    }
    let inner = frame.inner(function, symbols)
    inner.isInLoop = true
    inner.isBuffered = frame.isBuffered || loop.isRecursive
    let usesLoop =
      loop.isRecursive || !UndeclaredNames.find([.loop], in: loop.body, of: tree).isEmpty
      || containsScopedBlock(loop.body + loop.otherwise)
    if usesLoop {
      symbols.declare(Keyword.loop.rawValue)
      code.loopSlot = function.slot(.init(name: Keyword.loop.rawValue, level: symbols.level, tag: 0))
      inner.loopSlots.append(code.loopSlot)
    }
    symbols.visitTarget(loop.target, asParameter: true)
    symbols.visit(loop.body)
    // A target called `loop` would shadow the loop itself.
    if usesLoop, targets(loop.target).contains(where: { $0.id == Keyword.loop.rawValue }) {
      inner.loopSlots.removeAll { $0 == code.loopSlot }
    }
    code.target = try target(loop.target, inner)
    if case .slot(let slot) = code.target { code.targetSlot = slot }
    code.clears = targets(loop.target).map { slot(of: $0, inner) }

    if let test = loop.test {
      let testSymbols = Symbols(parent: frame.symbols)
      testSymbols.tag = newTag()
      testSymbols.visitTarget(loop.target, asParameter: true)
      testSymbols.visit(test)
      let testFrame = frame.inner(function, testSymbols)
      code.test = (try target(loop.target, testFrame), enter(testFrame), try expression(test, testFrame))
    }
    code.enter = enter(inner)
    code.body = try body(loop.body, inner)
    if !loop.otherwise.isEmpty {
      let otherwise = frame.inner(function, Symbols(parent: frame.symbols))
      otherwise.symbols.tag = newTag()
      otherwise.isBuffered = inner.isBuffered
      otherwise.symbols.visit(loop.otherwise)
      code.elseEnter = enter(otherwise)
      code.otherwise = try body(loop.otherwise, otherwise)
    }
    guard loop.isRecursive else { return LoopAction(iterable, code) }
    let run = FunctionCode(name: "loop")
    run.slotCount = function.slotCount
    run.needsClosure = function.hasInnerFunctions
    code.function = run
    code.isGenerator = function.includesPlainly
    return RecursiveLoopAction(iterable, code)
  }

  private func targets(_ target: Expr) -> [Name] {
    switch target.kind {
    case .name(let name): [name]
    case .tuple(let items): items.flatMap(targets)
    default: []
    }
  }

  private func containsScopedBlock(_ statements: [Statement]) -> Bool {
    statements.contains { statement in
      if case .block(let block) = statement.kind, block.isScoped { return true }
      return statement.bodies.contains(where: containsScopedBlock)
    }
  }

  /// Nothing inside a loop may assign `loop`.
  private func checkLoopNames(_ loop: ForLoop) throws {
    func check(_ target: Expr) throws {
      switch target.kind {
      case .name(let name):
        if name.id == Keyword.loop.rawValue {
          throw fail("Can't assign to special loop variable in for-loop target", target.span)
        }
      case .tuple(let items): for item in items { try check(item) }
      default: break
      }
    }
    func check(_ statements: [Statement]) throws {
      for statement in statements {
        switch statement.kind {
        case .set(let target, _), .setBlock(let target, _, _): try check(target)
        case .forLoop(let inner): try check(inner.target)
        default: break
        }
        for body in statement.bodies { try check(body) }
      }
    }
    try check(loop.target)
    try check(loop.body)
    try check(loop.otherwise)
  }

  // MARK: - Inheritance

  private func block(_ block: BlockDefinition, _ frame: CompileFrame, _ span: Span, _ actions: inout [Action]) throws {
    var parentSlot = -1
    if frame.isTopLevel {
      if hasKnownExtends { return }
      if extendsSoFar > 0 { parentSlot = frame.function.parentSlot }
    }
    actions.append(
      BlockAction(
        block.name.text, scope: block.isScoped ? snapshot(frame) : nil, isRequired: block.isRequired,
        parentSlot: parentSlot, span))
  }

  private func extends(_ template: Expr, _ frame: CompileFrame, _ span: Span, _ actions: inout [Action]) throws {
    guard frame.isTopLevel else { throw fail("cannot use extend from a non top-level scope", span) }
    if extendsSoFar > 0, hasKnownExtends {
      actions.append(FailAction(.runtime, "extended multiple times", span))
      isUnreachable = true
      return
    }
    actions.append(ExtendsAction(try expression(template, frame), parentSlot: frame.function.parentSlot))
    if frame.isRootLevel { hasKnownExtends = true }
    extendsSoFar += 1
  }
}
