/// `a.name`
final class AttributeCode: Code, @unchecked Sendable {
  let operand: Code
  let name: Str
  /// A dict has no method of this name, so that the key may be looked up at once.
  fileprivate let isPlainKey: Bool
  init(_ operand: Code, _ name: Str, _ span: Span) {
    self.operand = operand
    self.name = name
    isPlainKey = !DictMethodNames.contain(name) && !name.isUnsafeAttribute
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value {
    if let place = place(r) { return place.pointee }
    let value = try operand.eval(r)
    if isPlainKey, case .dict(let dict) = value {
      if let found = dict[name] { return found }
      return r.undefined(name: name.string, owner: value)
    }
    do { return try r.getAttribute(value, name) } catch { throw located(error, r) }
  }
  override func place(_ r: Interpreter) -> UnsafePointer<Value>? { stored(r) }
  override func emit(_ r: Interpreter) throws {
    if let place = stored(r), Borrowed.tag(place) == Borrowed.stringTag {
      Borrowed.reference(place, Str.self)._withUnsafeGuaranteedRef { r.output.append($0) }
    } else {
      try r.emit(eval(r))
    }
  }
}

extension AttributeCode {
  /// Where a dict that a variable holds keeps the value, when it has it.
  @inline(__always) fileprivate func stored(_ r: Interpreter) -> UnsafePointer<Value>? {
    guard isPlainKey, let place = operand.place(r), Borrowed.tag(place) == Borrowed.dictTag else { return nil }
    return Borrowed.reference(place, DictObject.self)._withUnsafeGuaranteedRef { $0.place(of: name) }
  }
}

/// `loop.index` and the like, without a look-up by name.
final class LoopAttributeCode: Code, @unchecked Sendable {
  private let slot: Int
  private let attribute: LoopAttribute
  init(_ slot: Int, _ attribute: LoopAttribute, _ span: Span) {
    self.slot = slot
    self.attribute = attribute
    super.init(span)
  }
  /// The slot holds the loop, or nothing.
  @inline(__always) private func loop(_ r: Interpreter) -> Unmanaged<LoopObject>? {
    let place = UnsafePointer(r.slots + slot)
    return Borrowed.tag(place) == Borrowed.objectTag ? Borrowed.reference(place, LoopObject.self) : nil
  }
  override func eval(_ r: Interpreter) throws -> Value {
    guard let loop = loop(r) else { return r.undefined(name: "loop") }
    return try loop._withUnsafeGuaranteedRef { try $0.value(attribute, r) }
  }
  override func emit(_ r: Interpreter) throws {
    guard let loop = loop(r) else { return try r.emit(r.undefined(name: "loop")) }
    switch attribute {
    case .index: r.output.append(loop._withUnsafeGuaranteedRef { $0.index0 } &+ 1)
    case .index0: r.output.append(loop._withUnsafeGuaranteedRef { $0.index0 })
    default: try r.emit(loop._withUnsafeGuaranteedRef { try $0.value(attribute, r) })
    }
  }
  override func truth(_ r: Interpreter) throws -> Bool {
    guard let loop = loop(r) else { return try r.truth(r.undefined(name: "loop")) }
    return try loop._withUnsafeGuaranteedRef { loop in
      switch attribute {
      case .first: loop.index0 == 0
      case .last: try loop.isLast()
      default: try r.truth(loop.value(attribute, r))
      }
    }
  }
}

/// `a[key]`
final class ItemCode: Code, @unchecked Sendable {
  private let operand: Code
  private let key: Code
  init(_ operand: Code, _ key: Code, _ span: Span) {
    self.operand = operand
    self.key = key
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value {
    let value = try operand.eval(r)
    let key = try key.eval(r)
    if case .dict(let dict) = value, case .string(let name) = key, let found = dict[name] { return found }
    if case .list(let list) = value, case .int(let i) = key, i >= 0, i < list.items.count { return list.items[i] }
    do { return try r.getItem(value, key) } catch { throw located(error, r) }
  }
}

/// `a[start:stop:step]`
final class SliceCode: Code, @unchecked Sendable {
  private let operand: Code
  private let start: Code?
  private let stop: Code?
  private let step: Code?
  init(_ operand: Code, _ start: Code?, _ stop: Code?, _ step: Code?, _ span: Span) {
    self.operand = operand
    self.start = start
    self.stop = stop
    self.step = step
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value {
    let value = try operand.eval(r)
    let start = try start?.eval(r) ?? .none
    let stop = try stop?.eval(r) ?? .none
    let step = try step?.eval(r) ?? .none
    do {
      if case .undefined(let undefined) = value {
        if undefined.kind == .chainable || (undefined.kind == .dbt && r.answersUndefined) { return value }
        throw undefined.error()
      }
      return try value.slice(start, stop, step)
    } catch { throw located(error, r) }
  }
}

// MARK: - Calls

/// The arguments of a call as code.
final class ArgumentsCode: @unchecked Sendable {
  let positional: [Code]
  let keywords: [(name: Str, value: Code)]
  let star: Code?
  let doubleStar: Code?

  let isEmpty: Bool
  /// No `*` or `**`.
  let isFixed: Bool
  /// The code of `positional` and then of `keywords`, for use without reference counting.
  private let values: UnsafeMutablePointer<Unmanaged<Code>>
  let positionalCount: Int
  let keywordCount: Int

  static let none = ArgumentsCode(positional: [], keywords: [], star: nil, doubleStar: nil)

  init(positional: [Code], keywords: [(name: Str, value: Code)], star: Code?, doubleStar: Code?) {
    self.positional = positional
    self.keywords = keywords
    self.star = star
    self.doubleStar = doubleStar
    isFixed = star == nil && doubleStar == nil
    isEmpty = positional.isEmpty && keywords.isEmpty && isFixed
    positionalCount = positional.count
    keywordCount = keywords.count
    values = .allocate(capacity: max(1, positional.count + keywords.count))
    for i in 0..<positional.count { (values + i).initialize(to: .passUnretained(positional[i])) }
    for i in 0..<keywords.count {
      (values + positionalCount + i).initialize(to: .passUnretained(keywords[i].value))
    }
  }

  deinit { values.deallocate() }

  /// The arguments when all are constants, without keywords; nil otherwise.
  var constants: [Value]? {
    if isEmpty { return [] }
    return keywordCount == 0 ? constantArguments?.positional : nil
  }

  /// The arguments when all are constants; nil otherwise.
  var constantArguments: Arguments? {
    guard isFixed else { return nil }
    var arguments = Arguments()
    for code in positional {
      guard let value = code.constant, value.isFiniteConstant else { return nil }
      arguments.positional.append(value)
    }
    for (name, code) in keywords {
      guard let value = code.constant, value.isFiniteConstant else { return nil }
      arguments.keywords.append((name, value))
    }
    return arguments
  }

  /// The value of the i-th argument, keyword ones counted after the positional ones.
  @inline(__always) func value(_ i: Int, _ r: Interpreter) throws -> Value {
    try values[i]._withUnsafeGuaranteedRef { try $0.eval(r) }
  }

  @inline(__always) func eval(_ r: Interpreter) throws -> Arguments {
    if isEmpty { return Arguments() }
    return try evalAll(r)
  }

  private func evalAll(_ r: Interpreter) throws -> Arguments {
    var arguments = Arguments()
    arguments.positional.reserveCapacity(positional.count)
    for i in 0..<positionalCount { arguments.positional.append(try value(i, r)) }
    if !keywords.isEmpty {
      arguments.keywords.reserveCapacity(keywords.count)
      for (name, code) in keywords { arguments.keywords.append((name, try code.eval(r))) }
    }
    if let star {
      let iterator = try star.eval(r).iterate(r)
      while let value = try iterator.next() { arguments.positional.append(value) }
    }
    if let doubleStar {
      let mapping = try doubleStar.eval(r)
      guard mapping.isMapping else {
        if case .undefined(let undefined) = mapping { throw undefined.error() }
        throw TemplateError(.type, "argument after ** must be a mapping, not \(mapping.typeName)")
      }
      for pair in try mapping.mappingItems(r) {
        guard case .string(let name) = pair.key else { throw TemplateError(.type, "keywords must be strings") }
        if arguments.keywords.contains(where: { $0.name == name }) {
          throw TemplateError(.type, "got multiple values for keyword argument '\(name.string)'")
        }
        arguments.keywords.append((name, pair.value))
      }
    }
    return arguments
  }
}

/// `f(…)`
final class CallCode: Code, @unchecked Sendable {
  private let callee: Code
  private let arguments: ArgumentsCode
  /// The caller of a call block, given as a keyword argument.
  private let caller: CallerCode?
  init(_ callee: Code, _ arguments: ArgumentsCode, caller: CallerCode?, _ span: Span) {
    self.callee = callee
    self.arguments = arguments
    self.caller = caller
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value {
    let function = try callee.eval(r)
    do {
      if case .object(let object) = function {
        if arguments.isFixed, let (macro, host) = try Self.macro(object) {
          return try r.callMacro(macro, host, arguments, caller, span)
        }
        return try object.call(evalArguments(r), r)
      }
      return try r.call(function, evalArguments(r))
    } catch { throw located(error, r) }
  }

  /// What is called when it is a macro, and the host's macro that it belongs to.
  @inline(__always) private static func macro(_ object: Object) throws -> (MacroObject, HostMacro?)? {
    if object.isMacro { return (unsafeDowncast(object, to: MacroObject.self), nil) }
    guard object.isHostMacro else { return nil }
    let host = unsafeDowncast(object, to: HostMacro.self)
    return (try host.template().object, host)
  }

  private func evalArguments(_ r: Interpreter) throws -> Arguments {
    var values = try arguments.eval(r)
    if let caller { values.keywords.append((NameTable.of(.caller).text, try caller.eval(r))) }
    return values
  }

  override func emit(_ r: Interpreter) throws {
    let function = try callee.eval(r)
    if case .object(let object) = function, arguments.isFixed {
      do {
        if let (macro, host) = try Self.macro(object) {
          if let value = try r.emitMacro(macro, host, arguments, caller, span) { try r.emit(value) }
          return
        }
      } catch { throw located(error, r) }
    }
    do { try r.emit(r.call(function, evalArguments(r))) } catch { throw located(error, r) }
  }
}

/// `a.name(…)`, without making a bound method.
final class MethodCallCode: Code, @unchecked Sendable {
  private let operand: Code
  private let name: Str
  private let arguments: ArgumentsCode
  private let isPlainKey: Bool
  init(_ operand: Code, _ name: Str, _ arguments: ArgumentsCode, _ span: Span) {
    self.operand = operand
    self.name = name
    self.arguments = arguments
    isPlainKey = !DictMethodNames.contain(name)
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value {
    let receiver = try operand.eval(r)
    do {
      if name.isUnsafeAttribute { return try r.call(r.getAttribute(receiver, name), arguments.eval(r)) }
      if isPlainKey, case .dict(let dict) = receiver, let callee = dict[name] {
        return try r.call(callee, arguments.eval(r))
      }
      if case .undefined = receiver {
        let callee = try r.getAttribute(receiver, name)
        return try r.call(callee, arguments.eval(r))
      }
      return try r.callMethod(receiver, name, arguments.eval(r))
    } catch { throw located(error, r) }
  }
}

/// `value|name(…)`
final class FilterCode: Code, @unchecked Sendable {
  private let operand: Code
  private let body: FilterBody
  private let arguments: ArgumentsCode
  init(_ operand: Code, _ body: @escaping FilterBody, _ arguments: ArgumentsCode, _ span: Span) {
    self.operand = operand
    self.body = body
    self.arguments = arguments
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value {
    let value = try operand.eval(r)
    let arguments = try arguments.eval(r)
    do { return try body(r, value, arguments) } catch { throw located(error, r) }
  }
}

/// A filter or test that does not exist, which is an error only when it is reached.
final class UnknownCode: Code, @unchecked Sendable {
  private let message: String
  init(_ message: String, _ span: Span) {
    self.message = message
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value { throw located(TemplateError(.runtime, message), r) }
}

/// `value is name(…)`
final class TestCode: Code, @unchecked Sendable {
  private let operand: Code
  private let body: TestBody
  private let arguments: ArgumentsCode
  init(_ operand: Code, _ body: @escaping TestBody, _ arguments: ArgumentsCode, _ span: Span) {
    self.operand = operand
    self.body = body
    self.arguments = arguments
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value { .bool(try truth(r)) }
  override func truth(_ r: Interpreter) throws -> Bool {
    let value = try operand.eval(r)
    let arguments = try arguments.eval(r)
    do { return try body(r, value, arguments) } catch { throw located(error, r) }
  }
}

/// `value is name(…)` with constant arguments.
final class ConstantTestCode: Code, @unchecked Sendable {
  private let operand: Code
  private let test: ItemTest
  init(_ operand: Code, _ test: ItemTest, _ span: Span) {
    self.operand = operand
    self.test = test
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value { .bool(try truth(r)) }
  override func truth(_ r: Interpreter) throws -> Bool {
    // A place that holds a float may belong to a variable that is not set, or not looked up yet.
    if let place = operand.place(r), Borrowed.tag(place) != Borrowed.floatTag {
      do { return try test.holds(place, r) } catch { throw located(error, r) }
    }
    var value = try operand.eval(r)
    do { return try test.holds(&value, r) } catch { throw located(error, r) }
  }
}

/// What the filter of a filter block or a block set is applied to: the text captured so far.
final class CapturedCode: Code, @unchecked Sendable {
  private let slot: Int
  init(slot: Int, _ span: Span) {
    self.slot = slot
    super.init(span)
  }
  override func eval(_ r: Interpreter) throws -> Value { r.slots[slot] }
}

extension Str {
  /// Attributes the sandbox keeps from templates: everything that starts with an underscore.
  var isUnsafeAttribute: Bool { withUTF8 { $0.first == 0x5F } }
}

/// Names that are methods of dicts, and therefore not keys in `a.name`.
enum DictMethodNames {
  nonisolated(unsafe) private static let dict = Value.dict(DictObject())
  static func contain(_ name: Str) -> Bool { Methods.has(dict, name) }
}
