import BigInt
import Glibc

/// `int()`, `float()` and `round()` of any value.
enum PythonNumbers {
  /// What the `int` filter makes of a value; nil when it is no number.
  static func int(_ value: Value, base: Value?, _ r: Interpreter) throws -> Value? {
    do {
      if case .string(let s) = value {
        let base = try (base ?? .int(10)).index()
        if let number = try IntegerParser.parse(s, base: base) { return number }
      } else if let number = try integer(value) {
        return number
      }
    } catch let error as TemplateError where error.kind == .type || error.kind == .value {
      // Falls through to the float, as "42.23" does.
    }
    do {
      guard let number = try floatOrNil(value, r) else { return nil }
      return try truncated(number)
    } catch let error as TemplateError
      where error.kind == .type || error.kind == .value || error.kind == .overflow
    {
      return nil
    }
  }

  /// `int(x)` of what is no string; nil when it can't be one.
  static func integer(_ value: Value) throws -> Value? {
    switch value {
    case .int: return value
    case .bool(let b): return .int(b ? 1 : 0)
    case .float(let d): return try truncated(d)
    case .undefined(let undefined): throw undefined.error()
    case .object(let o):
      if o is BigInteger { return value }
      return try (o as? NumericObject)?.integerValue()
    default: return nil
    }
  }

  static func truncated(_ number: Double) throws -> Value {
    if number.isNaN { throw TemplateError(.value, "cannot convert float NaN to integer") }
    if number.isInfinite { throw TemplateError(.overflow, "cannot convert float infinity to integer") }
    let whole = number.rounded(.towardZero)
    return whole.magnitude < 9e18 ? .int(Int(whole)) : BigInteger.make(BigInt(whole))
  }

  /// `float(x)`; nil when it is no number.
  static func floatOrNil(_ value: Value, _ r: Interpreter) throws -> Double? {
    switch value {
    case .undefined(let undefined): throw undefined.error()
    case .string(let s): return FloatParser.parse(s)
    default:
      if let number = try Numbers.double(value) { return number }
      if case .object(let o) = value { return o.floatValue }
      return nil
    }
  }
  /// `float(x)`
  static func float(_ value: Value, _ r: Interpreter) throws -> Double {
    if let number = try floatOrNil(value, r) { return number }
    if case .string = value {
      throw TemplateError(.value, "could not convert string to float: \(try value.repr(r).string)")
    }
    throw TemplateError(
      .type, "float() argument must be a string or a real number, not '\(value.typeName)'")
  }

  /// `round(x, precision)`: halves go to the even neighbour.
  static func round(_ value: Value, _ precision: Value, _ r: Interpreter) throws -> Value {
    switch value {
    case .float(let d):
      if precision.isNone {
        if !d.isFinite { return try truncated(d) }
        return try truncated(d.rounded(.toNearestOrEven))
      }
      return .float(round(d, try precision.index()))
    case .int, .bool: return try round(integer: value, precision)
    case .object(let o):
      if o is BigInteger { return try round(integer: value, precision) }
      if let rounded = try (o as? NumericObject)?.rounded(precision) { return rounded }
    default: break
    }
    throw TemplateError(.type, "type \(value.typeName) doesn't define __round__ method")
  }

  static func round(_ number: Double, _ digits: Int) -> Double {
    if !number.isFinite || digits > 323 { return number }
    if digits < -308 { return number.sign == .minus ? -0.0 : 0 }
    if let rounded = DecimalRounding.rounded(number, digits) { return rounded }
    if digits >= 0 {
      // printf rounds the exact value, halves to even, as Python does.
      return strtod(CFormat.fixed(number, digits), nil)
    }
    let scale = pow(10, Double(-digits))
    let quotient = number / scale
    var rounded = quotient.rounded(.toNearestOrEven)
    // The division may have made a half of what was none: compare exactly.
    if (quotient - quotient.rounded(.towardZero)).magnitude == 0.5 {
      let below = quotient.rounded(.down)
      let remainder = fmod(number - below * scale, 2 * scale)
      if remainder.magnitude > scale / 2 {
        rounded = below + 1
      } else if remainder.magnitude < scale / 2 {
        rounded = below
      }
    }
    return rounded * scale
  }

  private static func round(integer value: Value, _ precision: Value) throws -> Value {
    let number = value.asBigInt ?? 0
    if precision.isNone { return BigInteger.make(number) }
    let digits = try precision.index()
    guard digits < 0 else { return BigInteger.make(number) }
    if -digits > String(number.magnitude).count + 1 { return .int(0) }
    let scale = BigInt(10).power(-digits)
    let (quotient, remainder) = Numbers.floorDivide(number, scale)
    let twice = remainder * 2
    let up = twice > scale || twice == scale && quotient % 2 != 0
    return BigInteger.make((up ? quotient + 1 : quotient) * scale)
  }

  static func ceil(_ value: Value) throws -> Value { try whole(value, .up) }
  static func floor(_ value: Value) throws -> Value { try whole(value, .down) }

  private static func whole(_ value: Value, _ rule: FloatingPointRoundingRule) throws -> Value {
    switch value {
    case .float(let d): return try truncated(d.rounded(rule))
    case .object(let o):
      if let number = try (o as? NumericObject)?.wholeValue(up: rule == .up) { return number }
      fallthrough
    default:
      if let number = try integer(value) { return number }
      throw TemplateError(.type, "must be real number, not \(value.typeName)")
    }
  }
}

/// A number that is an object: what `int()`, `round()`, `math.ceil` and `math.floor` make of it.
protocol NumericObject: Object {
  func integerValue() throws -> Value
  func rounded(_ precision: Value) throws -> Value
  func wholeValue(up: Bool) throws -> Value
}

/// `int(text, base)`
enum IntegerParser {
  /// Nil when the text is no integer.
  static func parse(_ s: Str, base: Int) throws -> Value? {
    guard base == 0 || base >= 2 && base <= 36 else {
      throw TemplateError(.value, "int() base must be >= 2 and <= 36, or 0")
    }
    var text = NumberText.plain(s)[...]
    var negative = false
    if text.first == 0x2B || text.first == 0x2D {
      negative = text.first == 0x2D
      text = text.dropFirst()
    }
    var base = base
    let prefixed: Int? =
      if text.count > 1, text.first == 0x30 {
        switch text[text.startIndex + 1] | 0x20 {
        case 0x78: 16
        case 0x6F: 8
        case 0x62: 2
        default: nil
        }
      } else {
        nil
      }
    if let prefixed, base == 0 || base == prefixed {
      base = prefixed
      text = text.dropFirst(2)
      if text.first == 0x5F { text = text.dropFirst() }
    } else if base == 0 {
      base = 10
      // A leading zero is only allowed for zero itself.
      if text.first == 0x30, text.contains(where: { $0 != 0x30 && $0 != 0x5F }) { return nil }
    }
    guard let digits = NumberText.withoutUnderscores(text) else { return nil }
    let valid = digits.allSatisfy { byte in
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x61...0x7A: digit = byte - 0x61 + 10
      case 0x41...0x5A: digit = byte - 0x41 + 10
      default: return false
      }
      return digit < base
    }
    guard valid else { return nil }
    if digits.count > IntegerText.maxDigits, base & (base - 1) != 0 {
      throw TemplateError(
        .value,
        "Exceeds the limit (\(IntegerText.maxDigits) digits) for integer string conversion: value has \(digits.count)"
          + " digits; \(IntegerText.hint)")
    }
    let magnitude = String(decoding: digits, as: UTF8.self)
    if let small = Int(magnitude, radix: base) { return .int(negative ? -small : small) }
    guard let big = IntegerText.parse(digits, base: base) else { return nil }
    return BigInteger.make(negative ? -big : big)
  }
}

/// `float(text)`
enum FloatParser {
  /// Nil when the text is no float.
  static func parse(_ s: Str) -> Double? {
    let text = NumberText.plain(s)
    guard !text.isEmpty else { return nil }
    let lowered = String(decoding: text, as: UTF8.self).lowercased()
    switch lowered {
    case "inf", "+inf", "infinity", "+infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    case "nan", "+nan", "-nan": return .nan
    default: break
    }
    guard isNumber(text) else { return nil }
    return strtod(String(decoding: text.filter { $0 != 0x5F }, as: UTF8.self), nil)
  }

  private static func isNumber(_ text: [UInt8]) -> Bool {
    var i = 0
    func isDigit(_ i: Int) -> Bool { i < text.count && text[i] >= 0x30 && text[i] <= 0x39 }
    /// Digits with single underscores between them.
    func digits() -> Int {
      var n = 0
      while isDigit(i) || i < text.count && text[i] == 0x5F && n > 0 && isDigit(i - 1) && isDigit(i + 1) {
        if isDigit(i) { n += 1 }
        i += 1
      }
      return n
    }
    if i < text.count, text[i] == 0x2B || text[i] == 0x2D { i += 1 }
    var mantissa = digits()
    if i < text.count, text[i] == 0x2E {
      i += 1
      mantissa += digits()
    }
    guard mantissa > 0 else { return false }
    if i < text.count, text[i] | 0x20 == 0x65 {
      i += 1
      if i < text.count, text[i] == 0x2B || text[i] == 0x2D { i += 1 }
      guard digits() > 0 else { return false }
    }
    return i == text.count
  }
}

enum NumberText {
  /// Without blanks around it, digits of any script as ASCII ones; other characters beyond ASCII as `?`.
  static func plain(_ s: Str) -> [UInt8] {
    var out: [UInt8] = []
    s.withUTF8 { bytes in
      var i = 0
      while i < bytes.count {
        let (scalar, length) = UTF8Scan.decode(bytes, i)
        i += length
        if scalar < 0x80 {
          out.append(Characters.isSpace(scalar) ? 0x20 : UInt8(scalar))
        } else if Characters.isSpace(scalar) {
          out.append(0x20)
        } else if Characters.isDigit(scalar), let value = Unicode.Scalar(scalar)?.properties.numericValue {
          out.append(0x30 + UInt8(value))
        } else {
          out.append(0x3F)
        }
      }
    }
    while out.last == 0x20 { out.removeLast() }
    let start = out.firstIndex { $0 != 0x20 } ?? out.count
    return Array(out[start...])
  }

  /// Digits without the single underscores between them; nil when one stands elsewhere, or nothing is left.
  static func withoutUnderscores(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    guard let first = text.first, let last = text.last, first != 0x5F, last != 0x5F else { return nil }
    var out: [UInt8] = []
    var previous: UInt8 = 0
    for byte in text {
      if byte == 0x5F {
        if previous == 0x5F { return nil }
      } else {
        out.append(byte)
      }
      previous = byte
    }
    return out
  }
}
