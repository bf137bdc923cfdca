/// Numbers as Python writes and reads them.
public enum PythonNumbers {
  /// `repr(float)`: the shortest digits that read back, an exponent below 1e-4 and from 1e16.
  public static func repr(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    // Swift finds the same shortest digits; only where the exponent starts differs.
    let text = value.magnitude.description
    let parts = text.split(separator: "e", maxSplits: 1)
    var exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let halves = parts[0].split(separator: ".", maxSplits: 1)
    let whole = halves[0]
    var digits = Array(whole.utf8) + (halves.count > 1 ? Array(halves[1].utf8) : [])
    exponent += whole.utf8.count  // value = 0.digits * 10^exponent
    let leading = digits.prefix { $0 == 0x30 }.count
    digits.removeFirst(leading)
    exponent -= leading
    while digits.last == 0x30 { digits.removeLast() }
    let sign = value.sign == .minus ? "-" : ""
    if digits.isEmpty { return sign + "0.0" }
    func string(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }
    if exponent > 16 || exponent < -3 {
      let power = exponent - 1
      let mantissa = string(digits.prefix(1)) + (digits.count > 1 ? "." + string(digits.dropFirst()) : "")
      let magnitude = String(abs(power))
      return "\(sign)\(mantissa)e\(power < 0 ? "-" : "+")\(magnitude.utf8.count < 2 ? "0" : "")\(magnitude)"
    }
    if exponent <= 0 { return sign + "0." + String(repeating: "0", count: -exponent) + string(digits) }
    if digits.count <= exponent {
      return sign + string(digits) + String(repeating: "0", count: exponent - digits.count) + ".0"
    }
    return sign + string(digits.prefix(exponent)) + "." + string(digits.dropFirst(exponent))
  }

  /// `int(text, base)` of bare digits (no sign, no prefix, no underscores); nil for anything else.
  static func integer(_ digits: some Collection<UInt8>, base: Int, negative: Bool) -> YAMLValue? {
    guard !digits.isEmpty else { return nil }
    var value = 0
    var overflowed = false
    for byte in digits {
      guard let digit = digitValue(byte), digit < base else { return nil }
      if overflowed { continue }
      let (product, a) = value.multipliedReportingOverflow(by: base)
      let (sum, b) = product.addingReportingOverflow(digit)
      overflowed = a || b
      value = sum
    }
    if !overflowed { return .int(negative ? -value : value) }
    let decimal = base == 10 ? String(decoding: digits.drop { $0 == 0x30 }, as: UTF8.self) : big(digits, base: base)
    return .bigInt((negative ? "-" : "") + decimal)
  }

  /// Base conversion with limbs of nine decimal digits, least significant first.
  private static func big(_ digits: some Collection<UInt8>, base: Int) -> String {
    var limbs: [Int] = [0]
    for byte in digits {
      var carry = digitValue(byte) ?? 0
      for i in limbs.indices {
        let value = limbs[i] * base + carry
        limbs[i] = value % 1_000_000_000
        carry = value / 1_000_000_000
      }
      if carry > 0 { limbs.append(carry) }
    }
    var text = String(limbs[limbs.count - 1])
    for limb in limbs.dropLast().reversed() {
      let part = String(limb)
      text += String(repeating: "0", count: 9 - part.utf8.count) + part
    }
    return text
  }

  private static func digitValue(_ byte: UInt8) -> Int? {
    switch byte {
    case 0x30...0x39: Int(byte) - 0x30
    case 0x61...0x66: Int(byte) - 0x61 + 10
    case 0x41...0x46: Int(byte) - 0x41 + 10
    default: nil
    }
  }
}
