// What built-ins need of Python again and again, on top of the operations of values.

extension Str {
  /// A string made once and shared between threads.
  static func frozen(_ text: String) -> Str {
    let s = Str.make(text)
    s.freeze()
    return s
  }

  /// `s.lower()` without a copy where nothing changes; used for case-insensitive keys.
  func loweredKey(_ r: Interpreter) throws -> Str {
    enum Case { case lower, upper, other }
    let kind: Case = withUTF8 { bytes in
      var kind = Case.lower
      for byte in bytes {
        if byte >= 0x80 { return .other }
        if byte >= 0x41, byte <= 0x5A { kind = .upper }
      }
      return kind
    }
    switch kind {
    case .lower: return self
    case .upper:
      return withUTF8 { bytes in
        Str.make(capacity: bytes.count) { target in
          for i in bytes.indices {
            let byte = bytes[i]
            target[i] = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
          }
          return bytes.count
        }
      }
    case .other:
      guard case .string(let lowered)? = try Methods.call(.string(self), Names.lower, .none, r) else { return self }
      return lowered
    }
  }
}

enum Names {
  nonisolated(unsafe) static let lower = Str.frozen("lower")
  nonisolated(unsafe) static let upper = Str.frozen("upper")
  nonisolated(unsafe) static let capitalize = Str.frozen("capitalize")
  nonisolated(unsafe) static let center = Str.frozen("center")
  nonisolated(unsafe) static let strip = Str.frozen("strip")
  nonisolated(unsafe) static let replace = Str.frozen("replace")
  nonisolated(unsafe) static let items = Str.frozen("items")
  nonisolated(unsafe) static let splitlines = Str.frozen("splitlines")
  nonisolated(unsafe) static let islower = Str.frozen("islower")
  nonisolated(unsafe) static let isupper = Str.frozen("isupper")
  nonisolated(unsafe) static let attribute = Str.frozen("attribute")
  nonisolated(unsafe) static let `default` = Str.frozen("default")
  nonisolated(unsafe) static let space = Str.frozen(" ")
}

extension Value {
  /// `soft_str(x)`: Markup stays Markup.
  func softStr(_ r: Interpreter) throws -> Str {
    if case .string(let s) = self { return s }
    return try str(r)
  }

  /// `str(x)`: never Markup.
  func plainStr(_ r: Interpreter) throws -> Str {
    if case .string(let s) = self { return s.marked(false) }
    return try str(r).marked(false)
  }

  /// All items of something that can be iterated.
  func items(_ r: Interpreter) throws -> [Value] {
    switch self {
    case .list(let list): return list.items
    case .tuple(let tuple): return tuple.items
    default:
      let iterator = try iterate(r)
      var items: [Value] = []
      if let n = iterator.remaining { items.reserveCapacity(n) }
      while let item = try iterator.next() { items.append(item) }
      return items
    }
  }

  /// `operator.index(x)`, for arguments that have to be integers.
  func index() throws -> Int {
    if let i = asInt { return i }
    if typeName == "int" {
      throw TemplateError(.overflow, "Python int too large to convert to C ssize_t")
    }
    throw TemplateError(.type, "'\(typeName)' object cannot be interpreted as an integer")
  }

  /// The pairs of a mapping, in its order: `x.items()`.
  func mappingItems(_ r: Interpreter) throws -> [(key: Value, value: Value)] {
    if case .dict(let dict) = self { return dict.pairs }
    switch self {
    case .undefined(let undefined): throw undefined.error()
    case .object: break
    default: throw TemplateError(.attribute, "'\(typeName)' object has no attribute 'items'")
    }
    guard case .object(let object) = self, let items = try object.callMethod(Names.items, .none, r)?.items(r) else {
      throw TemplateError(.attribute, "'\(typeName)' object has no attribute 'items'")
    }
    return try items.map { item in
      let pair = try item.items(r)
      guard pair.count == 2 else {
        throw TemplateError(
          .value,
          pair.count > 2
            ? "too many values to unpack (expected 2)" : "not enough values to unpack (expected 2, got \(pair.count))")
      }
      return (pair[0], pair[1])
    }
  }

  var isTextOrNumber: Bool {
    switch self {
    case .string, .int, .bool, .float: true
    default: false
    }
  }

  var isMapping: Bool {
    switch self {
    case .dict: true
    case .object(let o): o.isMapping
    default: false
    }
  }
}

/// An iterator made by a filter: Python's generators and iterator objects. It can be looped over once.
final class IteratorObject: Object {
  private let name: String
  /// `generator object sync_do_map` for generators, else the type's name.
  private let shown: String
  private let iterator: ValueIterator

  init(generator: String, _ iterator: ValueIterator) {
    name = "generator"
    shown = "generator object \(generator)"
    self.iterator = iterator
  }

  init(type: String, _ iterator: ValueIterator) {
    name = type
    shown = "\(type) object"
    self.iterator = iterator
  }

  override var typeName: String { name }
  override func iterate(_ interpreter: Interpreter) throws -> ValueIterator? { iterator }
  override func repr(_ interpreter: Interpreter?) throws -> Str { Str.make("<\(shown) at \(Address.text(of: self))>") }

  override func contains(_ member: Value, _ interpreter: Interpreter) throws -> Bool? {
    while let item = try iterator.next() {
      if item.isEqual(to: member) { return true }
    }
    return false
  }
}

/// A place in memory as CPython shows it.
enum Address {
  static func text(of object: AnyObject) -> String {
    "0x" + String(UInt(bitPattern: ObjectIdentifier(object)), radix: 16)
  }
}

/// An iterator whose items come from a function; what it needs to begin is done when the first item is asked for, so
/// that errors come as late as a Python generator's.
final class LazyIterator: ValueIterator {
  private var begin: (() throws -> () throws -> Value?)?
  private var step: (() throws -> Value?)?

  init(_ begin: @escaping () throws -> () throws -> Value?) { self.begin = begin }

  override func next() throws -> Value? {
    try StackGuard.check()
    if let begin {
      self.begin = nil
      step = try begin()
    }
    guard let step else { return nil }
    do {
      if let value = try step() { return value }
    } catch {
      self.step = nil
      throw error
    }
    self.step = nil
    return nil
  }
}

extension Value {
  static func generator(_ name: String, _ begin: @escaping () throws -> () throws -> Value?) -> Value {
    .object(IteratorObject(generator: name, LazyIterator(begin)))
  }
}
