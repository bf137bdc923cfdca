import Diagnostics

/// A compiled template: immutable, shared by threads.
final class Program: @unchecked Sendable {
  let source: SourceText
  /// The names read from the context, and their numbers.
  private(set) var contextNames: [Str] = []
  private(set) var root: FunctionCode
  private(set) var blocks: [BlockCode] = []
  /// Macros at the top level, for hosts that call them one by one.
  private(set) var macros: [MacroCode] = []

  init(source: SourceText) {
    self.source = source
    root = FunctionCode(name: source.name)
  }

  func finish(contextNames: [Str], root: FunctionCode, blocks: [BlockCode], macros: [MacroCode]) {
    self.contextNames = contextNames
    self.root = root
    self.blocks = blocks
    self.macros = macros
    for block in blocks { block.program = self }
  }

  func contextIndex(of name: Str) -> Int? {
    for i in contextNames.indices where contextNames[i] == name { return i }
    return nil
  }

  func range(_ span: Span) -> SourceRange { SourceRange(source: source, offsets: span.range) }
}

/// What can be run with variables of its own: a template's top level, a block, a macro, a recursive loop.
class FunctionCode: @unchecked Sendable {
  let name: String
  var slotCount = 0
  /// There are functions inside that see the variables, which therefore live in a `Closure`.
  var needsClosure = false
  var body = Body([])
  /// The slot of the template being extended; -1 when nothing is extended here.
  var parentSlot = -1

  init(name: String) { self.name = name }
}

final class BlockCode: FunctionCode, @unchecked Sendable {
  let blockName: Str
  var selfSlot = -1
  var superSlot = -1
  unowned(unsafe) var program: Program

  init(name: Str, program: Program) {
    blockName = name
    self.program = program
    super.init(name: name.string)
  }
}

final class MacroCode: FunctionCode, @unchecked Sendable {
  struct Parameter {
    let name: Str
    let slot: Int
    let defaultValue: Code?
  }
  let macroName: Str?
  let definition: MacroDefinition
  /// Their slots are the first ones, in order.
  var parameters: [Parameter] = [] {
    didSet { parameterCount = parameters.count }
  }
  private(set) var parameterCount = 0

  func parameter(_ name: Str) -> Int? {
    for i in parameters.indices where parameters[i].name === name || parameters[i].name == name { return i }
    return nil
  }
  /// It has an include without context, which makes a generator of it in Jinja2 by mistake: a call runs nothing and
  /// gives the generator.
  var isGenerator = false
  /// What the variables of the body are before the defaults of parameters are evaluated.
  var enter: EnterAction?
  /// Slots of the special names, where the body uses them; -1 otherwise.
  var callerSlot = -1
  var kwargsSlot = -1
  var varargsSlot = -1
  /// A parameter is itself called `caller`; whether the body reads it.
  var hasExplicitCaller = false
  var usesExplicitCaller = false

  init(_ definition: MacroDefinition, name: Str?) {
    self.definition = definition
    macroName = name
    super.init(name: name?.string ?? "caller")
  }
}
