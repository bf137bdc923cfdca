import BigInt
import Glibc

/// Numbers as templates write them: `1_000`, `0xff`, `1e3`.
enum NumberLiteral {
  static func integer(_ source: ArraySlice<UInt8>) throws -> Value {
    if source.count <= 18, source.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
      return .int(source.reduce(0) { $0 * 10 + Int($1 - 0x30) })
    }
    var digits = source.filter { $0 != 0x5F }
    var radix = 10
    if digits.count > 2, digits[0] == 0x30 {
      switch digits[1] | 0x20 {
      case 0x62: radix = 2
      case 0x6F: radix = 8
      case 0x78: radix = 16
      default: break
      }
      if radix != 10 { digits.removeFirst(2) }
    }
    let text = String(decoding: digits, as: UTF8.self)
    if let small = Int(text, radix: radix) { return .int(small) }
    // CPython refuses decimal literals longer than this (https://docs.python.org/3/library/stdtypes.html#int-max-str-digits).
    if radix == 10, digits.count > 4300 {
      throw TemplateError(
        .syntax,
        "Exceeds the limit (4300 digits) for integer string conversion: value has \(digits.count) digits; use"
          + " sys.set_int_max_str_digits() to increase the limit")
    }
    guard let big = BigInt(text, radix: radix) else { throw TemplateError(.syntax, "malformed number '\(text)'") }
    return BigInteger.make(big)
  }

  static func float(_ source: ArraySlice<UInt8>) -> Double {
    let text = source.filter { $0 != 0x5F } + [0]
    return text.withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { $0.baseAddress.map { strtod($0, nil) } ?? 0 }
    }
  }
}
