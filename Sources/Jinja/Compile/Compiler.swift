import Diagnostics

/// Turns a syntax tree into a program: names become slots or numbers of context names, filters and tests their bodies.
final class Compiler {
  let tree: SyntaxTree
  let environment: Environment
  let isNative: Bool
  let program: Program
  /// The numbers of the names read from the context, by name; -1 for the others.
  private var names: [Int32] = []
  private var contextNames: [Str] = []
  private var blocks: [BlockCode] = []
  private var blockDefinitions: [(definition: BlockDefinition, code: BlockCode)] = []
  private var blockNames: [Int32] = []
  private(set) var macros: [MacroCode] = []
  /// A tag extends another template somewhere.
  var hasExtends = false
  /// The top level has extended for certain when this point is reached.
  var hasKnownExtends = false
  var extendsSoFar = 0
  /// The rest of the statements being compiled is never reached.
  var isUnreachable = false
  private var lastTag: Int32 = 0
  /// See `foldedWithInfinities`.
  var isFoldingInfinities = false
  /// Evaluates operations on constants.
  lazy var folder = Interpreter(environment, program: program, provider: nil, host: nil)

  static func compile(_ tree: SyntaxTree, _ environment: Environment, isNative: Bool) throws -> Program {
    let compiler = Compiler(tree, environment, isNative: isNative)
    try compiler.compileTemplate()
    return compiler.program
  }

  static func compile(_ macro: MacroDefinition, of tree: SyntaxTree, _ environment: Environment) throws -> Program {
    let compiler = Compiler(tree, environment, isNative: false)
    let root = FunctionCode(name: tree.source.name)
    let frame = CompileFrame(
      FunctionScope(parent: nil, baseLevel: 0), Symbols(parent: nil), autoescape: environment.autoescape)
    let code = try compiler.macroCode(macro, name: macro.name.text, frame)
    root.needsClosure = true
    compiler.program.finish(contextNames: compiler.contextNames, root: root, blocks: [], macros: [code])
    return compiler.program
  }

  private init(_ tree: SyntaxTree, _ environment: Environment, isNative: Bool) {
    self.tree = tree
    self.environment = environment
    self.isNative = isNative
    program = Program(source: tree.source)
  }

  func fail(
    _ message: String, _ span: Span, _ kind: TemplateError.Kind = .syntax, hint: String? = nil
  ) -> TemplateError {
    TemplateError(kind, message, range: tree.range(span), hint: hint)
  }

  /// "did you mean …?", when something known is near.
  func suggestion(_ name: Str, among known: some Sequence<String>) -> String? {
    NearestName.of(name.string, among: known).map { "did you mean '\($0)'?" }
  }

  func newTag() -> Int32 {
    lastTag += 1
    return lastTag
  }

  /// The number of a name that is read from the context.
  func contextIndex(_ name: Name) -> Int {
    let id = Int(name.id)
    if id >= names.count { names += [Int32](repeating: -1, count: id + 16 - names.count) }
    if names[id] >= 0 { return Int(names[id]) }
    let index = contextNames.count
    contextNames.append(name.text)
    names[id] = Int32(index)
    return index
  }

  // MARK: - Template and blocks

  private func compileTemplate() throws {
    try collectBlocks(tree.statements)
    let scope = FunctionScope(parent: nil, baseLevel: 0)
    let symbols = Symbols(parent: nil)
    let frame = CompileFrame(scope, symbols, autoescape: environment.autoescape)
    let usesSelf = !UndeclaredNames.find([.`self`], in: tree.statements, of: tree).isEmpty
    if usesSelf { symbols.declare(Keyword.`self`.rawValue) }
    symbols.visit(tree.statements)
    frame.isTopLevel = true
    frame.isRootLevel = true
    frame.checksOutput = hasExtends
    let root = FunctionCode(name: tree.source.name)
    if hasExtends {
      root.parentSlot = scope.newSlot()
      scope.parentSlot = root.parentSlot
    }
    var actions: [Action] = []
    if usesSelf { actions.append(SelfAction(slot(of: NameTable.of(.`self`), frame))) }
    if let enter = enter(frame) { actions.append(enter) }
    actions += try compile(tree.statements, frame)
    root.body = Body(actions)
    root.slotCount = scope.slotCount
    root.needsClosure = scope.hasInnerFunctions

    for (definition, code) in blockDefinitions { try compileBlock(definition, code) }
    program.finish(contextNames: contextNames, root: root, blocks: blocks, macros: macros)
  }

  private func compileBlock(_ definition: BlockDefinition, _ code: BlockCode) throws {
    let scope = FunctionScope(parent: nil, baseLevel: 0)
    let symbols = Symbols(parent: nil)
    let frame = CompileFrame(scope, symbols, autoescape: environment.autoescape)
    frame.isBlock = true
    let special = UndeclaredNames.find([.`self`, .super], in: definition.body, of: tree)
    for keyword in [Keyword.`self`, .super] where special.contains(keyword.rawValue) {
      symbols.declare(keyword.rawValue)
      let slot = slot(of: NameTable.of(keyword), frame)
      if keyword == .super {
        code.superSlot = slot
        frame.superSlot = slot
      } else {
        code.selfSlot = slot
      }
    }
    symbols.visit(definition.body)
    var actions: [Action] = []
    if let enter = enter(frame) { actions.append(enter) }
    actions += try compile(definition.body, frame)
    code.body = Body(actions)
    code.slotCount = scope.slotCount
    code.needsClosure = scope.hasInnerFunctions
  }

  /// Finds all blocks, and whether anything extends a template.
  private func collectBlocks(_ statements: [Statement]) throws {
    for statement in statements {
      switch statement.kind {
      case .extends: hasExtends = true
      case .block(let block):
        if blockNames.contains(block.name.id) {
          throw fail("block '\(block.name.string)' defined twice", statement.span)
        }
        blockNames.append(block.name.id)
        let code = BlockCode(name: block.name.text, program: program)
        blocks.append(code)
        blockDefinitions.append((block, code))
        try collectBlocks(block.body)
      default: for body in statement.bodies { try collectBlocks(body) }
      }
    }
  }

  // MARK: - Names

  /// Where a name lives.
  enum Place {
    case local(Int)
    case outer(hops: Int, Int)
    case context(Int)
  }

  func place(of name: Name, _ frame: CompileFrame) -> Place {
    guard let owner = frame.symbols.owner(of: name.id) else { return .context(contextIndex(name)) }
    if owner.isOnlyResolved(name.id) { return .context(contextIndex(name)) }
    return variable(name.id, level: owner.level, tag: owner.tag, frame.function)
  }

  func variable(_ name: Int32, level: Int32, tag: Int32, _ function: FunctionScope) -> Place {
    var hops = 0
    var scope = function
    while scope.baseLevel > level, let parent = scope.parent {
      scope = parent
      hops += 1
    }
    let slot = scope.slot(.init(name: name, level: level, tag: tag))
    return hops == 0 ? .local(slot) : .outer(hops: hops, slot)
  }

  /// The slot of a name that the frame itself assigns.
  func slot(of name: Name, _ frame: CompileFrame) -> Int {
    let owner = frame.symbols.owner(of: name.id)
    return frame.function.slot(
      .init(name: name.id, level: owner?.level ?? frame.symbols.level, tag: owner?.tag ?? 0))
  }

  func read(_ name: Name, _ frame: CompileFrame, _ span: Span) -> Code { code(place(of: name, frame), name, span) }

  func code(_ place: Place, _ name: Name, _ span: Span) -> Code {
    switch place {
    case .local(let slot): LocalCode(slot, name.text, span)
    case .outer(let hops, let slot): OuterCode(hops: hops, slot, name.text, span)
    case .context(let index): ContextCode(index, name.text, span)
    }
  }

  /// What gives the variables of a scope their first values; nil when there is nothing to do.
  func enter(_ frame: CompileFrame) -> EnterAction? {
    let symbols = frame.symbols
    var loads: [EnterAction.Load] = []
    for entry in symbols.entries where entry.isStored {
      let id = entry.name
      let name = tree.names[id]
      switch entry.load {
      case .parameter: break
      case .resolve:
        loads.append(.context(contextIndex(name), name.text, to: slot(of: name, frame)))
      case .alias(let level):
        let tag = symbols.parent?.owner(of: id)?.tag ?? 0
        let from = code(variable(id, level: level, tag: tag, frame.function), name, Span(0, 0))
        if isPureContextName(id, level: level, symbols) {
          loads.append(.context(contextIndex(name), name.text, to: slot(of: name, frame)))
        } else {
          loads.append(.copy(from: from, to: slot(of: name, frame)))
        }
      case .undefined: loads.append(.undefined(slot(of: name, frame)))
      }
    }
    return loads.isEmpty ? nil : EnterAction(loads)
  }

  /// The variable of that level is only a name of the context, which has no slot.
  private func isPureContextName(_ id: Int32, level: Int32, _ symbols: Symbols) -> Bool {
    var scope: Symbols? = symbols
    while let current = scope {
      if current.level == level {
        return current.isOnlyResolved(id)
      }
      scope = current.parent
    }
    return false
  }

  /// All variables assigned here and around, for what is included here.
  func snapshot(_ frame: CompileFrame) -> ScopeSnapshot {
    var variables: [(name: Str, code: Code)] = []
    for (id, owner) in frame.symbols.visibleStores {
      let name = tree.names[id]
      let place = variable(id, level: owner.level, tag: owner.tag, frame.function)
      variables.append((name.text, code(place, name, Span(0, 0))))
    }
    return ScopeSnapshot(variables)
  }

  // MARK: - Macros

  func macroCode(_ macro: MacroDefinition, name: Str?, _ outer: CompileFrame) throws -> MacroCode {
    let code = MacroCode(macro, name: name)
    let symbols = Symbols(parent: outer.symbols)
    let scope = FunctionScope(parent: outer.function, baseLevel: symbols.level)
    outer.function.hasInnerFunctions = true
    let frame = CompileFrame(scope, symbols, autoescape: outer.autoescape)
    frame.isBuffered = true
    frame.isVolatile = outer.isVolatile
    func analyze() {
      for parameter in macro.parameters { symbols.declare(parameter.name.id) }
      for parameter in macro.parameters { if let value = parameter.defaultValue { symbols.visit(value) } }
      symbols.visit(macro.body)
    }
    analyze()
    let special = UndeclaredNames.find([.caller, .kwargs, .varargs], in: macro.body, of: tree)
    func isParameter(_ keyword: Keyword) -> Bool { macro.parameters.contains { $0.name.id == keyword.rawValue } }
    code.hasExplicitCaller = isParameter(.caller)
    func declare(_ keyword: Keyword) -> Int {
      symbols.declare(keyword.rawValue)
      return scope.slot(.init(name: keyword.rawValue, level: symbols.level, tag: 0))
    }
    for parameter in macro.parameters {
      _ = scope.slot(.init(name: parameter.name.id, level: symbols.level, tag: 0))
    }
    if special.contains(Keyword.caller.rawValue) {
      if let explicit = macro.parameters.first(where: { $0.name.id == Keyword.caller.rawValue }) {
        if explicit.defaultValue == nil {
          throw fail(
            "When defining macros or call blocks the special \"caller\" argument must be omitted or be given a default.",
            macro.nameSpan)
        }
        code.usesExplicitCaller = true
      } else {
        code.callerSlot = declare(.caller)
      }
    }
    if special.contains(Keyword.kwargs.rawValue), !isParameter(.kwargs) { code.kwargsSlot = declare(.kwargs) }
    if special.contains(Keyword.varargs.rawValue), !isParameter(.varargs) { code.varargsSlot = declare(.varargs) }
    analyze()
    for parameter in macro.parameters {
      code.parameters.append(
        .init(
          name: parameter.name.text, slot: scope.slot(.init(name: parameter.name.id, level: symbols.level, tag: 0)),
          defaultValue: try parameter.defaultValue.map { try expression($0, frame) }))
    }
    code.enter = enter(frame)
    code.body = try body(macro.body, frame)
    code.isGenerator = scope.includesPlainly
    code.slotCount = scope.slotCount
    code.needsClosure = scope.hasInnerFunctions
    return code
  }

  func register(_ code: MacroCode) { macros.append(code) }
}

/// Sets `self`.
private final class SelfAction: Action, @unchecked Sendable {
  private let slot: Int
  init(_ slot: Int) { self.slot = slot }
  override func run(_ r: Interpreter) throws -> Flow {
    r.slots[slot] = .object(SelfObject(r.context))
    return .next
  }
}

extension Statement {
  /// The statements directly inside.
  public var bodies: [[Statement]] {
    switch kind {
    case .setBlock(_, _, let body), .with(_, _, let body), .autoescape(_, let body), .filterBlock(_, let body): [body]
    case .forLoop(let loop): [loop.body, loop.otherwise]
    case .branches(let branches, let otherwise): branches.map(\.body) + [otherwise]
    case .block(let block): [block.body]
    case .macro(let macro), .callBlock(let macro, _): [macro.body]
    default: []
    }
  }
}
