extension Value {
  /// Python's truth. Undefined is false here: the strict kind's error is `Interpreter.truth`'s business.
  public var isTrue: Bool {
    switch self {
    case .bool(let b): b
    case .string(let s): !s.isEmpty
    case .none, .undefined: false
    case .int(let i): i != 0
    case .float(let d): d != 0
    case .list(let l): !l.items.isEmpty
    case .dict(let d): d.count != 0
    case .tuple(let t): !t.items.isEmpty
    case .object(let o): o.isTrue
    }
  }

  /// `type(x).__name__`
  public var typeName: String {
    switch self {
    case .undefined(let u):
      switch u.kind {
      case .default, .dbt: "Undefined"
      case .strict: "StrictUndefined"
      case .chainable: "ChainableUndefined"
      case .debug: "DebugUndefined"
      }
    case .none: "NoneType"
    case .bool: "bool"
    case .int: "int"
    case .float: "float"
    case .string(let s): s.isMarkup ? "Markup" : "str"
    case .list: "list"
    case .tuple: "tuple"
    case .dict: "dict"
    case .object(let o): o.typeName
    }
  }

  /// `len(x)`
  public func length() throws -> Int {
    switch self {
    case .string(let s): return s.scalarCount
    case .list(let l): return l.items.count
    case .tuple(let t): return t.items.count
    case .dict(let d): return d.count
    case .undefined(let u):
      if u.kind == .strict { throw u.error() }
      return 0
    case .object(let o): if let length = o.length { return length }
    default: break
    }
    throw TemplateError(.type, "object of type '\(typeName)' has no len()")
  }

  /// `member in self`
  public func contains(_ member: Value, _ r: Interpreter) throws -> Bool {
    switch self {
    case .string(let s):
      guard case .string(let part) = member else {
        throw TemplateError(.type, "'in <string>' requires string as left operand, not \(member.typeName)")
      }
      return s.byteRange(of: part, from: 0, to: s.count) != nil
    case .dict(let d): return try d.get(member) != nil
    case .list(let l):
      for item in l.items where try item.matches(member) { return true }
      return false
    case .tuple(let t):
      for item in t.items where try item.matches(member) { return true }
      return false
    case .undefined(let u):
      if u.kind == .strict { throw u.error() }
      return false
    case .object(let o):
      if let found = try o.contains(member, r) { return found }
      if let iterator = try o.iterate(r) {
        while let item = try iterator.next() {
          if try item.matches(member) { return true }
        }
        return false
      }
    default: break
    }
    throw TemplateError(.type, "argument of type '\(typeName)' is not iterable")
  }

  /// What a loop over this value sees.
  public func iterate(_ r: Interpreter) throws -> ValueIterator {
    switch self {
    case .list(let l): return ListIterator(l)
    case .tuple(let t): return ArrayIterator(t.items)
    case .dict(let d): return DictIterator(d, .keys)
    case .string(let s): return CharacterIterator(s)
    case .undefined(let u):
      if u.kind == .strict { throw u.error() }
      return ArrayIterator([])
    case .object(let o): if let iterator = try o.iterate(r) { return iterator }
    default: break
    }
    throw TemplateError(.type, "'\(typeName)' object is not iterable")
  }

  /// `self[start:stop:step]`, each part none when it is not given.
  public func slice(_ start: Value, _ stop: Value, _ step: Value) throws -> Value {
    switch self {
    case .string(let s):
      let range = try SliceRange(start, stop, step, length: s.scalarCount)
      if range.step == 1 { return .string(s.slice(from: range.start, to: range.start + range.count)) }
      if s.isASCII {
        return s.withUTF8 { bytes in
          .string(
            Str.make(capacity: range.count, markup: s.isMarkup) { target in
              for i in 0..<range.count { target[i] = bytes[range.start + i * range.step] }
              return range.count
            })
        }
      }
      let scalars = s.scalars
      return .string(Str.make(scalars: range.indexes.map { scalars[$0] }, markup: s.isMarkup))
    case .list(let l): return .list(try Value.slice(l.items, start, stop, step))
    case .tuple(let t):
      let items = try Value.slice(t.items, start, stop, step)
      return items.count == t.items.count && step.isNone ? self : .tuple(items)
    case .undefined(let u): throw u.error()
    case .object(let o):
      if let result = try o.slice(start, stop, step) { return result }
    case .dict: throw TemplateError(.type, "unhashable type: 'slice'")
    default: break
    }
    throw TemplateError(.type, "'\(typeName)' object is not subscriptable")
  }

  private static func slice(_ items: [Value], _ start: Value, _ stop: Value, _ step: Value) throws -> [Value] {
    let range = try SliceRange(start, stop, step, length: items.count)
    if range.step == 1 { return Array(items[range.start..<range.start + range.count]) }
    return range.indexes.map { items[$0] }
  }

  /// Computes what is lazy in constants before threads share them.
  public func freeze() {
    switch self {
    case .string(let s): s.freeze()
    case .list(let l): for item in l.items { item.freeze() }
    case .tuple(let t): for item in t.items { item.freeze() }
    case .dict(let d):
      for entry in d.entries where entry.live {
        entry.key.freeze()
        entry.value.freeze()
      }
    case .object(let o): o.freeze()
    case .undefined, .none, .bool, .int, .float: break
    }
  }
}

/// The positions a slice selects from a sequence, as Python's `slice.indices` clamps them.
struct SliceRange {
  let start: Int
  /// Where it ends, clamped: not always on the last step.
  let stop: Int
  let step: Int
  let count: Int

  init(_ start: Value, _ stop: Value, _ step: Value, length: Int) throws {
    let step = try SliceRange.index(step, default: 1, lower: -Int.max, upper: Int.max, length: nil)
    if step == 0 { throw TemplateError(.value, "slice step cannot be zero") }
    let lower = step < 0 ? -1 : 0
    let upper = step < 0 ? length - 1 : length
    let first = try SliceRange.index(
      start, default: step < 0 ? upper : lower, lower: lower, upper: upper, length: length)
    let last = try SliceRange.index(stop, default: step < 0 ? lower : upper, lower: lower, upper: upper, length: length)
    self.start = first
    self.stop = last
    self.step = step
    if step > 0 {
      count = last > first ? (last - first - 1) / step + 1 : 0
    } else {
      count = first > last ? (first - last - 1) / (step == Int.min ? Int.max : -step) + 1 : 0
    }
  }

  var indexes: [Int] { (0..<count).map { start + $0 * step } }

  private static func index(_ value: Value, default: Int, lower: Int, upper: Int, length: Int?) throws -> Int {
    if value.isNone { return `default` }
    var index: Int
    if let small = value.asInt {
      index = small
    } else if let big = value.asBigInt {
      index = big.sign == .minus ? -Int.max : Int.max
    } else {
      if case .undefined(let u) = value { throw u.error() }
      throw TemplateError(.type, "slice indices must be integers or None or have an __index__ method")
    }
    if index < 0, let length { index += length }
    return min(max(index, lower), upper)
  }
}

/// Iterates over a list as it is at each step: what the loop appends is seen, as in Python.
final class ListIterator: ValueIterator {
  private let list: ListObject
  private var index = 0
  init(_ list: ListObject) { self.list = list }
  override func next() -> Value? {
    guard index < list.items.count else { return nil }
    defer { index += 1 }
    return list.items[index]
  }
  override var remaining: Int? { max(0, list.items.count - index) }
}
