/// `{% for %}`
final class LoopCode: @unchecked Sendable {
  var target = Target.tuple([], Span(0, 0))
  /// The slot of the target when that is one name; -1 otherwise.
  var targetSlot = -1
  var test: (target: Target, enter: EnterAction?, code: Code)?
  /// The slot of `loop`, where the body uses it; -1 otherwise.
  var loopSlot = -1
  var enter: EnterAction? { didSet { enterReference = enter.map { .passUnretained($0) } } }
  var body = Body([]) { didSet { bodyReference = .passUnretained(body) } }
  var elseEnter: EnterAction?
  var otherwise = Body([])
  var clears: [Int] = []
  var span = Span(0, 0)
  /// What a recursive loop runs as, with variables of its own.
  var function: FunctionCode?
  /// A recursive loop with an include without context in it, which Jinja2 compiles to a generator by mistake: nothing
  /// of it runs, and the output it is part of can't be put together.
  var isGenerator = false
  /// `enter` and `body` for use without reference counting.
  private var enterReference: Unmanaged<EnterAction>?
  private var bodyReference: Unmanaged<Body>

  init() { bodyReference = .passUnretained(body) }

  /// Runs the loop over `items` in the running function.
  func run(_ items: Value, depth: Int, recursive: RecursiveLoop?, _ r: Interpreter) throws -> Flow {
    if test == nil, case .list(let list) = items {
      if loopSlot < 0 { return try runList(list, nil, r) }
      let loop = LoopObject(ArrayIterator([]), source: items, depth0: depth, recursive: recursive)
      r.slots[loopSlot] = .object(loop)
      defer { r.slots[loopSlot] = .missing }
      return try runList(list, loop, r)
    }
    var isComplete = false
    var source: Value? = items
    let iterator: ValueIterator
    do { iterator = try items.iterate(r) } catch { throw r.located(error, span) }
    var cursor = iterator
    if test != nil {
      cursor = FilteredIterator(iterator, self, r)
      source = nil
    }
    if loopSlot < 0 {
      while let item = try next(cursor, r) {
        switch try iteration(item, r) {
        case .next: isComplete = true
        case .continueLoop: break
        case .breakLoop: return try finish(isComplete, r)
        case .leave: return .leave
        }
      }
      return try finish(isComplete, r)
    }
    let loop = LoopObject(cursor, source: source, depth0: depth, recursive: recursive)
    r.slots[loopSlot] = .object(loop)
    defer { r.slots[loopSlot] = .missing }
    while let item = try nextItem(loop, r) {
      switch try iteration(item, r) {
      case .next: isComplete = true
      case .continueLoop: break
      case .breakLoop: return try finish(isComplete, r)
      case .leave: return .leave
      }
    }
    return try finish(isComplete, r)
  }

  /// A list is walked by position: what the body adds to it is seen too.
  private func runList(_ list: ListObject, _ loop: LoopObject?, _ r: Interpreter) throws -> Flow {
    var i = 0
    var isComplete = false
    while i < list.items.count {
      let item = list.item(i)
      loop?.index0 = i
      let flow = try iteration(item, r)
      // A loop over `loop` itself moves it.
      i = (loop?.index0 ?? i) + 1
      switch flow {
      case .next: isComplete = true
      case .continueLoop: break
      case .breakLoop: return try finish(isComplete, r)
      case .leave: return .leave
      }
    }
    return try finish(isComplete, r)
  }

  private func next(_ cursor: ValueIterator, _ r: Interpreter) throws -> Value? {
    do { return try cursor.next() } catch { throw r.located(error, span) }
  }
  private func nextItem(_ loop: LoopObject, _ r: Interpreter) throws -> Value? {
    do { return try loop.advance() } catch { throw r.located(error, span) }
  }

  @inline(__always) private func iteration(_ item: Value, _ r: Interpreter) throws -> Flow {
    try r.countIteration(span)
    if targetSlot >= 0 {
      r.slots[targetSlot] = item
    } else {
      do { try target.assign(item, r) } catch { throw r.located(error, span) }
    }
    if let enterReference { _ = try enterReference._withUnsafeGuaranteedRef { try $0.run(r) } }
    return try bodyReference._withUnsafeGuaranteedRef { try $0.run(r) }
  }

  /// After the last iteration. As in Jinja2, `else` runs unless some iteration got to the end of the body, which a
  /// `break` or `continue` in each of them prevents.
  @inline(__always) private func finish(_ isComplete: Bool, _ r: Interpreter) throws -> Flow {
    for slot in clears { r.slots[slot] = .missing }
    if isComplete || otherwise.isEmpty { return .next }
    _ = try elseEnter?.run(r)
    return try otherwise.run(r)
  }
}

final class LoopAction: Action, @unchecked Sendable {
  private let iterable: Code
  private let loop: LoopCode
  init(_ iterable: Code, _ loop: LoopCode) {
    self.iterable = iterable
    self.loop = loop
  }
  override func run(_ r: Interpreter) throws -> Flow {
    let items: Value
    do { items = try iterable.eval(r) } catch { throw iterable.located(error, r) }
    return try loop.run(items, depth: 0, recursive: nil, r)
  }
}

/// A recursive loop: a function that calls itself through `loop(…)`.
final class RecursiveLoopAction: Action, @unchecked Sendable {
  private let iterable: Code
  private let loop: LoopCode
  init(_ iterable: Code, _ loop: LoopCode) {
    self.iterable = iterable
    self.loop = loop
  }
  override func run(_ r: Interpreter) throws -> Flow {
    do {
      let items = try iterable.eval(r)
      if loop.isGenerator {
        r.postpone(
          iterable.located(TemplateError(.type, "sequence item 0: expected str instance, generator found"), r))
        return .next
      }
      try RecursiveLoop(loop, r).run(items, depth: 0, r)
    } catch { throw iterable.located(error, r) }
    return .next
  }
}

final class RecursiveLoop {
  private let loop: LoopCode
  private let closure: Closure?
  private let context: RenderContext
  private let names: Slots
  private let program: Program

  init(_ loop: LoopCode, _ r: Interpreter) {
    self.loop = loop
    closure = r.ownClosure
    context = r.context
    names = r.names
    program = r.program
  }

  /// Writes the loop's output.
  func run(_ items: Value, depth: Int, _ r: Interpreter) throws {
    guard let function = loop.function else { return }
    _ = try r.runFunction(function, closure: closure, context: context, names: names, program: program) { _ in
    } body: {
      try loop.run(items, depth: depth, recursive: self, r)
    }
  }
}

/// The items for which a loop's `if` holds, found when they are asked for.
private final class FilteredIterator: ValueIterator {
  private let source: ValueIterator
  private let loop: LoopCode
  private let r: Interpreter
  private let frame: Interpreter.Frame

  init(_ source: ValueIterator, _ loop: LoopCode, _ r: Interpreter) {
    self.source = source
    self.loop = loop
    self.r = r
    frame = r.frame
  }

  override func next() throws -> Value? {
    guard let test = loop.test else { return try source.next() }
    let running = r.frame
    r.frame = frame
    defer { r.frame = running }
    while let item = try source.next() {
      try r.countIteration(loop.span)
      try test.target.assign(item, r)
      _ = try test.enter?.run(r)
      let holds: Bool
      do { holds = try test.code.truth(r) } catch { throw test.code.located(error, r) }
      // As Jinja2's generator does, hand on what the target was unpacked to: a tuple, whatever the item was.
      if holds { return test.target.value(r) ?? item }
    }
    return nil
  }
}
