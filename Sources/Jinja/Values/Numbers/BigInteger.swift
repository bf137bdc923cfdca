import BigInt

/// An integer that does not fit in 64 bits.
public final class BigInteger: Object {
  public let value: BigInt

  private init(_ value: BigInt) { self.value = value }

  /// The value in its normal form: `.int` whenever it fits.
  public static func make(_ value: BigInt) -> Value {
    if let small = Int(exactly: value) { return .int(small) }
    return .object(BigInteger(value))
  }

  public override var typeName: String { "int" }
  public override var floatValue: Double? { Numbers.nearest(value) }
  public override func repr(_ interpreter: Interpreter?) throws -> Str { Str.make(try IntegerText.decimal(value)) }
  public override func isEqual(to other: Value) -> Bool {
    switch other {
    case .object(let o): (o as? BigInteger).map { $0.value == value } ?? false
    case .float(let d): d.isFinite && d == d.rounded(.towardZero) && BigInt(d) == value
    default: false
    }
  }
  public override func hashCode() throws -> Int { NumberHash.of(value) }
  public override func unary(_ op: UnaryOperator) throws -> Value? {
    switch op {
    case .negate: BigInteger.make(-value)
    case .plus: .object(self)
    case .absolute: value.sign == .minus ? BigInteger.make(-value) : .object(self)
    }
  }
}

extension Value {
  /// The number when this is an int of any size (or a bool).
  public var asBigInt: BigInt? {
    switch self {
    case .int(let i): BigInt(i)
    case .bool(let b): b ? 1 : 0
    case .object(let o): (o as? BigInteger)?.value
    default: nil
    }
  }
}

/// Integers as text, with CPython's guard against quadratic conversions of huge numbers.
enum IntegerText {
  /// `sys.get_int_max_str_digits()`
  static let maxDigits = 4300
  static let hint = "use sys.set_int_max_str_digits() to increase the limit"

  static func decimal(_ value: BigInt) throws -> String {
    // log10(2) < 0.30103: fewer bits than this can't have more digits than allowed.
    if value.bitWidth > maxDigits * 3 {
      let tooLong = TemplateError(
        .value, "Exceeds the limit (\(maxDigits) digits) for integer string conversion; \(hint)")
      if value.bitWidth > maxDigits * 4 { throw tooLong }
      let text = String(value)
      if text.utf8.count - (value.sign == .minus ? 1 : 0) > maxDigits { throw tooLong }
      return text
    }
    return String(value)
  }

  /// The integer that digits of any base up to 36 stand for; nil when one of them is none.
  static func parse(_ digits: some Sequence<UInt8>, base: Int) -> BigInt? {
    // As many digits at a time as a word holds.
    var value = BigUInt(0)
    var chunk: UInt = 0
    var scale: UInt = 1
    for byte in digits {
      let digit: UInt
      switch byte {
      case 0x30...0x39: digit = UInt(byte - 0x30)
      case 0x61...0x7A: digit = UInt(byte - 0x61) + 10
      case 0x41...0x5A: digit = UInt(byte - 0x41) + 10
      default: return nil
      }
      guard digit < UInt(base) else { return nil }
      chunk = chunk * UInt(base) + digit
      scale *= UInt(base)
      if scale > UInt.max / 64 {
        value = value * BigUInt(scale) + BigUInt(chunk)
        chunk = 0
        scale = 1
      }
    }
    return BigInt(value * BigUInt(scale) + BigUInt(chunk))
  }
}
