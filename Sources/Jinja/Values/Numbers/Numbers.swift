import BigInt
import Glibc

/// Arithmetic between int (of any size), bool and float with Python's rules.
enum Numbers {
  /// No integer of a template grows beyond this many bits (about 600,000 digits); Python would go on until memory ends.
  static let maxBits = 1 << 21

  static func equal(_ a: Int, _ b: Double) -> Bool {
    // Exact: a float that equals an Int is representable as one.
    Int(exactly: b) == a
  }

  /// Negative, zero or positive; nil when one is nan. Both must be numbers.
  static func compare(_ a: Value, _ b: Value) -> Int? {
    switch (a, b) {
    case (.float(let x), .float(let y)): return x < y ? -1 : x == y ? 0 : x > y ? 1 : nil
    case (.float(let x), _): return compare(b, x).map { -$0 }
    case (_, .float(let y)): return compare(a, y)
    default:
      if let x = a.asInt, let y = b.asInt { return x < y ? -1 : x == y ? 0 : 1 }
      guard let x = a.asBigInt, let y = b.asBigInt else { return nil }
      return x < y ? -1 : x == y ? 0 : 1
    }
  }

  /// An int (of any size) against a float, exactly.
  private static func compare(_ a: Value, _ b: Double) -> Int? {
    if b.isNaN { return nil }
    if b.isInfinite { return b < 0 ? 1 : -1 }
    if let x = a.asInt, b.magnitude < 9e18 {
      let whole = b.rounded(.down)
      let y = Int(whole)
      return x < y ? -1 : x > y ? 1 : whole < b ? -1 : 0
    }
    guard let x = a.asBigInt else { return nil }
    let whole = b.rounded(.down)
    let y = BigInt(whole)
    return x < y ? -1 : x > y ? 1 : whole < b ? -1 : 0
  }

  /// `a op b`; nil when the operator is not for numbers, or a value is none.
  static func binary(_ op: BinaryOperator, _ a: Value, _ b: Value) throws -> Value? {
    switch (a, b) {
    case (.float(let x), .float(let y)): return try binary(op, x, y)
    case (.float(let x), _):
      guard let y = try double(b) else { return nil }
      return try binary(op, x, y)
    case (_, .float(let y)):
      guard let x = try double(a) else { return nil }
      return try binary(op, x, y)
    default:
      if let x = a.asInt, let y = b.asInt { return try binary(op, x, y, bools: a.isBool && b.isBool) }
      guard let x = a.asBigInt, let y = b.asBigInt else { return nil }
      return try binary(op, x, y)
    }
  }

  /// A number as a float; nil for what is none.
  /// - Throws: an OverflowError for an int beyond the floats.
  static func double(_ value: Value) throws -> Double? {
    switch value {
    case .int(let i): return Double(i)
    case .bool(let b): return b ? 1 : 0
    case .float(let d): return d
    case .object(let o):
      guard let big = o as? BigInteger else { return nil }
      return try double(big.value)
    default: return nil
    }
  }

  /// The nearest float, infinite beyond the largest.
  static func nearest(_ big: BigInt) -> Double {
    let magnitude = ScaledFloat.make(big.magnitude, exponent: 0)
    return big.sign == .minus ? -magnitude : magnitude
  }

  static func double(_ big: BigInt) throws -> Double {
    let d = nearest(big)
    if d.isInfinite { throw TemplateError(.overflow, "int too large to convert to float") }
    return d
  }

  // MARK: machine integers

  @inline(__always) static func binary(_ op: BinaryOperator, _ a: Int, _ b: Int, bools: Bool = false) throws -> Value? {
    switch op {
    case .add:
      let (sum, overflow) = a.addingReportingOverflow(b)
      return overflow ? BigInteger.make(BigInt(a) + BigInt(b)) : .int(sum)
    case .subtract:
      let (difference, overflow) = a.subtractingReportingOverflow(b)
      return overflow ? BigInteger.make(BigInt(a) - BigInt(b)) : .int(difference)
    case .multiply:
      let (product, overflow) = a.multipliedReportingOverflow(by: b)
      return overflow ? BigInteger.make(BigInt(a) * BigInt(b)) : .int(product)
    case .divide:
      if b == 0 { throw TemplateError(.zeroDivision, "division by zero") }
      if a.magnitude < 1 << 53, b.magnitude < 1 << 53 { return .float(Double(a) / Double(b)) }
      return .float(try trueDivide(BigInt(a), BigInt(b)))
    case .floorDivide:
      if b == 0 { throw TemplateError(.zeroDivision, "integer division or modulo by zero") }
      if b == -1 { return a == Int.min ? BigInteger.make(-BigInt(a)) : .int(-a) }
      let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
      return .int(remainder != 0 && (remainder < 0) != (b < 0) ? quotient - 1 : quotient)
    case .modulo:
      if b == 0 { throw TemplateError(.zeroDivision, "integer modulo by zero") }
      if b == -1 { return .int(0) }
      let remainder = a % b
      return .int(remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder)
    case .power: return try power(a, b)
    case .and: return bools ? .bool(a & b != 0) : .int(a & b)
    case .or: return bools ? .bool(a | b != 0) : .int(a | b)
    case .xor: return bools ? .bool(a ^ b != 0) : .int(a ^ b)
    }
  }

  private static func power(_ a: Int, _ b: Int) throws -> Value {
    if b < 0 { return .float(try power(Double(a), Double(b))) }
    var result = 1
    var base = a
    var left = b
    while true {
      if left & 1 == 1 {
        let (product, overflow) = result.multipliedReportingOverflow(by: base)
        if overflow { return try power(BigInt(a), b) }
        result = product
      }
      left >>= 1
      if left == 0 { return .int(result) }
      let (square, overflow) = base.multipliedReportingOverflow(by: base)
      if overflow { return try power(BigInt(a), b) }
      base = square
    }
  }

  // MARK: big integers

  private static func tooBig() -> TemplateError {
    TemplateError(.limit, "the result would be an integer of more than \(maxBits) bits")
  }

  private static func power(_ a: BigInt, _ b: Int) throws -> Value {
    let (bits, overflow) = max(1, a.magnitude.bitWidth).multipliedReportingOverflow(by: b)
    if overflow || bits - b > maxBits { throw tooBig() }
    return BigInteger.make(a.power(b))
  }

  static func binary(_ op: BinaryOperator, _ a: BigInt, _ b: BigInt) throws -> Value? {
    switch op {
    case .add: return BigInteger.make(a + b)
    case .subtract: return BigInteger.make(a - b)
    case .multiply:
      if a.bitWidth + b.bitWidth > maxBits { throw tooBig() }
      return BigInteger.make(a * b)
    case .divide: return .float(try trueDivide(a, b))
    case .floorDivide:
      if b.isZero { throw TemplateError(.zeroDivision, "integer division or modulo by zero") }
      return BigInteger.make(floorDivide(a, b).quotient)
    case .modulo:
      if b.isZero { throw TemplateError(.zeroDivision, "integer modulo by zero") }
      return BigInteger.make(floorDivide(a, b).remainder)
    case .power:
      if b.sign == .minus { return .float(try power(double(a), double(b))) }
      if let small = Int(exactly: b) { return try power(a, small) }
      if a.isZero || a == 1 { return BigInteger.make(a) }
      if a == -1 { return .int(b % 2 == 0 ? 1 : -1) }
      throw tooBig()
    case .and: return BigInteger.make(a & b)
    case .or: return BigInteger.make(a | b)
    case .xor: return BigInteger.make(a ^ b)
    }
  }

  /// Floor semantics: the remainder has the divisor's sign.
  static func floorDivide(_ a: BigInt, _ b: BigInt) -> (quotient: BigInt, remainder: BigInt) {
    var (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
    if !remainder.isZero, remainder.sign != b.sign {
      quotient -= 1
      remainder += b
    }
    return (quotient, remainder)
  }

  /// The quotient correctly rounded to a float, as CPython's long division: enough quotient bits and a sticky bit.
  static func trueDivide(_ a: BigInt, _ b: BigInt) throws -> Double {
    if b.isZero { throw TemplateError(.zeroDivision, "division by zero") }
    if a.isZero { return b.sign == .minus ? -0.0 : 0 }
    let negative = a.sign != b.sign
    let shift = a.magnitude.bitWidth - b.magnitude.bitWidth - 66
    var x = a.magnitude
    var y = b.magnitude
    if shift < 0 { x <<= -shift } else { y <<= shift }
    let (quotient, remainder) = x.quotientAndRemainder(dividingBy: y)
    // At least 65 significant bits: setting the lowest says "a little more" where the division was not exact.
    let sticky = remainder.isZero ? quotient : quotient | 1
    let magnitude = ScaledFloat.make(sticky, exponent: shift)
    if magnitude.isInfinite {
      throw TemplateError(.overflow, "integer division result too large for a float")
    }
    return negative ? -magnitude : magnitude
  }

  // MARK: floats

  @inline(__always) static func binary(_ op: BinaryOperator, _ a: Double, _ b: Double) throws -> Value? {
    switch op {
    case .add: return .float(a + b)
    case .subtract: return .float(a - b)
    case .multiply: return .float(a * b)
    case .divide:
      if b == 0 { throw TemplateError(.zeroDivision, "float division by zero") }
      return .float(a / b)
    case .floorDivide:
      if b == 0 { throw TemplateError(.zeroDivision, "float floor division by zero") }
      return .float(floorDivide(a, b).quotient)
    case .modulo:
      if b == 0 { throw TemplateError(.zeroDivision, "float modulo") }
      return .float(floorDivide(a, b).remainder)
    case .power: return .float(try power(a, b))
    case .and, .or, .xor: return nil
    }
  }

  private static func floorDivide(_ a: Double, _ b: Double) -> (quotient: Double, remainder: Double) {
    var remainder = fmod(a, b)
    var quotient = (a - remainder) / b
    if remainder != 0 {
      if (b < 0) != (remainder < 0) {
        remainder += b
        quotient -= 1
      }
    } else {
      remainder = copysign(0, b)
    }
    if quotient != 0 {
      let floored = floor(quotient)
      quotient = quotient - floored > 0.5 ? floored + 1 : floored
    } else {
      quotient = copysign(0, a / b)
    }
    return (quotient, remainder)
  }

  static func power(_ a: Double, _ b: Double) throws -> Double {
    if a == 0, b < 0 { throw TemplateError(.zeroDivision, "0.0 cannot be raised to a negative power") }
    if a < 0, a.isFinite, b.isFinite, b != b.rounded(.towardZero) {
      throw TemplateError(.value, "a negative number to a fractional power is a complex number")
    }
    let result = pow(a, b)
    if result.isInfinite, a.isFinite, b.isFinite {
      throw TemplateError(.overflow, "(34, 'Numerical result out of range')")
    }
    return result
  }
}

/// Floats made of a big significand and a binary exponent, rounded once.
enum ScaledFloat {
  /// `significand * 2^exponent`, correctly rounded (half to even), infinite on overflow.
  static func make(_ significand: BigUInt, exponent: Int) -> Double {
    let bits = significand.bitWidth
    if bits == 0 { return 0 }
    // The lowest exponent a float's last bit can have is -1074: below it fewer bits are kept.
    let keep = min(53, bits + exponent + 1074)
    if keep < 0 { return 0 }
    let drop = bits - keep
    var kept = drop > 0 ? significand >> drop : significand
    if drop > 0 {
      let rest = significand & ((BigUInt(1) << drop) - 1)
      let half = BigUInt(1) << (drop - 1)
      if rest > half || (rest == half && kept & 1 == 1) { kept += 1 }
    }
    return scalbn(Double(UInt64(kept)), Int32(clamping: exponent + max(drop, 0)))
  }
}

extension Value {
  @inline(__always) var isBool: Bool { if case .bool = self { true } else { false } }
}
