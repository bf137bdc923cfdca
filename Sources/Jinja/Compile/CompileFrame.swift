/// One function being compiled: where its variables are.
final class FunctionScope {
  struct Key: Equatable {
    let name: Int32
    let level: Int32
    let tag: Int32
  }
  let parent: FunctionScope?
  /// Variables of this level and deeper ones are this function's.
  let baseLevel: Int32
  private var slots: [(key: Key, slot: Int)] = []
  private(set) var slotCount = 0
  var hasInnerFunctions = false
  /// Has an include without context.
  var includesPlainly = false
  var parentSlot = -1

  init(parent: FunctionScope?, baseLevel: Int32) {
    self.parent = parent
    self.baseLevel = baseLevel
  }

  func slot(_ key: Key) -> Int {
    for known in slots where known.key == key { return known.slot }
    let slot = newSlot()
    slots.append((key, slot))
    return slot
  }

  func newSlot() -> Int {
    slotCount += 1
    return slotCount - 1
  }
}

/// One scope being compiled. What Jinja2 calls a frame.
final class CompileFrame {
  let function: FunctionScope
  let symbols: Symbols
  /// Assignments here are visible to blocks, includes and imports.
  var isTopLevel = false
  /// Statements here always run, in order.
  var isRootLevel = false
  var isBlock = false
  /// Inside a branch: filters and tests need not exist unless they are reached.
  var isSoft = false
  /// Output here is dropped once the template extends another.
  var checksOutput = false
  /// Output is captured here.
  var isBuffered = false
  /// A loop of this function is around.
  var isInLoop = false
  var superSlot = -1
  var autoescape: Bool
  /// Whether output is escaped is known only when rendering.
  var isVolatile = false
  /// The slots of `loop` variables in this function, which hold nothing but loops.
  var loopSlots: [Int] = []

  init(_ function: FunctionScope, _ symbols: Symbols, autoescape: Bool) {
    self.function = function
    self.symbols = symbols
    self.autoescape = autoescape
  }

  /// A scope inside, in the same function.
  func inner() -> CompileFrame { inner(function, Symbols(parent: symbols)) }

  func inner(_ function: FunctionScope, _ symbols: Symbols) -> CompileFrame {
    let frame = CompileFrame(function, symbols, autoescape: autoescape)
    frame.checksOutput = checksOutput
    frame.isBuffered = isBuffered
    frame.isVolatile = isVolatile
    frame.superSlot = function === self.function ? superSlot : -1
    frame.isInLoop = function === self.function && isInLoop
    if function === self.function { frame.loopSlots = loopSlots }
    return frame
  }

  /// The same scope, inside a branch.
  func soft() -> CompileFrame {
    let frame = inner(function, symbols)
    frame.isTopLevel = isTopLevel
    frame.isBlock = isBlock
    frame.isSoft = true
    return frame
  }

  var escapeMode: EscapeMode { isVolatile ? .dynamic : autoescape ? .on : .off }
}
