import BigInt

// The operators, as Python's default context has them: 28 digits, half to even.

extension Decimal {
  private static func invalid(_ condition: String) -> TemplateError {
    TemplateError(.value, "[<class 'decimal.\(condition)'>]")
  }

  static func add(_ a: Decimal, _ b: Decimal) throws -> Decimal {
    if a.special == .nan || b.special == .nan { return .nan }
    if a.special == .infinity {
      if b.special == .infinity, a.negative != b.negative { throw invalid("InvalidOperation") }
      return a
    }
    if b.special == .infinity { return b }
    // Digits far below the other number's last one only matter for rounding: keep the shift bounded.
    var (large, small) = a.exponent >= b.exponent ? (a, b) : (b, a)
    if large.exponent - small.exponent > precision * 2 + 4, !large.isZero, !small.isZero,
      small.adjusted < large.exponent - precision - 4
    {
      small = Decimal(negative: small.negative, 1, large.adjusted - precision - 3)
      if small.exponent > large.exponent { swap(&large, &small) }
    }
    let low = min(large.exponent, small.exponent)
    let sum = large.signed * scale(large.exponent - low) + small.signed * scale(small.exponent - low)
    if sum == 0 { return try Decimal(negative: a.negative && b.negative, 0, min(a.exponent, b.exponent)).fixed() }
    return try Decimal(sum, exponent: low).fixed()
  }

  static func multiply(_ a: Decimal, _ b: Decimal) throws -> Decimal {
    if a.special == .nan || b.special == .nan { return .nan }
    let negative = a.negative != b.negative
    if a.special == .infinity || b.special == .infinity {
      if a.isZero || b.isZero { throw invalid("InvalidOperation") }
      return .infinity(negative)
    }
    return try Decimal(negative: negative, a.coefficient * b.coefficient, a.exponent + b.exponent).fixed()
  }

  static func divide(_ a: Decimal, _ b: Decimal) throws -> Decimal {
    if a.special == .nan || b.special == .nan { return .nan }
    let negative = a.negative != b.negative
    if a.special == .infinity {
      if b.special == .infinity { throw invalid("InvalidOperation") }
      return .infinity(negative)
    }
    if b.special == .infinity { return Decimal(negative: negative, 0, minExponent - precision + 1) }
    if b.isZero {
      throw a.isZero
        ? invalid("DivisionUndefined")
        : TemplateError(.zeroDivision, "[<class 'decimal.DivisionByZero'>]")
    }
    let ideal = a.exponent - b.exponent
    if a.isZero { return try Decimal(negative: negative, 0, ideal).fixed() }
    let shift = b.digits.utf8.count - a.digits.utf8.count + precision + 1
    var exponent = ideal - shift
    var (quotient, remainder): (BigInt, BigInt)
    if shift >= 0 {
      (quotient, remainder) = (a.coefficient * scale(shift)).quotientAndRemainder(dividingBy: b.coefficient)
    } else {
      (quotient, remainder) = a.coefficient.quotientAndRemainder(dividingBy: b.coefficient * scale(-shift))
    }
    if remainder != 0 {
      // A last digit that is neither 0 nor 5 keeps the rounding right.
      if quotient % 5 == 0 { quotient += 1 }
    } else {
      while exponent < ideal, quotient % 10 == 0 {
        quotient /= 10
        exponent += 1
      }
    }
    return try Decimal(negative: negative, quotient, exponent).fixed()
  }

  /// `a // b` (towards zero, unlike integers) and `a % b` (with the sign of a).
  static func divideWhole(_ a: Decimal, _ b: Decimal, wantsRemainder: Bool) throws -> (
    quotient: Decimal, remainder: Decimal
  ) {
    if a.special == .nan || b.special == .nan { return (.nan, .nan) }
    let negative = a.negative != b.negative
    if a.special == .infinity {
      if wantsRemainder || b.special == .infinity { throw invalid("InvalidOperation") }
      return (.infinity(negative), .nan)
    }
    if b.special == .infinity { return (Decimal(negative: negative, 0, 0), try a.fixed()) }
    if b.isZero {
      throw a.isZero || wantsRemainder
        ? invalid("DivisionUndefined")
        : TemplateError(.zeroDivision, "[<class 'decimal.DivisionByZero'>]")
    }
    if a.adjusted - b.adjusted > precision { throw invalid("DivisionImpossible") }
    let low = min(a.exponent, b.exponent)
    if a.exponent - low > 4000 || b.exponent - low > 4000, a.adjusted < b.adjusted {
      return (Decimal(negative: negative, 0, 0), try a.fixed())
    }
    let (quotient, remainder) = (a.coefficient * scale(a.exponent - low))
      .quotientAndRemainder(dividingBy: b.coefficient * scale(b.exponent - low))
    if String(quotient).utf8.count > precision { throw invalid("DivisionImpossible") }
    return (Decimal(negative: negative, quotient, 0), try Decimal(negative: a.negative, remainder, low).fixed())
  }

  /// Whole powers exactly rounded; others through the logarithm of floats, to about 15 digits.
  static func power(_ a: Decimal, _ b: Decimal) throws -> Decimal {
    if a.special == .nan || b.special == .nan { return .nan }
    guard b.isFinite, a.isFinite, b.rescaled(0, .down).rescaled(b.exponent).coefficient == b.coefficient,
      let n = Int(exactly: b.truncated)
    else {
      if a.negative, !a.isZero { throw invalid("InvalidOperation") }
      if b.text == "0.5", a.isFinite {
        // Powers, unlike roots, are shown with all their digits.
        let root = try squareRoot(a)
        return root.isZero ? root : root.rescaled(root.adjusted - precision + 1)
      }
      throw TemplateError(.value, "Decimal powers are supported for whole exponents and 0.5")
    }
    if n == 0 {
      if a.isZero { throw invalid("InvalidOperation") }
      return Decimal(1)
    }
    if a.isZero {
      if n < 0 { return .infinity(a.negative && n % 2 != 0) }
      return Decimal(negative: a.negative && n % 2 != 0, 0, min(a.exponent * n, maxExponent))
    }
    let bits = a.digits.utf8.count.multipliedReportingOverflow(by: n.magnitude > 1 << 30 ? 1 << 30 : Int(n.magnitude))
    if bits.overflow || bits.partialValue > 20_000 {
      throw TemplateError(.overflow, "[<class 'decimal.Overflow'>]")
    }
    let magnitude = Int(n.magnitude)
    let power = Decimal(
      negative: a.negative && n % 2 != 0, a.coefficient.power(magnitude), a.exponent * magnitude)
    return n > 0 ? try power.fixed() : try divide(Decimal(1), power)
  }

  static func squareRoot(_ a: Decimal) throws -> Decimal {
    if !a.isFinite { return a }
    if a.isZero { return Decimal(negative: a.negative, 0, Numbers.floorHalf(a.exponent)) }
    if a.negative { throw invalid("InvalidOperation") }
    let ideal = Numbers.floorHalf(a.exponent)
    var exponent = a.exponent
    var coefficient = a.coefficient
    if exponent % 2 != 0 {
      coefficient *= 10
      exponent -= 1
    }
    let missing = max(0, 2 * (precision + 1) - String(coefficient).utf8.count)
    let shift = (missing + 1) / 2
    coefficient *= scale(2 * shift)
    var result = exponent / 2 - shift
    var root = BigInt(coefficient.magnitude.squareRoot())
    if root * root != coefficient {
      if root % 5 == 0 { root += 1 }
    } else {
      while result < ideal, root % 10 == 0 {
        root /= 10
        result += 1
      }
    }
    return try Decimal(negative: false, root, result).fixed()
  }
}

extension Numbers {
  static func floorHalf(_ n: Int) -> Int { n >= 0 ? n / 2 : -((1 - n) / 2) }
}
