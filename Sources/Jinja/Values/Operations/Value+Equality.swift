extension Value {
  /// `==` as templates and methods of lists compare: it fails where the strict kind of undefined is compared.
  func equals(_ other: Value) throws -> Bool {
    if case .undefined(let undefined) = self, undefined.kind == .strict { throw undefined.error() }
    if case .undefined(let undefined) = other, undefined.kind == .strict { throw undefined.error() }
    switch (self, other) {
    case (.list(let a), .list(let b)): return try a === b || Value.equal(a.items, b.items)
    case (.tuple(let a), .tuple(let b)): return try a === b || Value.equal(a.items, b.items)
    default: return isEqual(to: other)
    }
  }

  private static func equal(_ a: [Value], _ b: [Value]) throws -> Bool {
    try StackGuard.check()
    guard a.count == b.count else { return false }
    for i in a.indices {
      if try !a[i].matches(b[i]) { return false }
    }
    return true
  }

  /// `==` within containers, where the very same object is equal to itself without being asked.
  func matches(_ other: Value) throws -> Bool {
    if case .undefined(let a) = self, case .undefined(let b) = other, a === b { return true }
    return try equals(other)
  }

  /// Python's `==`. Values of types that don't compare are unequal.
  ///
  /// Two structures nested deeper than `EqualityDepth.limit` and not otherwise different count as unequal: Python
  /// raises RecursionError there.
  public func isEqual(to other: Value) -> Bool {
    switch (self, other) {
    case (.string(let a), .string(let b)): a == b
    case (.int(let a), .int(let b)): a == b
    case (.none, .none): true
    case (.bool(let a), .bool(let b)): a == b
    default: isEqualSlowly(to: other, 0)
    }
  }

  func isEqualSlowly(to other: Value, _ depth: Int) -> Bool {
    switch (self, other) {
    case (.string(let a), .string(let b)): return a == b
    case (.int(let a), .int(let b)): return a == b
    case (.none, .none): return true
    case (.bool(let a), .bool(let b)): return a == b
    case (.float(let a), .float(let b)): return a == b
    case (.int(let a), .float(let b)), (.float(let b), .int(let a)): return Numbers.equal(a, b)
    case (.int(let a), .bool(let b)), (.bool(let b), .int(let a)): return a == (b ? 1 : 0)
    case (.float(let a), .bool(let b)), (.bool(let b), .float(let a)): return a == (b ? 1 : 0)
    case (.list(let a), .list(let b)):
      return a === b || Value.areEqual(a.items, b.items, depth)
    case (.tuple(let a), .tuple(let b)):
      return a === b || Value.areEqual(a.items, b.items, depth)
    case (.dict(let a), .dict(let b)):
      return a === b || Value.areEqual(a, b, depth)
    case (.undefined(let a), .undefined(let b)): return a.kind == b.kind
    case (.object(let a), .object(let b)):
      return a === b || a.isEqual(to: other) || b.isEqual(to: self)
    case (.object(let a), _): return a.isEqual(to: other)
    case (_, .object(let b)): return b.isEqual(to: self)
    default: return false
    }
  }

  /// Elements are equal, or the very same object (Python's rule inside containers, which matters for nan).
  private static func areEqual(_ a: [Value], _ b: [Value], _ depth: Int) -> Bool {
    guard a.count == b.count, depth < EqualityDepth.limit, !StackGuard.isLow else { return false }
    for i in a.indices where !a[i].isEqualSlowly(to: b[i], depth + 1) { return false }
    return true
  }

  private static func areEqual(_ a: DictObject, _ b: DictObject, _ depth: Int) -> Bool {
    guard a.count == b.count, depth < EqualityDepth.limit, !StackGuard.isLow else { return false }
    for entry in a.entries where entry.live {
      guard let other = try? b.get(entry.key), entry.value.isEqualSlowly(to: other, depth + 1) else { return false }
    }
    return true
  }

  /// Python's `hash()`, or the TypeError for what has none. Equal values have equal hashes.
  public func hashCode() throws -> Int {
    switch self {
    case .string(let s): return s.hashCode
    case .int(let i): return NumberHash.of(i)
    case .none: return 0x6e6f6e65
    case .bool(let b): return b ? 1 : 0
    case .float(let d): return NumberHash.of(d)
    case .tuple(let t):
      try StackGuard.check()
      var hash = t.items.count
      for item in t.items { hash = NumberHash.combine(hash, try item.hashCode()) }
      return hash
    case .object(let o): return try o.hashCode()
    case .undefined(let u):
      if u.kind == .strict { throw u.error() }
      return 0x756e6465
    case .list, .dict: throw TemplateError(.type, "unhashable type: '\(typeName)'")
    }
  }
}

enum EqualityDepth { static let limit = 900 }
