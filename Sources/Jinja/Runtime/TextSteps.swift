import Glibc

/// A filter from text to text, as work on bytes.
enum TextStep {
  case lower, upper, capitalize, trim
  /// `string`: text stays as it is.
  case string
  /// `replace` of something by something.
  case replace(Str, by: Str)
  /// `indent` of text that may turn out to be one line, which it leaves alone.
  case indent
  /// `escape`, whose result is Markup and which is therefore always the last step.
  case escape

  /// The step a built-in filter with these constant arguments is; nil when it is none.
  init?(_ name: Str, _ arguments: [Value]) {
    switch (name.string, arguments.count) {
    case ("lower", 0): self = .lower
    case ("upper", 0): self = .upper
    case ("capitalize", 0): self = .capitalize
    case ("trim", 0): self = .trim
    case ("string", 0): self = .string
    case ("e", 0), ("escape", 0): self = .escape
    case ("indent", 0): self = .indent
    case ("indent", 1): if case .int(0...1000) = arguments[0] { self = .indent } else { return nil }
    case ("replace", 2):
      guard case .string(let old) = arguments[0], case .string(let new) = arguments[1], !old.isEmpty, !old.isMarkup,
        !new.isMarkup
      else { return nil }
      self = .replace(old, by: new)
    default: return nil
    }
  }

  var isEscape: Bool { if case .escape = self { true } else { false } }
}

/// Text filters in a row, applied without making a string between them.
///
/// What can't be done on bytes alone (letters outside ASCII, Markup, values that are no text) is left to the filters
/// themselves, one after the other.
final class TextSteps: @unchecked Sendable {
  /// A step without references, so that running it counts none.
  private struct Work {
    enum Kind { case lower, upper, capitalize, trim, string, replace, indent, escape }
    let kind: Kind
    let old: UnsafeBufferPointer<UInt8>
    let new: UnsafeBufferPointer<UInt8>

    /// Valid as long as the step's strings.
    init(_ step: TextStep) {
      (kind, old, new) =
        switch step {
        case .lower: (.lower, .empty, .empty)
        case .upper: (.upper, .empty, .empty)
        case .capitalize: (.capitalize, .empty, .empty)
        case .trim: (.trim, .empty, .empty)
        case .string: (.string, .empty, .empty)
        case .indent: (.indent, .empty, .empty)
        case .escape: (.escape, .empty, .empty)
        case .replace(let old, let new): (.replace, old.withUTF8 { $0 }, new.withUTF8 { $0 })
        }
    }
  }

  private let steps: [TextStep]
  private let work: UnsafeMutablePointer<Work>
  private let count: Int
  private let filters: [(body: FilterBody, arguments: Arguments)]
  let escapes: Bool
  /// The first step is `string`.
  private let makesText: Bool

  private init(_ steps: [TextStep], _ filters: [(body: FilterBody, arguments: Arguments)]) {
    self.steps = steps
    self.filters = filters
    count = steps.count
    work = .allocate(capacity: count)
    for i in 0..<count { (work + i).initialize(to: Work(steps[i])) }
    escapes = steps.last?.isEscape ?? false
    makesText = if case .string? = steps.first { true } else { false }
  }

  deinit { work.deallocate() }

  convenience init(_ step: TextStep, _ body: @escaping FilterBody, _ arguments: [Value]) {
    self.init([step], [(body, Arguments(arguments))])
  }

  /// These steps and then another one; nil when nothing may follow.
  func followed(by step: TextStep, _ body: @escaping FilterBody, _ arguments: [Value]) -> TextSteps? {
    escapes ? nil : TextSteps(steps + [step], filters + [(body, Arguments(arguments))])
  }

  /// The filters one by one.
  func apply(_ value: Value, _ r: Interpreter) throws -> Value {
    if makesText, case .int(let number) = value {
      var text = StrBuilder(capacity: 20)
      text.append(number)
      return try self.value(of: text.finish(), r)
    }
    var value = value
    for (body, arguments) in filters { value = try body(r, value, arguments) }
    return value
  }

  func value(of text: Str, _ r: Interpreter) throws -> Value {
    guard let bytes = bytes(of: text, r.scratch) else { return try apply(.string(text), r) }
    if escapes { return .string(Escape.html(bytes)) }
    let isSame = text.withUTF8 { $0.baseAddress == bytes.baseAddress && $0.count == bytes.count }
    return .string(isSame ? text : Str.make(bytes))
  }

  /// Writes the result of the steps to the output; false when they can't be done on bytes.
  func emit(_ text: Str, _ r: Interpreter) -> Bool {
    guard let bytes = bytes(of: text, r.scratch) else { return false }
    if escapes { Escape.write(bytes, to: r.output) } else { r.output.append(bytes) }
    return true
  }

  /// The text after all steps but `escape`, in the scratch memory or where it was; nil when that can't be done here.
  private func bytes(of text: Str, _ scratch: Scratch) -> UnsafeBufferPointer<UInt8>? {
    if text.isMarkup { return nil }
    var bytes = text.withUTF8 { $0 }
    var isASCII: Bool?
    func ascii() -> Bool {
      if let isASCII { return isASCII }
      let found = Self.isASCII(bytes)
      isASCII = found
      return found
    }
    for i in 0..<count {
      switch work[i].kind {
      case .string, .escape: break
      case .trim: bytes = UnsafeBufferPointer(rebasing: bytes[StrTrim.spaces(bytes, left: true, right: true)])
      case .lower:
        guard ascii() else { return nil }
        bytes = Self.map(bytes, scratch) { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
      case .upper:
        guard ascii() else { return nil }
        bytes = Self.map(bytes, scratch) { $0 >= 0x61 && $0 <= 0x7A ? $0 & ~0x20 : $0 }
      case .capitalize:
        guard ascii() else { return nil }
        bytes = Self.map(bytes, scratch) { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
        if let first = bytes.first, first >= 0x61, first <= 0x7A { scratch.start.pointee = first & ~0x20 }
      case .replace:
        guard bytes.count &* max(work[i].new.count, 1) < 1 << 24 else { return nil }
        bytes = Self.replaced(bytes, work[i].old, work[i].new, scratch)
        isASCII = nil
      case .indent: if bytes.contains(where: { $0 < 0x20 || $0 >= 0x80 }) { return nil }
      }
    }
    return bytes
  }

  private static func isASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var all: UInt8 = 0
    for byte in bytes { all |= byte }
    return all < 0x80
  }

  @inline(__always) private static func map(
    _ bytes: UnsafeBufferPointer<UInt8>, _ scratch: Scratch, _ change: (UInt8) -> UInt8
  ) -> UnsafeBufferPointer<UInt8> {
    guard let source = bytes.baseAddress, bytes.count > 0 else { return bytes }
    let target = scratch.next(bytes.count)
    for i in 0..<bytes.count { target[i] = change(source[i]) }
    return UnsafeBufferPointer(start: target, count: bytes.count)
  }

  private static func replaced(
    _ bytes: UnsafeBufferPointer<UInt8>, _ old: UnsafeBufferPointer<UInt8>, _ new: UnsafeBufferPointer<UInt8>,
    _ scratch: Scratch
  ) -> UnsafeBufferPointer<UInt8> {
    guard let source = bytes.baseAddress, var found = ByteSearch.first(old, in: bytes, from: 0, to: bytes.count) else {
      return bytes
    }
    let most = new.count <= old.count ? bytes.count : bytes.count + bytes.count / old.count * new.count
    let target = scratch.next(most)
    var to = target
    var at = 0
    while true {
      memcpy(to, source + at, found - at)
      to += found - at
      if let replacement = new.baseAddress { memcpy(to, replacement, new.count) }
      to += new.count
      at = found + old.count
      guard let next = ByteSearch.first(old, in: bytes, from: at, to: bytes.count) else { break }
      found = next
    }
    memcpy(to, source + at, bytes.count - at)
    return UnsafeBufferPointer(start: target, count: to - target + bytes.count - at)
  }
}

extension UnsafeBufferPointer {
  fileprivate static var empty: Self { Self(start: nil, count: 0) }
}

/// Two pieces of memory that steps on bytes use in turn: one is read while the other is written.
final class Scratch {
  private var written = UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)
  private var other = UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)
  /// Where what was written last starts.
  private(set) var start = UnsafeMutablePointer<UInt8>(bitPattern: 8)!

  /// The other piece, with room for so many bytes.
  func next(_ count: Int) -> UnsafeMutablePointer<UInt8> {
    swap(&written, &other)
    if written.count < count || written.baseAddress == nil {
      written.deallocate()
      written = .allocate(capacity: max(256, count))
    }
    if let base = written.baseAddress { start = base }
    return start
  }

  deinit {
    written.deallocate()
    other.deallocate()
  }
}

/// `text|lower|replace('a', 'b')` and the like.
final class TextFilterCode: Code, @unchecked Sendable {
  private let operand: Code
  private let steps: TextSteps

  /// A built-in filter on a value, joined to those already applied to it; nil when it is no step on text.
  static func make(
    _ name: Str, _ operand: Code, _ arguments: ArgumentsCode, _ body: @escaping FilterBody, _ span: Span
  ) -> Code? {
    guard let constants = arguments.constants, let step = TextStep(name, constants) else { return nil }
    if let before = operand as? TextFilterCode {
      return before.steps.followed(by: step, body, constants).map { TextFilterCode(before.operand, $0, span) }
    }
    return TextFilterCode(operand, TextSteps(step, body, constants), span)
  }

  private init(_ operand: Code, _ steps: TextSteps, _ span: Span) {
    self.operand = operand
    self.steps = steps
    super.init(span)
  }

  override func eval(_ r: Interpreter) throws -> Value {
    let value = try operand.eval(r)
    do {
      if case .string(let text) = value { return try steps.value(of: text, r) }
      return try steps.apply(value, r)
    } catch { throw located(error, r) }
  }

  override func emit(_ r: Interpreter) throws {
    if let place = operand.place(r), Borrowed.tag(place) == Borrowed.stringTag,
      Borrowed.reference(place, Str.self)._withUnsafeGuaranteedRef({ steps.emit($0, r) })
    {
      return
    }
    let value = try operand.eval(r)
    if case .string(let text) = value, steps.emit(text, r) { return }
    do { try r.emit(steps.apply(value, r)) } catch { throw located(error, r) }
  }
}
