extension Value {
  public func isEqual(to other: Value) -> Bool {
    switch (self, other) {
    case (.string(let a), .string(let b)): return a == b
    case (.none, .none): return true
    case (.int(let a), .int(let b)): return a == b
    case (.bool(let a), .bool(let b)): return a == b
    case (.object(let a), _): return a.isEqual(to: other)
    case (_, .object(let b)): return b.isEqual(to: self)
    default: return false
    }
  }

  public func hashCode() throws -> Int {
    switch self {
    case .string(let s): return s.hashCode
    case .none: return 0x6e6f6e65
    case .bool(let b): return b ? 1 : 0
    case .int(let i): return i
    case .object(let o): return try o.hashCode()
    default: throw TemplateError(.type, "unhashable type")
    }
  }
}
