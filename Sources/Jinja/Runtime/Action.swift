/// What running a statement leads to.
enum Flow: UInt8 {
  case next, breakLoop, continueLoop
  /// The running macro was left with `Interpreter.returned`.
  case leave
}

/// A compiled statement.
class Action: @unchecked Sendable {
  func run(_ r: Interpreter) throws -> Flow { .next }
}

/// Statements in a row. Kept as unmanaged references, so that running one does not touch its reference count.
final class Body: @unchecked Sendable {
  private let base: UnsafeMutablePointer<Unmanaged<Action>>
  let count: Int

  init(_ actions: [Action]) {
    count = actions.count
    base = .allocate(capacity: max(count, 1))
    for (i, action) in actions.enumerated() { (base + i).initialize(to: .passRetained(action)) }
  }

  deinit {
    for i in 0..<count { base[i].release() }
    base.deallocate()
  }

  var isEmpty: Bool { count == 0 }

  @inline(__always) func run(_ r: Interpreter) throws -> Flow {
    var i = 0
    while i < count {
      let flow = try base[i]._withUnsafeGuaranteedRef { try $0.run(r) }
      if flow != .next { return flow }
      i &+= 1
    }
    return .next
  }
}

// MARK: - Output

/// Text of the template.
final class TextAction: Action, @unchecked Sendable {
  private let text: Str
  private let bytes: UnsafePointer<UInt8>
  private let count: Int
  init(_ text: Str) {
    self.text = text
    bytes = text.withUTF8 { UnsafePointer($0.baseAddress ?? UnsafePointer(bitPattern: 1)!) }
    count = text.count
  }
  override func run(_ r: Interpreter) throws -> Flow {
    r.output.append(bytes, count)
    return .next
  }
}

/// `{{ … }}`
final class PrintAction: Action, @unchecked Sendable {
  private let code: Code
  init(_ code: Code) { self.code = code }
  override func run(_ r: Interpreter) throws -> Flow {
    do { try code.emit(r) } catch { throw code.located(error, r) }
    return .next
  }
}

/// `{{ … }}` where output is escaped: always, or where the running context says so.
final class PrintEscapedAction: Action, @unchecked Sendable {
  private let code: Code
  private let always: Bool
  init(_ code: Code, always: Bool) {
    self.code = code
    self.always = always
  }
  override func run(_ r: Interpreter) throws -> Flow {
    do {
      if !always, !r.autoescape {
        try code.emit(r)
      } else {
        try Escape.write(code.eval(r), to: r.output, r)
      }
    } catch { throw code.located(error, r) }
    return .next
  }
}

/// A value printed as it is, where Jinja2 expects a string already (the results of call and filter blocks).
final class PrintRawAction: Action, @unchecked Sendable {
  private let code: Code
  init(_ code: Code) { self.code = code }
  override func run(_ r: Interpreter) throws -> Flow {
    do { try code.emit(r) } catch { throw code.located(error, r) }
    return .next
  }
}

/// Native rendering: text and values are collected instead of written.
final class CollectAction: Action, @unchecked Sendable {
  private let code: Code
  init(_ code: Code) { self.code = code }
  override func run(_ r: Interpreter) throws -> Flow {
    do { r.collected.append(try code.eval(r)) } catch { throw code.located(error, r) }
    return .next
  }
}

/// `{% filter … %}…{% endfilter %}`
final class FilterBlockAction: Action, @unchecked Sendable {
  private let body: Body
  private let capturedSlot: Int
  private let filter: Code
  private let autoescape: EscapeMode
  /// No other capture of this function is around.
  private let isOutermost: Bool
  init(_ body: Body, capturedSlot: Int, filter: Code, autoescape: EscapeMode, isOutermost: Bool) {
    self.isOutermost = isOutermost
    self.body = body
    self.capturedSlot = capturedSlot
    self.filter = filter
    self.autoescape = autoescape
  }
  override func run(_ r: Interpreter) throws -> Flow {
    let captured = try r.captured(body, isOutermost: isOutermost, markup: autoescape.isOn(r))
    guard let text = captured.text else { return captured.flow }
    r.slots[capturedSlot] = .string(text)
    defer { r.slots[capturedSlot] = .missing }
    let value: Value
    do { value = try filter.eval(r) } catch { throw filter.located(error, r) }
    guard case .string(let text) = value else {
      // Jinja2 finds out only when it joins the pieces.
      r.postpone(
        filter.located(
          TemplateError(.type, "sequence item 0: expected str instance, \(value.typeName) found"), r))
      return .next
    }
    r.output.append(text)
    return .next
  }
}

/// Whether output is escaped, as far as it is known when a template is compiled.
enum EscapeMode: UInt8 {
  case off, on, dynamic
  @inline(__always) func isOn(_ r: Interpreter) -> Bool {
    switch self {
    case .off: false
    case .on: true
    case .dynamic: r.autoescape
    }
  }
}

/// What the variables of a scope are when it is entered.
final class EnterAction: Action, @unchecked Sendable {
  enum Load {
    case undefined(Int)
    case copy(from: Code, to: Int)
    case context(Int, Str, to: Int)
  }
  /// Variables that are not set at first: most of them all, and kept apart so that they cost no reference counting.
  private let unset: UnsafeMutableBufferPointer<Int>
  private let loads: [Load]

  init(_ loads: [Load]) {
    let slots = loads.compactMap { if case .undefined(let slot) = $0 { slot } else { nil } }
    unset = .allocate(capacity: slots.count)
    _ = unset.initialize(from: slots)
    self.loads = loads.filter { if case .undefined = $0 { false } else { true } }
  }

  deinit { unset.deallocate() }

  override func run(_ r: Interpreter) throws -> Flow {
    for slot in unset { r.slots[slot] = .missing }
    if loads.isEmpty { return .next }
    for load in loads {
      switch load {
      case .undefined(let slot): r.slots[slot] = .missing
      case .copy(let code, let slot):
        r.slots[slot] = (code as? LocalCode).map { r.slots[$0.slot] } ?? (code as? OuterCode)?.raw(r) ?? .missing
      case .context(let index, let name, let slot):
        if case .float(let d) = r.names[index], d.bitPattern == Value.unresolvedBits { r.resolve(index, name) }
        r.slots[slot] = r.names[index]
      }
    }
    return .next
  }
}

// MARK: - Branches and scopes

final class BranchAction: Action, @unchecked Sendable {
  private let test: Code
  private let then: Body
  private let otherwise: Body
  init(_ test: Code, _ then: Body, _ otherwise: Body) {
    self.test = test
    self.then = then
    self.otherwise = otherwise
  }
  override func run(_ r: Interpreter) throws -> Flow {
    let holds: Bool
    do { holds = try test.truth(r) } catch { throw test.located(error, r) }
    return holds ? try then.run(r) : try otherwise.run(r)
  }
}

final class BranchesAction: Action, @unchecked Sendable {
  private let branches: [(test: Code, body: Body)]
  private let otherwise: Body
  init(_ branches: [(test: Code, body: Body)], _ otherwise: Body) {
    self.branches = branches
    self.otherwise = otherwise
  }
  override func run(_ r: Interpreter) throws -> Flow {
    for (test, body) in branches {
      let holds: Bool
      do { holds = try test.truth(r) } catch { throw test.located(error, r) }
      if holds { return try body.run(r) }
    }
    return try otherwise.run(r)
  }
}

/// `{% with %}` and other scopes: assignments, then a body.
final class ScopeAction: Action, @unchecked Sendable {
  private let enter: EnterAction?
  private let assignments: [(target: Target, value: Code)]
  private let body: Body
  init(_ enter: EnterAction?, _ assignments: [(target: Target, value: Code)], _ body: Body) {
    self.enter = enter
    self.assignments = assignments
    self.body = body
  }
  override func run(_ r: Interpreter) throws -> Flow {
    _ = try enter?.run(r)
    for (target, value) in assignments {
      do { try target.assign(value.eval(r), r) } catch { throw value.located(error, r) }
    }
    return try body.run(r)
  }
}

/// `{% autoescape %}`
final class AutoescapeAction: Action, @unchecked Sendable {
  private let value: Code
  private let body: Body
  init(_ value: Code, _ body: Body) {
    self.value = value
    self.body = body
  }
  override func run(_ r: Interpreter) throws -> Flow {
    let saved = r.autoescape
    let isOn: Bool
    do { isOn = try value.truth(r) } catch { throw value.located(error, r) }
    r.setAutoescape(isOn)
    defer { r.setAutoescape(saved) }
    return try body.run(r)
  }
}

final class ExpressionAction: Action, @unchecked Sendable {
  private let code: Code
  init(_ code: Code) { self.code = code }
  override func run(_ r: Interpreter) throws -> Flow {
    do { _ = try code.eval(r) } catch { throw code.located(error, r) }
    return .next
  }
}

final class FlowAction: Action, @unchecked Sendable {
  private let flow: Flow
  init(_ flow: Flow) { self.flow = flow }
  override func run(_ r: Interpreter) throws -> Flow { flow }
}

/// An error that Jinja2 raises when the statement is reached.
final class FailAction: Action, @unchecked Sendable {
  private let kind: TemplateError.Kind
  private let message: String
  private let span: Span
  init(_ kind: TemplateError.Kind, _ message: String, _ span: Span) {
    self.kind = kind
    self.message = message
    self.span = span
  }
  override func run(_ r: Interpreter) throws -> Flow { throw r.located(TemplateError(kind, message), span) }
}
