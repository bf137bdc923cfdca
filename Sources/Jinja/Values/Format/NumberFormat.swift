import BigInt
import Glibc

/// Formatting numbers by a specification.
enum NumberFormat {
  // MARK: integers

  static func format(_ value: BigInt, small: Int?, _ spec: FormatSpec, typeName: String) throws -> Str {
    switch spec.type {
    case 0, 0x64, 0x6E, 0x62, 0x6F, 0x78, 0x58: break
    case 0x63: return try character(small, spec)
    case 0x65, 0x45, 0x66, 0x46, 0x67, 0x47, 0x25: return try format(Numbers.double(value), spec, typeName: "float")
    default: throw spec.unknownCode(typeName)
    }
    if spec.precision != nil { throw TemplateError(.value, "Precision not allowed in integer format specifier") }
    if spec.coerceNegativeZero {
      throw TemplateError(.value, "Negative zero coercion (z) not allowed in integer format specifier")
    }
    let negative = value.sign == .minus
    let digits: [UInt8]
    var prefix: StaticString = ""
    var size = 4
    switch spec.type {
    case 0x62:
      digits = Array(String(value.magnitude, radix: 2).utf8)
      if spec.alternate { prefix = "0b" }
    case 0x6F:
      digits = Array(String(value.magnitude, radix: 8).utf8)
      if spec.alternate { prefix = "0o" }
    case 0x78:
      digits = Array(String(value.magnitude, radix: 16).utf8)
      if spec.alternate { prefix = "0x" }
    case 0x58:
      digits = Array(String(value.magnitude, radix: 16, uppercase: true).utf8)
      if spec.alternate { prefix = "0X" }
    default:
      digits = Array(try IntegerText.decimal(BigInt(value.magnitude)).utf8)
      size = 3
    }
    return try spec.layout(negative: negative, prefix: prefix, digits: digits[...], rest: [], groupSize: size)
  }

  private static func character(_ code: Int?, _ spec: FormatSpec) throws -> Str {
    if spec.precision != nil { throw TemplateError(.value, "Precision not allowed in integer format specifier") }
    if spec.sign != 0 { throw TemplateError(.value, "Sign not allowed with integer format specifier 'c'") }
    if spec.alternate {
      throw TemplateError(.value, "Alternate form (#) not allowed with integer format specifier 'c'")
    }
    guard let code, code >= 0, code < 0x110000 else {
      throw TemplateError(.overflow, "%c arg not in range(0x110000)")
    }
    return try spec.pad(Str.scalar(UInt32(code)), default: .right)
  }

  // MARK: floats

  static func format(_ value: Double, _ spec: FormatSpec, typeName: String) throws -> Str {
    var type = spec.type
    var precision = spec.precision
    var scaled = value
    var tail: [UInt8] = []
    switch type {
    case 0: break
    case 0x6E: type = 0x67
    case 0x65, 0x45, 0x66, 0x46, 0x67, 0x47: break
    case 0x25:
      type = 0x66
      scaled *= 100
      tail = [0x25]
    default: throw spec.unknownCode(typeName)
    }
    if let precision, precision > Int(Int32.max) { throw TemplateError(.value, "precision too big") }
    if type != 0, precision == nil { precision = 6 }
    var text = try magnitude(scaled, UInt8(type), precision, alternate: spec.alternate)
    var negative = scaled.sign == .minus && !scaled.isNaN
    if negative, spec.coerceNegativeZero, !text.contains(where: { $0 >= 0x31 && $0 <= 0x39 }), scaled.isFinite {
      negative = false
    }
    if !scaled.isFinite {
      text.append(contentsOf: tail)
      return try spec.layout(negative: negative, digits: text[...], rest: [], groupSize: Int.max)
    }
    let split = text.firstIndex { $0 < 0x30 || $0 > 0x39 } ?? text.count
    return try spec.layout(negative: negative, digits: text[..<split], rest: (text[split...] + tail)[...])
  }

  /// A float's text without its sign: by presentation type, or (type 0) as `repr`, or with a precision as a `g` that
  /// keeps one digit after the point.
  static func magnitude(_ value: Double, _ type: UInt8, _ precision: Int?, alternate: Bool) throws -> [UInt8] {
    let upper = type == 0x45 || type == 0x46 || type == 0x47
    if value.isNaN { return Array((upper ? "NAN" : "nan").utf8) }
    if value.isInfinite { return Array((upper ? "INF" : "inf").utf8) }
    if let precision { try SizeLimit.check(bytes: 1, times: precision) }
    let positive = value.magnitude
    if type != 0 { return printed(positive, type, precision ?? 6, alternate: alternate) }
    guard let precision else {
      var out = StrBuilder(capacity: 32)
      FloatText.append(positive, to: &out)
      var text = out.finish().bytes
      if alternate, let mark = text.firstIndex(of: 0x65), !text.contains(0x2E) { text.insert(0x2E, at: mark) }
      return text
    }
    let significant = max(precision, 1)
    let scientific = printed(positive, 0x65, significant - 1, alternate: false)
    guard let mark = scientific.firstIndex(of: 0x65) else { return scientific }
    var digits = scientific[..<mark].filter { $0 != 0x2E }
    let point = (Int(String(decoding: scientific[(mark + 1)...], as: UTF8.self)) ?? 0) + 1
    if !alternate { while digits.count > 1, digits.last == 0x30 { digits.removeLast() } }
    var out = StrBuilder(capacity: 32)
    if point <= -4 || point > significant - 1 {
      out.append(digits[0])
      if digits.count > 1 || alternate { out.append(0x2E) }
      for digit in digits.dropFirst() { out.append(digit) }
      FloatText.appendExponent(point - 1, to: &out)
    } else {
      plain(digits, point, to: &out)
    }
    return out.finish().bytes
  }

  private static func plain(_ digits: [UInt8], _ point: Int, to out: inout StrBuilder) {
    if point <= 0 {
      out.append("0.")
      out.append(repeating: 0x30, count: -point)
      out.append(bytes: digits)
      return
    }
    for i in 0..<max(point, digits.count) {
      if i == point { out.append(0x2E) }
      out.append(i < digits.count ? digits[i] : 0x30)
    }
    if digits.count <= point { out.append(".0") }
  }

  /// C's formatting, which is exact for any precision.
  static func printed(_ value: Double, _ type: UInt8, _ precision: Int, alternate: Bool) -> [UInt8] {
    if type | 0x20 == 0x66, !alternate, value.sign == .plus, let text = DecimalRounding.fixed(value, precision) {
      return text
    }
    var format: [CChar] = [0x25]
    if alternate { format.append(0x23) }
    format.append(contentsOf: [0x2E, 0x2A, CChar(type), 0])
    let arguments: [any CVarArg] = [Int32(clamping: precision), value]
    var buffer = [CChar](repeating: 0, count: 64)
    var length = withVaList(arguments) { Int(vsnprintf(&buffer, buffer.count, format, $0)) }
    if length >= buffer.count {
      buffer = [CChar](repeating: 0, count: length + 1)
      length = withVaList(arguments) { Int(vsnprintf(&buffer, buffer.count, format, $0)) }
    }
    return buffer.prefix(max(0, length)).map { UInt8(bitPattern: $0) }
  }
}
