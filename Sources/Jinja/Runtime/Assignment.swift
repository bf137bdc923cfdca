/// What an assignment writes to.
indirect enum Target {
  case slot(Int)
  case tuple([Target], Span)
  /// `ns.name`; the code gives the namespace.
  case attribute(Code, Str)

  func assign(_ value: Value, _ r: Interpreter) throws {
    switch self {
    case .slot(let slot): r.slots[slot] = value
    case .attribute(let code, let name):
      guard case .object(let object) = try code.eval(r) else { throw Target.notNamespace }
      try object.setAttribute(name, value)
    case .tuple(let targets, let span):
      do { try Target.unpack(value, targets, r) } catch { throw r.located(error, span) }
    }
  }

  /// What was assigned, read back from the target: a tuple where it was unpacked; nil when it is one variable.
  func value(_ r: Interpreter) -> Value? {
    guard case .tuple(let targets, _) = self else { return nil }
    return .tuple(
      targets.map { target in
        if case .slot(let slot) = target { return r.slots[slot] }
        return target.value(r) ?? .none
      })
  }

  private static var notNamespace: TemplateError {
    TemplateError(.runtime, "cannot assign attribute on non-namespace object")
  }

  /// Jinja2 looks whether all namespaces are namespaces before anything is evaluated.
  func check(_ r: Interpreter) throws {
    switch self {
    case .slot: break
    case .tuple(let targets, _): for target in targets { try target.check(r) }
    case .attribute(let code, _):
      guard case .object(let object) = try code.eval(r), object is NamespaceObject else { throw Target.notNamespace }
    }
  }

  var hasAttributes: Bool {
    switch self {
    case .slot: false
    case .tuple(let targets, _): targets.contains { $0.hasAttributes }
    case .attribute: true
    }
  }

  private static func unpack(_ value: Value, _ targets: [Target], _ r: Interpreter) throws {
    switch value {
    case .tuple(let t) where t.items.count == targets.count:
      for i in targets.indices { try targets[i].assign(t.items[i], r) }
    case .list(let l) where l.items.count == targets.count:
      let items = l.items
      for i in targets.indices { try targets[i].assign(items[i], r) }
    default:
      let iterator: ValueIterator
      do { iterator = try value.iterate(r) } catch let error as TemplateError where error.kind == .type {
        throw TemplateError(.type, "cannot unpack non-iterable \(value.typeName) object")
      }
      var items: [Value] = []
      while items.count < targets.count, let item = try iterator.next() { items.append(item) }
      if items.count < targets.count {
        throw TemplateError(
          .value, "not enough values to unpack (expected \(targets.count), got \(items.count))")
      }
      if try iterator.next() != nil {
        throw TemplateError(.value, "too many values to unpack (expected \(targets.count))")
      }
      for i in targets.indices { try targets[i].assign(items[i], r) }
    }
  }
}

/// `{% set x = … %}` for one variable of the running function.
final class SetSlotAction: Action, @unchecked Sendable {
  private let slot: Int
  private let value: Code
  init(_ slot: Int, _ value: Code) {
    self.slot = slot
    self.value = value
  }
  override func run(_ r: Interpreter) throws -> Flow {
    let result: Value
    do { result = try value.eval(r) } catch { throw value.located(error, r) }
    r.slots[slot] = result
    return .next
  }
}

/// `{% set … = … %}`
final class SetAction: Action, @unchecked Sendable {
  private let target: Target
  private let value: Code
  private let exports: [Export]
  private let span: Span
  init(_ target: Target, _ value: Code, exports: [Export], _ span: Span) {
    self.target = target
    self.value = value
    self.exports = exports
    self.span = span
  }
  override func run(_ r: Interpreter) throws -> Flow {
    do {
      if target.hasAttributes { try target.check(r) }
      try target.assign(value.eval(r), r)
    } catch { throw r.located(error, span) }
    for export in exports { export.run(r) }
    return .next
  }
}

/// A variable of the top level that blocks, includes and importing templates see under its name.
struct Export {
  let name: Str
  let slot: Int
  /// Importing templates see it too: it was set here, not imported, and does not start with an underscore.
  let isPublic: Bool

  func run(_ r: Interpreter) {
    r.context.set(name, r.slots[slot])
    r.context.exported[name] = isPublic ? true : nil
  }
}

/// `{% set x %}…{% endset %}`
final class SetBlockAction: Action, @unchecked Sendable {
  private let target: Target
  private let body: Body
  private let capturedSlot: Int
  private let filter: Code?
  private let exports: [Export]
  private let span: Span
  private let isOutermost: Bool
  init(
    _ target: Target, _ body: Body, capturedSlot: Int, filter: Code?, exports: [Export], isOutermost: Bool, _ span: Span
  ) {
    self.isOutermost = isOutermost
    self.target = target
    self.body = body
    self.capturedSlot = capturedSlot
    self.filter = filter
    self.exports = exports
    self.span = span
  }
  override func run(_ r: Interpreter) throws -> Flow {
    do {
      let captured = try r.captured(body, isOutermost: isOutermost, markup: r.autoescape)
      guard let text = captured.text else { return captured.flow }
      var value = Value.string(text)
      if let filter {
        r.slots[capturedSlot] = value
        defer { r.slots[capturedSlot] = .missing }
        value = try filter.eval(r)
        if r.autoescape { value = .string(try value.str(r).marked(true)) }
      }
      try target.assign(value, r)
    } catch { throw r.located(error, span) }
    for export in exports { export.run(r) }
    return .next
  }
}
