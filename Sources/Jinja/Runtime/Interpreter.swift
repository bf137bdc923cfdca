/// One rendering: the environment, the frames, the output, and what built-ins and the host need while it runs.
///
/// Made for each rendering, used by one thread.
public final class Interpreter {
  /// What the running function sees. The references are owned by whoever started the function, for as long as it runs.
  struct Frame {
    var slots: Slots
    /// The variables of the function around the running one.
    unowned(unsafe) var closure: Closure?
    /// The running function's own variables, when functions inside it see them.
    unowned(unsafe) var ownClosure: Closure?
    unowned(unsafe) var context: RenderContext
    var names: Slots
    unowned(unsafe) var program: Program
    var autoescape: Bool
  }

  public let environment: Environment
  /// Where output goes; macros and block sets write at its end and cut their part off.
  public let output = OutputPool.take()
  /// The host's own state of this rendering (dbt's context), unchanged by the engine.
  public let host: AnyObject?
  /// What the rendering was given to look names up in.
  public let provider: ContextProvider?

  /// Memory for text filters; nothing stays in it while other code runs.
  let scratch = Scratch()

  var frame: Frame
  var stack = ValueStack()
  /// Set when a function is left with a value, until whoever called it takes it.
  var returned: Value = .none
  /// Native rendering: what was printed outside of anything that captures output.
  var collected: [Value] = []
  private var depth = 0
  private var iterationsLeft: Int
  private let stackLimit = StackGuard.limit
  /// Closures that outlive the function that made them because a macro refers to them.
  private var lingering: [Closure] = []
  private var macroContexts = MacroContexts()
  private var modules: [ObjectIdentifier: TemplateModule] = [:]
  private let rootContext: RenderContext

  init(_ environment: Environment, program: Program, provider: ContextProvider?, host: AnyObject?) {
    self.environment = environment
    self.provider = provider
    self.host = host
    iterationsLeft = environment.limits.iterations
    output.limit = environment.limits.outputBytes
    rootContext = RenderContext(
      program, base: provider, globals: environment.sharedGlobals, autoescape: environment.autoescape)
    frame = Frame(
      slots: stack.top, closure: nil, ownClosure: nil, context: rootContext, names: stack.top, program: program,
      autoescape: environment.autoescape)
  }

  /// Lets go of what macros and variables hold of each other. Nothing may run afterwards.
  func finish() {
    for closure in lingering { closure.clear() }
    lingering = []
    macroContexts = MacroContexts()
    if !modules.isEmpty { modules = [:] }
    DeepRelease.drain()
  }

  deinit {
    for closure in lingering { closure.clear() }
    stack.deallocate()
    OutputPool.give(output)
  }

  // MARK: - The running function

  @inline(__always) var slots: Slots { frame.slots }
  @inline(__always) var names: Slots { frame.names }
  @inline(__always) var context: RenderContext { frame.context }
  @inline(__always) var program: Program { frame.program }
  @inline(__always) var ownClosure: Closure? { frame.ownClosure }
  /// Whether output is being escaped here.
  public var autoescape: Bool { frame.autoescape }

  func setAutoescape(_ isOn: Bool) {
    frame.autoescape = isOn
    frame.context.autoescape = isOn
  }

  /// The variables of the function `hops` levels around the running one.
  @inline(__always) func outer(_ hops: Int) -> Slots {
    var closure = frame.closure
    var left = hops - 1
    while left > 0 {
      closure = closure?.parent
      left -= 1
    }
    return closure?.slots ?? frame.slots
  }

  @inline(never) func resolve(_ index: Int, _ name: Str) {
    frame.names[index] = frame.context.lookup(name) ?? .missing
  }

  /// A variable of the running template's context.
  public func lookup(_ name: Str) -> Value? { frame.context.lookup(name) }

  // MARK: - Functions

  /// Runs `body` with fresh variables, which `bind` fills while the caller's are still the running ones.
  @inline(__always) func runFunction<T>(
    _ function: FunctionCode, closure: Closure?, context: RenderContext, names: Slots, program: Program,
    _ bind: (Slots) throws -> Void, body: () throws -> T
  ) throws -> T {
    try descend()
    defer { depth -= 1 }
    if function.needsClosure {
      var own = Closure(parent: closure, count: function.slotCount)
      defer { if !isKnownUniquelyReferenced(&own) { lingering.append(own) } }
      try bind(own.slots)
      let caller = frame
      frame = Frame(
        slots: own.slots, closure: closure, ownClosure: own, context: context, names: names, program: program,
        autoescape: context.autoescape)
      defer { frame = caller }
      return try body()
    }
    let count = function.slotCount
    let top = stack.top
    let slots = stack.push(count)
    defer { stack.pop(slots, count, to: top) }
    try bind(slots)
    let caller = frame
    frame = Frame(
      slots: slots, closure: closure, ownClosure: nil, context: context, names: names, program: program,
      autoescape: context.autoescape)
    defer { frame = caller }
    return try body()
  }

  @inline(__always) private func descend() throws {
    var marker: UInt8 = 0
    let here = withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
    if depth >= environment.limits.depth || here < stackLimit { throw tooDeep() }
    depth += 1
  }

  @inline(never) private func tooDeep() -> TemplateError {
    TemplateError(
      .recursion, "maximum recursion depth exceeded (\(depth) macros, blocks and templates inside each other)")
  }

  /// Runs a template's top level, and that of the template it extends.
  func runRoot(_ program: Program, in context: RenderContext) throws {
    let root = program.root
    let names = context.values(for: program)
    var parent: Program?
    let flow = try runFunction(root, closure: nil, context: context, names: names, program: program) { _ in
    } body: { () -> Flow in
      let flow = try root.body.run(self)
      if root.parentSlot >= 0, case .object(let object) = slots[root.parentSlot] {
        parent = (object as? TemplateObject)?.template.program
      }
      return flow
    }
    if flow == .leave { throw ReturnSignal(takeReturned()) }
    if let parent { try runRoot(parent, in: context) }
    try checkOutput()
  }

  func takeReturned() -> Value {
    let value = returned
    returned = .none
    return value
  }

  func runBlock(_ block: BlockCode, in context: RenderContext) throws {
    let names = context.values(for: block.program)
    do {
      let flow = try runFunction(block, closure: nil, context: context, names: names, program: block.program) { slots in
        if block.selfSlot >= 0 { slots[block.selfSlot] = .object(SelfObject(context)) }
        if block.superSlot >= 0 { slots[block.superSlot] = superBlock(of: block, in: context) }
      } body: {
        try block.body.run(self)
      }
      if flow == .leave { throw ReturnSignal(takeReturned()) }
    } catch { throw inCall("block \(block.name)", error) }
  }

  private func superBlock(of block: BlockCode, in context: RenderContext) -> Value {
    if let stack = context.blocks[block.blockName], let at = stack.firstIndex(where: { $0 === block }),
      at + 1 < stack.count
    {
      return .object(BlockObject(block.blockName, context, stack, at + 1))
    }
    return undefined(name: "super", hint: "there is no parent block called '\(block.name)'.")
  }

  /// The context in which a macro of the host runs in this rendering.
  func macroContext(for program: Program) -> RenderContext {
    if let context = macroContexts.find(program) { return context }
    let context = RenderContext(
      program, base: provider, globals: environment.sharedGlobals, autoescape: environment.autoescape)
    macroContexts.add(context)
    return context
  }

  /// The module of a template that is imported without context, made once a rendering.
  func module(of template: Template) throws -> TemplateModule {
    let key = ObjectIdentifier(template)
    if let module = modules[key] { return module }
    let context = RenderContext(
      template.program, base: nil, globals: environment.sharedGlobals, autoescape: environment.autoescape)
    let module = try makeModule(template, context)
    modules[key] = module
    return module
  }

  func makeModule(_ template: Template, _ context: RenderContext) throws -> TemplateModule {
    let start = output.count
    do { try runRoot(template.program, in: context) } catch {
      output.truncate(to: start)
      throw error
    }
    return TemplateModule(template, context, text: output.cut(from: start))
  }

  /// Renders the template this interpreter was made for.
  func run() throws {
    let program = rootContext.program
    do {
      try runRoot(program, in: rootContext)
      try checkPostponed()
    } catch { throw located(error, nil) }
  }
  var topContext: RenderContext { rootContext }

  // MARK: - Limits and errors

  @inline(__always) func countIteration(_ span: Span) throws {
    iterationsLeft &-= 1
    if iterationsLeft < 0 || output.overflowed { throw overLimit(span) }
  }

  @inline(never) private func overLimit(_ span: Span) -> any Error {
    if output.overflowed { return located(outputError, span) }
    return located(
      TemplateError(.limit, "the template's loops ran more than \(environment.limits.iterations) times"), span)
  }

  private var outputError: TemplateError {
    TemplateError(.limit, "the output is larger than \(output.limit) bytes")
  }

  /// Text that an include without context wrote while output was being captured: as in Jinja2, it is not captured
  /// but comes before what is.
  var escapedText: [Str] = []
  func releaseEscapedText() {
    if escapedText.isEmpty { return }
    for text in escapedText { output.append(text) }
    escapedText = []
  }

  /// An error that counts only when the output it is part of is put together.
  private var postponed: (any Error)?
  func postpone(_ error: any Error) { if postponed == nil { postponed = error } }
  var hasPostponed: Bool { postponed != nil }
  /// Throws what was postponed, unless it was there before what is being put together now.
  @inline(__always) func checkPostponed(_ before: Bool = false) throws {
    if let postponed, !before {
      self.postponed = nil
      throw postponed
    }
  }

  func checkOutput() throws { if output.overflowed { throw outputError } }

  /// What a block's body wrote, taken off the output again; no text when the body was left on another way than by its end.
  func captured(_ body: Body, isOutermost: Bool, markup: @autoclosure () -> Bool) throws -> (text: Str?, flow: Flow) {
    let start = output.count
    let hadPostponed = hasPostponed
    let flow = try capturing(start) { try body.run(self) }
    if flow != .next {
      output.truncate(to: start)
      return (nil, flow)
    }
    let text = output.cut(from: start, markup: markup())
    if isOutermost { releaseEscapedText() }
    try checkPostponed(hadPostponed)
    return (text, .next)
  }

  /// Runs what writes output to be captured from `start`; cuts it off when that fails.
  @inline(__always) func capturing<T>(_ start: Int, _ body: () throws -> T) throws -> T {
    do { return try body() } catch {
      output.truncate(to: start)
      throw error
    }
  }

  /// An error with a place in the running template, unless it has one. Errors of the host are wrapped.
  @inline(never) func located(_ error: any Error, _ span: Span?) -> any Error {
    if error is ReturnSignal { return error }
    let wrapped = error as? TemplateError ?? TemplateError(.host, "\(error)", underlying: error)
    guard let span else { return wrapped }
    if wrapped.range == nil {
      wrapped.range = frame.program.range(span)
    } else if let last = wrapped.chain.indices.last, wrapped.chain[last].range == nil {
      wrapped.chain[last].range = frame.program.range(span)
    }
    return wrapped
  }

  /// An error on its way out of a macro, block or template.
  @inline(never) func inCall(_ name: String, _ error: any Error, _ span: Span? = nil) -> any Error {
    guard let error = located(error, nil) as? TemplateError else { return error }
    error.chain.append(.init(name: name, range: span.map { frame.program.range($0) }))
    return error
  }

  /// "line 3" or "line 3 in 'x.sql'", as Jinja2 writes it.
  func place(_ span: Span) -> String {
    let line = frame.program.range(span).start.line
    let name = frame.program.source.name
    return name.isEmpty || name == "<template>" ? "line \(line)" : "line \(line) in '\(name)'"
  }

  @inline(__always) func emit(_ value: Value) throws {
    switch value {
    case .string(let s): output.append(s)
    case .int(let i): output.append(i)
    default: try value.append(to: output, self)
    }
  }
}
