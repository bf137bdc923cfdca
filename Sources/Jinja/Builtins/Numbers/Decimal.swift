import BigInt

/// A decimal number as Python's `decimal.Decimal`: an integer times a power of ten, with its trailing zeros.
///
/// Arithmetic rounds to 28 digits, halves to even (Python's default context).
public struct Decimal: Sendable {
  enum Special: Sendable { case finite, infinity, nan }

  var negative: Bool
  var coefficient: BigInt
  var exponent: Int
  var special: Special

  static let precision = 28
  /// Beyond these the default context overflows or underflows.
  static let maxExponent = 999_999
  static let minExponent = -999_999

  init(negative: Bool, _ coefficient: BigInt, _ exponent: Int, _ special: Special = .finite) {
    self.negative = negative
    self.coefficient = coefficient
    self.exponent = exponent
    self.special = special
  }

  /// `value * 10 ** exponent`
  public init(_ value: BigInt, exponent: Int = 0) {
    self.init(negative: value.sign == .minus, BigInt(value.magnitude), exponent)
  }
  public init(_ value: Int) { self.init(BigInt(value)) }

  static let nan = Decimal(negative: false, 0, 0, .nan)
  static func infinity(_ negative: Bool) -> Decimal { Decimal(negative: negative, 0, 0, .infinity) }

  /// The exact value of a float.
  init(exactly number: Double) {
    if number.isNaN {
      self = .nan
    } else if number.isInfinite {
      self = .infinity(number < 0)
    } else if number == 0 {
      self.init(negative: number.sign == .minus, 0, 0)
    } else {
      // significand * 2^e, the significand an integer of 53 bits.
      var e = Int(number.exponent) - 52
      var significand = BigInt(number.magnitude.significand * 4_503_599_627_370_496)
      if number.magnitude < .leastNormalMagnitude {
        e = -1074
        significand = BigInt(number.magnitude.bitPattern)
      }
      while e < 0, significand % 2 == 0 {
        significand /= 2
        e += 1
      }
      if e >= 0 {
        self.init(negative: number < 0, significand << e, 0)
      } else {
        self.init(negative: number < 0, significand * BigInt(5).power(-e), e)
      }
    }
  }

  /// Reads a number as `Decimal(text)` does; nil when it is none.
  public init?(_ text: String) {
    var bytes = NumberText.plain(Str.make(text)).filter { $0 != 0x5F }[...]
    var negative = false
    if bytes.first == 0x2B || bytes.first == 0x2D {
      negative = bytes.first == 0x2D
      bytes = bytes.dropFirst()
    }
    switch String(decoding: bytes, as: UTF8.self).lowercased() {
    case "inf", "infinity":
      self = .infinity(negative)
      return
    case "nan", "snan":
      self = .nan
      return
    default: break
    }
    var digits: [UInt8] = []
    var exponent = 0
    var seenPoint = false
    var seenDigit = false
    while let byte = bytes.first {
      if byte >= 0x30, byte <= 0x39 {
        digits.append(byte)
        seenDigit = true
        if seenPoint { exponent -= 1 }
      } else if byte == 0x2E, !seenPoint {
        seenPoint = true
      } else {
        break
      }
      bytes = bytes.dropFirst()
    }
    guard seenDigit else { return nil }
    if !bytes.isEmpty {
      guard bytes.first == 0x65 || bytes.first == 0x45,
        let e = Int(String(decoding: bytes.dropFirst(), as: UTF8.self)), e.magnitude < 1 << 40
      else { return nil }
      exponent += e
    }
    guard let coefficient = BigInt(String(decoding: digits, as: UTF8.self), radix: 10) else { return nil }
    self.init(negative: negative, coefficient, exponent)
  }

  // MARK: - Parts

  var isFinite: Bool { special == .finite }
  var isZero: Bool { isFinite && coefficient == 0 }
  var digits: String { String(coefficient) }
  /// The exponent of the first digit.
  var adjusted: Int { exponent + digits.utf8.count - 1 }
  /// The coefficient with its sign.
  var signed: BigInt { negative ? -coefficient : coefficient }

  static func scale(_ digits: Int) -> BigInt { BigInt(10).power(digits) }

  /// The whole part, towards zero.
  var truncated: BigInt {
    if exponent >= 0 { return signed * Decimal.scale(exponent) }
    if -exponent > digits.utf8.count { return 0 }
    let whole = coefficient / Decimal.scale(-exponent)
    return negative ? -whole : whole
  }

  var double: Double {
    switch special {
    case .nan: .nan
    case .infinity: negative ? -.infinity : .infinity
    case .finite: FloatParser.parse(Str.make(text)) ?? .nan
    }
  }

  // MARK: - Text

  /// `str(x)`
  public var text: String {
    let sign = negative ? "-" : ""
    switch special {
    case .nan: return sign + "NaN"
    case .infinity: return sign + "Infinity"
    case .finite: break
    }
    let digits = self.digits
    let count = digits.utf8.count
    let left = exponent + count
    var point: Int
    if exponent <= 0, left > -6 {
      point = left
    } else {
      point = 1
    }
    var out: String
    if point <= 0 {
      out = "0." + String(repeating: "0", count: -point) + digits
      point = left
    } else if point >= count {
      out = digits + String(repeating: "0", count: point - count)
    } else {
      let index = digits.index(digits.startIndex, offsetBy: point)
      out = digits[..<index] + "." + digits[index...]
    }
    if left != point {
      let e = left - point
      out += "E" + (e < 0 ? "-" : "+") + String(e.magnitude)
    }
    return sign + out
  }

  // MARK: - Rounding

  enum Rounding: String, Sendable {
    case halfEven = "ROUND_HALF_EVEN"
    case halfUp = "ROUND_HALF_UP"
    case halfDown = "ROUND_HALF_DOWN"
    case up = "ROUND_UP"
    case down = "ROUND_DOWN"
    case ceiling = "ROUND_CEILING"
    case floor = "ROUND_FLOOR"
    case zeroFiveUp = "ROUND_05UP"
  }

  /// The same number with another exponent, rounded where digits are lost.
  func rescaled(_ wanted: Int, _ rounding: Rounding = .halfEven) -> Decimal {
    guard isFinite, wanted != exponent else { return self }
    if coefficient == 0 { return Decimal(negative: negative, 0, wanted) }
    if wanted < exponent {
      return Decimal(negative: negative, coefficient * Decimal.scale(exponent - wanted), wanted)
    }
    let drop = wanted - exponent
    // More than one digit beyond the first: only the rounding's direction counts.
    let (quotient, remainder): (BigInt, BigInt)
    let half: Int
    if drop > digits.utf8.count + 1 {
      (quotient, remainder, half) = (0, coefficient, -1)
    } else {
      let divisor = Decimal.scale(drop)
      (quotient, remainder) = coefficient.quotientAndRemainder(dividingBy: divisor)
      let twice = remainder * 2
      half = twice < divisor ? -1 : twice == divisor ? 0 : 1
    }
    var up = false
    if remainder != 0 {
      switch rounding {
      case .halfEven: up = half > 0 || half == 0 && quotient % 2 != 0
      case .halfUp: up = half >= 0
      case .halfDown: up = half > 0
      case .up: up = true
      case .down: up = false
      case .ceiling: up = !negative
      case .floor: up = negative
      case .zeroFiveUp: up = quotient % 5 == 0
      }
    }
    return Decimal(negative: negative, up ? quotient + 1 : quotient, wanted)
  }

  /// Rounded to the context's digits.
  func fixed() throws -> Decimal {
    guard isFinite else { return self }
    var result = self
    let count = digits.utf8.count
    if count > Decimal.precision {
      result = rescaled(exponent + count - Decimal.precision)
      // 999…9 rounds to one digit more.
      if result.digits.utf8.count > Decimal.precision { result = result.rescaled(result.exponent + 1) }
    }
    if result.coefficient != 0, result.adjusted > Decimal.maxExponent {
      throw TemplateError(.overflow, "[<class 'decimal.Overflow'>]")
    }
    return result
  }

  /// Without trailing zeros.
  func normalized() throws -> Decimal {
    var result = try fixed()
    guard result.isFinite else { return result }
    if result.coefficient == 0 { return Decimal(negative: negative, 0, 0) }
    while result.coefficient % 10 == 0 {
      result.coefficient /= 10
      result.exponent += 1
    }
    return result
  }

  // MARK: - Order

  /// Negative, zero or positive; nil when one is not a number.
  static func compare(_ a: Decimal, _ b: Decimal) -> Int? {
    if a.special == .nan || b.special == .nan { return nil }
    func rank(_ x: Decimal) -> Int { x.special == .infinity ? x.negative ? -1 : 1 : 0 }
    if rank(a) != 0 || rank(b) != 0 { return rank(a) < rank(b) ? -1 : rank(a) == rank(b) ? 0 : 1 }
    if a.isZero || b.isZero || a.negative != b.negative {
      let x = a.isZero ? 0 : a.negative ? -1 : 1
      let y = b.isZero ? 0 : b.negative ? -1 : 1
      return x < y ? -1 : x == y ? 0 : 1
    }
    var order = a.adjusted < b.adjusted ? -1 : a.adjusted == b.adjusted ? 0 : 1
    if order == 0 {
      let low = min(a.exponent, b.exponent)
      let x = a.coefficient * scale(a.exponent - low)
      let y = b.coefficient * scale(b.exponent - low)
      order = x < y ? -1 : x == y ? 0 : 1
    }
    return a.negative ? -order : order
  }
}
