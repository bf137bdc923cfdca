/// `datetime.timedelta`
final class TimeDeltaObject: Object {
  /// The whole duration.
  let microseconds: Int128

  private static let limit: Int128 = 1_000_000_000 * 86_400_000_000

  /// - Throws: an OverflowError beyond 999999999 days.
  init(checking microseconds: Int128) throws {
    guard microseconds > -TimeDeltaObject.limit, microseconds < TimeDeltaObject.limit else {
      throw TemplateError(
        .overflow, "days=\(microseconds / 86_400_000_000); must have magnitude <= 999999999")
    }
    self.microseconds = microseconds
  }

  init(_ microseconds: Int) { self.microseconds = Int128(microseconds) }
  convenience init(seconds: Int) { self.init(seconds * 1_000_000) }

  private static let day: Int128 = 86_400_000_000

  private static func floored(_ a: Int128, _ b: Int128) -> (quotient: Int128, remainder: Int128) {
    let (q, r) = a.quotientAndRemainder(dividingBy: b)
    return r != 0 && (r < 0) != (b < 0) ? (q - 1, r + b) : (q, r)
  }

  var days: Int { Int(TimeDeltaObject.floored(microseconds, TimeDeltaObject.day).quotient) }
  private var rest: Int { Int(TimeDeltaObject.floored(microseconds, TimeDeltaObject.day).remainder) }
  var seconds: Int { rest / 1_000_000 }
  var micros: Int { rest % 1_000_000 }
  var totalSeconds: Double { Double(microseconds) / 1_000_000 }

  override var typeName: String { "datetime.timedelta" }
  override var isTrue: Bool { microseconds != 0 }

  override func str(_ interpreter: Interpreter?) throws -> Str {
    var text = ""
    if days != 0 { text = "\(days) day\(abs(days) == 1 ? "" : "s"), " }
    text += "\(seconds / 3600):\(CFormat.padded(seconds / 60 % 60, 2)):\(CFormat.padded(seconds % 60, 2))"
    if micros != 0 { text += ".\(CFormat.padded(micros, 6))" }
    return Str.make(text)
  }

  override func repr(_ interpreter: Interpreter?) throws -> Str {
    var parts: [String] = []
    if days != 0 { parts.append("days=\(days)") }
    if seconds != 0 { parts.append("seconds=\(seconds)") }
    if micros != 0 { parts.append("microseconds=\(micros)") }
    return Str.make("datetime.timedelta(\(parts.isEmpty ? "0" : parts.joined(separator: ", ")))")
  }

  override func isEqual(to other: Value) -> Bool {
    other.asObject(TimeDeltaObject.self)?.microseconds == microseconds
  }
  override func hashCode() throws -> Int { Int(truncatingIfNeeded: microseconds) }
  override func compare(to other: Value) -> Int? {
    guard let other = other.asObject(TimeDeltaObject.self) else { return nil }
    return microseconds < other.microseconds ? -1 : microseconds == other.microseconds ? 0 : 1
  }

  private static func value(_ microseconds: Int128) throws -> Value {
    .object(try TimeDeltaObject(checking: microseconds))
  }

  /// A float's worth of microseconds, halves to even.
  static func rounded(_ microseconds: Double) throws -> Int128 {
    if microseconds.isNaN { throw TemplateError(.value, "cannot convert float NaN to integer") }
    guard microseconds.magnitude < 1e20 else {
      throw TemplateError(.overflow, "Python int too large to convert to C int")
    }
    return Int128(microseconds.rounded(.toNearestOrEven))
  }

  override func binary(_ op: BinaryOperator, _ other: Value, reflected: Bool) throws -> Value? {
    if let delta = other.asObject(TimeDeltaObject.self) {
      let (a, b) = reflected ? (delta.microseconds, microseconds) : (microseconds, delta.microseconds)
      switch op {
      case .add: return try TimeDeltaObject.value(a + b)
      case .subtract: return try TimeDeltaObject.value(a - b)
      case .divide, .floorDivide, .modulo:
        guard b != 0 else {
          throw TemplateError(.zeroDivision, op == .divide ? "division by zero" : "integer division or modulo by zero")
        }
        if op == .divide { return .float(Double(a) / Double(b)) }
        let (quotient, remainder) = TimeDeltaObject.floored(a, b)
        return op == .floorDivide ? .int(Int(clamping: quotient)) : try TimeDeltaObject.value(remainder)
      default: return nil
      }
    }
    if let n = other.asInt {
      switch op {
      case .multiply:
        let (product, overflow) = microseconds.multipliedReportingOverflow(by: Int128(n))
        if overflow { throw TemplateError(.overflow, "Python int too large to convert to C int") }
        return try TimeDeltaObject.value(product)
      case .divide where !reflected, .floorDivide where !reflected:
        guard n != 0 else {
          throw TemplateError(.zeroDivision, op == .divide ? "division by zero" : "integer division or modulo by zero")
        }
        let (quotient, remainder) = TimeDeltaObject.floored(microseconds, Int128(n))
        if op == .floorDivide { return try TimeDeltaObject.value(quotient) }
        let twice = (remainder < 0 ? -remainder : remainder) * 2
        let whole = Int128(n.magnitude)
        let up = twice > whole || twice == whole && quotient % 2 != 0
        return try TimeDeltaObject.value(up ? quotient + 1 : quotient)
      default: return nil
      }
    }
    if case .float(let d) = other {
      switch op {
      case .multiply: return try TimeDeltaObject.value(TimeDeltaObject.rounded(Double(microseconds) * d))
      case .divide where !reflected:
        if d == 0 { throw TemplateError(.zeroDivision, "float division by zero") }
        return try TimeDeltaObject.value(TimeDeltaObject.rounded(Double(microseconds) / d))
      default: return nil
      }
    }
    return nil
  }

  override func unary(_ op: UnaryOperator) throws -> Value? {
    switch op {
    case .negate: try TimeDeltaObject.value(-microseconds)
    case .plus: .object(self)
    case .absolute: try TimeDeltaObject.value(microseconds < 0 ? -microseconds : microseconds)
    }
  }

  override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    switch name.string {
    case "days": .int(days)
    case "seconds": .int(seconds)
    case "microseconds": .int(micros)
    case "min", "max", "resolution": try TimeDeltaObject.type.attribute(name, interpreter)
    default: TimeDeltaObject.methods.bound(self, name)
    }
  }
  override func callMethod(_ name: Str, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? {
    try TimeDeltaObject.methods.call(self, name, arguments, interpreter)
  }

  static let methods = ObjectMethods<TimeDeltaObject>([
    ("total_seconds", "", { delta, _, _ in .float(delta.totalSeconds) })
  ])

  nonisolated(unsafe) static let type = PythonClass(
    "datetime.timedelta", "days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0",
    constants: { name in
      switch name {
      case "min": try value(-999_999_999 * day)
      case "max": try value(limit - 1)
      case "resolution": try value(1)
      default: nil
      }
    },
    make: { a, _ in
      let units: [Int128] = [day, 1_000_000, 1, 1000, 60_000_000, 3_600_000_000, 7 * day]
      var whole: Int128 = 0
      var fraction = 0.0
      for (i, unit) in units.enumerated() {
        switch a[i] {
        case nil: continue
        case .float(let d)?:
          // Whole units stay exact; only what is below them is computed in floats.
          guard d.isFinite, d.magnitude < 1e18 else {
            throw TemplateError(
              d.isNaN ? .value : .overflow,
              d.isNaN ? "cannot convert float NaN to integer" : "cannot convert float infinity to integer")
          }
          let units = d.rounded(.towardZero)
          whole += Int128(units) * unit
          fraction += (d - units) * Double(unit)
        case let value?:
          if case .undefined(let undefined) = value { throw undefined.error() }
          guard let n = value.asInt else {
            throw TemplateError(
              .type,
              "unsupported type for timedelta \(["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"][i]) component: \(value.typeName)"
            )
          }
          whole += Int128(n) * unit
        }
      }
      return .object(try TimeDeltaObject(checking: whole + (try rounded(fraction))))
    })
}
