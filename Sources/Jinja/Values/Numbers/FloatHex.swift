import Glibc

/// Floats in hexadecimal: `0x1.8000000000000p+1`.
enum FloatHex {
  static func text(_ d: Double) -> Str {
    if d.isNaN { return Str.make("nan") }
    if d.isInfinite { return Str.make(d < 0 ? "-inf" : "inf") }
    let sign = d.sign == .minus ? "-" : ""
    if d == 0 { return Str.make("\(sign)0x0.0p+0") }
    let exponent = d.isNormal ? Int(d.exponent) : -1022
    let digits = String(d.significandBitPattern, radix: 16)
    let padded = String(repeating: "0", count: 13 - digits.count) + digits
    return Str.make("\(sign)0x\(d.isNormal ? 1 : 0).\(padded)p\(exponent < 0 ? "-" : "+")\(abs(exponent))")
  }

  static func parse(_ text: Str) throws -> Double {
    let invalid = TemplateError(.value, "invalid hexadecimal floating-point string")
    var body = CaseMapping.lower(StrTrim.spaces(text, left: true, right: true)).bytes[...]
    var negative = false
    if let first = body.first, first == 0x2D || first == 0x2B {
      negative = first == 0x2D
      body.removeFirst()
    }
    let word = String(decoding: body, as: UTF8.self)
    if word == "inf" || word == "infinity" { return negative ? -.infinity : .infinity }
    if word == "nan" { return .nan }
    if body.starts(with: [0x30, 0x78]) { body.removeFirst(2) }
    let allowed = body.allSatisfy {
      ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x66) || [0x2E, 0x70, 0x2B, 0x2D].contains($0)
    }
    guard allowed, let first = body.first, first != 0x70, first != 0x2B, first != 0x2D else { throw invalid }
    let literal = "0x" + String(decoding: body, as: UTF8.self)
    var parsed = 0.0
    let complete = literal.withCString { start -> Bool in
      var end: UnsafeMutablePointer<CChar>?
      parsed = strtod(start, &end)
      return end?.pointee == 0
    }
    guard complete else { throw invalid }
    if parsed.isInfinite { throw TemplateError(.overflow, "hexadecimal value too large to represent as a float") }
    return negative ? -parsed : parsed
  }
}
