/// A test with constant arguments: the frequent ones on plain values are decided at once, the others by the test itself.
final class ItemTest: @unchecked Sendable {
  private enum Kind {
    case defined, undefined, none, string, odd, even
    case compare(CompareOperator, Int)
    /// With the text that is the only argument.
    case equals(Unmanaged<Str>)
    case other
  }
  private let kind: Kind
  private let body: TestBody
  private let arguments: Arguments

  init(_ name: Str, _ arguments: [Value], _ body: @escaping TestBody, isBuiltin: Bool) {
    self.body = body
    self.arguments = Arguments(arguments)
    kind = isBuiltin ? Self.kind(name.string, arguments) : .other
  }

  private static func kind(_ name: String, _ arguments: [Value]) -> Kind {
    if arguments.isEmpty {
      switch name {
      case "defined": return .defined
      case "undefined": return .undefined
      case "none": return .none
      case "string": return .string
      case "odd": return .odd
      case "even": return .even
      default: return .other
      }
    }
    guard arguments.count == 1, let op = comparison(name) else { return .other }
    switch arguments[0] {
    case .int(let number): return .compare(op, number)
    case .string(let text) where op == .eq: return .equals(.passUnretained(text))
    default: return .other
    }
  }

  private static func comparison(_ name: String) -> CompareOperator? {
    switch name {
    case "eq", "equalto", "==": .eq
    case "ne", "!=": .ne
    case "lt", "lessthan", "<": .lt
    case "le", "<=": .lteq
    case "gt", "greaterthan", ">": .gt
    case "ge", ">=": .gteq
    default: nil
    }
  }

  /// Whether the value at a place passes.
  func holds(_ place: UnsafePointer<Value>, _ r: Interpreter) throws -> Bool {
    switch kind {
    case .defined: return Borrowed.tag(place) != Borrowed.undefinedTag
    case .undefined: return Borrowed.tag(place) == Borrowed.undefinedTag
    case .none: return place.pointee.isNone
    case .string: return Borrowed.tag(place) == Borrowed.stringTag
    case .odd: if let i = Borrowed.int(place) { return i & 1 == 1 }
    case .even: if let i = Borrowed.int(place) { return i & 1 == 0 }
    case .compare(let op, let number):
      if let i = Borrowed.int(place) {
        switch op {
        case .eq: return i == number
        case .ne: return i != number
        case .lt: return i < number
        case .lteq: return i <= number
        case .gt: return i > number
        case .gteq: return i >= number
        default: break
        }
      }
    case .equals(let text):
      if Borrowed.tag(place) == Borrowed.stringTag {
        return Borrowed.reference(place, Str.self)._withUnsafeGuaranteedRef { value in
          text._withUnsafeGuaranteedRef { $0 == value }
        }
      }
    case .other: break
    }
    return try body(r, place.pointee, arguments)
  }
}
