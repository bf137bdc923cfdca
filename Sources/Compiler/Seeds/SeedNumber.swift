import Jinja

/// A number of a seed, as agate's `Number` reads it: per cent signs, currency symbols and commas between digits are
/// dropped; what is left is what Python's `Decimal` takes, rounded to 28 digits.
struct SeedNumber {
  typealias Bytes = UnsafeBufferPointer<UInt8>
  var negative = false
  /// Digits before the point without leading zeros, and behind it; valid until the next number is read.
  var whole = Bytes(start: nil, count: 0)
  var fraction = Bytes(start: nil, count: 0)
  /// `NaN`, or a number too long to be written without an exponent; then there are no digits.
  var literal: [UInt8]?
  /// As agate counts them, for the column's type: places before the point, and behind it without trailing zeros.
  var wholePlaces = 0
  var decimalPlaces = 0
  /// `Decimal`'s coefficient and exponent, where they are not told by the digits: `1E+2`.
  var exact: String?

  var isZero: Bool { literal == nil && whole.isEmpty && fraction.allSatisfy { $0 == 0x30 } }

  /// As an object of the template language.
  var decimal: Value {
    let text: String
    if let exact {
      text = exact
    } else if let literal {
      text = String(decoding: literal, as: UTF8.self)
    } else {
      text =
        (negative ? "-" : "") + (whole.isEmpty ? "0" : String(decoding: whole, as: UTF8.self))
        + (fraction.isEmpty ? "" : "." + String(decoding: fraction, as: UTF8.self))
    }
    return Decimal(text).map { .object(DecimalObject($0)) } ?? .string(text)
  }
}

/// Reads numbers; keeps a buffer for those that have to be changed first. Used by one thread.
final class SeedNumberReader {
  typealias Bytes = UnsafeBufferPointer<UInt8>
  private let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: SeedNumberReader.limit)
  private static let limit = 1024
  /// Python's decimal context.
  private static let precision = 28

  deinit { buffer.deallocate() }

  func read(_ bytes: Bytes) -> SeedCast<SeedNumber> {
    if let number = Self.simple(bytes, allowsSign: true) { return .value(number) }
    let stripped = SeedText.stripped(bytes)
    if SeedText.isNull(stripped) { return .null }
    if let number = decorated(stripped) { return .value(number) }
    return general(stripped).map { .value($0) } ?? .no
  }

  /// Digits, perhaps with a point among them and a sign before: what most numbers are.
  @inline(__always)
  private static func simple(_ bytes: Bytes, allowsSign: Bool) -> SeedNumber? {
    guard let base = bytes.baseAddress, bytes.count <= precision else { return nil }
    var at = 0
    let end = bytes.count
    var number = SeedNumber()
    if allowsSign, end > 0, base[0] == UInt8(ascii: "-") {
      number.negative = true
      at = 1
    }
    let first = at
    while at < end, base[at] == 0x30 { at += 1 }
    let start = at
    while at < end, base[at] &- 0x30 < 10 { at += 1 }
    number.whole = Bytes(start: base + start, count: at - start)
    number.wholePlaces = at - start
    var digits = at - first
    if at < end {
      guard base[at] == UInt8(ascii: ".") else { return nil }
      at += 1
      let point = at
      while at < end, base[at] &- 0x30 < 10 { at += 1 }
      guard at == end else { return nil }
      digits += at - point
      number.fraction = Bytes(start: base + point, count: at - point)
      var places = at - point
      while places > 0, base[point + places - 1] == 0x30 { places -= 1 }
      number.decimalPlaces = places
    }
    return digits > 0 ? number : nil
  }

  /// A simple number with signs that are dropped around it: `$1,234.50`, `-12%`.
  private func decorated(_ stripped: Bytes) -> SeedNumber? {
    var start = 0
    var end = min(stripped.count, Self.limit)
    guard end == stripped.count else { return nil }
    func strip(_ byte: UInt8) {
      while start < end, stripped[start] == byte { start += 1 }
      while end > start, stripped[end - 1] == byte { end -= 1 }
    }
    strip(UInt8(ascii: "%"))
    let negative = start < end && stripped[start] == UInt8(ascii: "-")
    if negative { start += 1 }
    strip(UInt8(ascii: "$"))
    var count = 0
    for i in start..<end where stripped[i] != UInt8(ascii: ",") {
      buffer[count] = stripped[i]
      count += 1
    }
    guard var number = Self.simple(Bytes(start: buffer, count: count), allowsSign: false) else { return nil }
    number.negative = negative
    return number
  }

  private static let currencies = Array("؋$ƒ៛¥₡₱£€¢﷼₪₩₭₮₦฿₤₫".unicodeScalars)

  /// Everything else that agate and Python's `Decimal` take: exponents, infinities, digits of other scripts, …
  private func general(_ stripped: Bytes) -> SeedNumber? {
    // What no `Decimal` is: saves looking closer at the texts of a column.
    guard stripped.count <= Self.limit else { return nil }
    var scalars = Array(String(decoding: stripped, as: UTF8.self).unicodeScalars)[...]
    func strip(_ scalar: Unicode.Scalar) {
      while scalars.first == scalar { scalars.removeFirst() }
      while scalars.last == scalar { scalars.removeLast() }
    }
    strip("%")
    var negative = false
    if scalars.first == "-" {
      negative = true
      scalars.removeFirst()
    }
    for symbol in Self.currencies { strip(symbol) }
    var text: [UInt8] = []
    for scalar in scalars where scalar != "," { text.append(contentsOf: Array(String(scalar).utf8)) }
    let plain = text.withUnsafeBufferPointer { SeedText.plain(SeedText.stripped($0)) }.filter { $0 != 0x5F }
    var digits = plain[...]
    if let sign = digits.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      if sign == UInt8(ascii: "-") { negative.toggle() }
      digits.removeFirst()
    }
    var number = SeedNumber(negative: negative)
    switch String(decoding: digits, as: UTF8.self).lowercased() {
    case "inf", "infinity":
      // psycopg2 knows no infinite numbers and sends them as NaN.
      number.literal = Array("NaN".utf8)
      number.exact = negative ? "-Infinity" : "Infinity"
      return number
    case let text where text.hasPrefix("nan") && text.utf8.dropFirst(3).allSatisfy { $0 &- 0x30 < 10 }:
      number.literal = Array("NaN".utf8)
      return number
    default: return finite(digits, number)
    }
  }

  private func finite(_ text: ArraySlice<UInt8>, _ start: SeedNumber) -> SeedNumber? {
    var text = text
    var number = start
    var digits: [UInt8] = []
    var exponent = 0
    var hasPoint = false
    var hasDigits = false
    while let byte = text.first {
      if byte &- 0x30 < 10 {
        hasDigits = true
        if !digits.isEmpty || byte != 0x30 { digits.append(byte) }
        if hasPoint { exponent -= 1 }
      } else if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else {
        break
      }
      text.removeFirst()
    }
    guard hasDigits else { return nil }
    if let e = text.first {
      var rest = text.dropFirst()
      guard e | 0x20 == UInt8(ascii: "e") else { return nil }
      var isNegative = false
      if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
        isNegative = sign == UInt8(ascii: "-")
        rest.removeFirst()
      }
      guard !rest.isEmpty, rest.count < 12, rest.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
      let value = rest.reduce(0) { $0 * 10 + Int($1 - 0x30) }
      exponent += isNegative ? -value : value
    }
    if digits.count > Self.precision { Self.round(&digits, &exponent) }
    guard digits.isEmpty || abs(exponent + digits.count) < 1_000_000 else { return nil }
    number.exact =
      (number.negative ? "-" : "") + (digits.isEmpty ? "0" : String(decoding: digits, as: UTF8.self)) + "E\(exponent)"
    while digits.last == 0x30 {
      digits.removeLast()
      exponent += 1
    }
    if digits.isEmpty { return number }
    number.wholePlaces = max(0, digits.count + exponent)
    number.decimalPlaces = max(0, -exponent)
    let length = max(digits.count, number.wholePlaces) + max(0, -exponent)
    guard length < Self.limit - 2 else {
      number.literal = Array("\(number.negative ? "-" : "")\(String(decoding: digits, as: UTF8.self))E\(exponent)".utf8)
      return number
    }
    // Written out: 12E3 is 12000, 12E-4 is 0.0012.
    var count = 0
    func put(_ byte: UInt8) {
      buffer[count] = byte
      count += 1
    }
    for i in 0..<number.wholePlaces { put(i < digits.count ? digits[i] : 0x30) }
    let point = count
    for _ in 0..<max(0, number.decimalPlaces - digits.count) { put(0x30) }
    if number.decimalPlaces > 0 { for digit in digits.suffix(number.decimalPlaces) { put(digit) } }
    number.whole = Bytes(start: buffer, count: point)
    number.fraction = Bytes(start: buffer + point, count: count - point)
    return number
  }

  /// To 28 digits, half to even.
  private static func round(_ digits: inout [UInt8], _ exponent: inout Int) {
    let rest = digits[precision...]
    exponent += rest.count
    let isHalf = rest.first == 0x35 && rest.dropFirst().allSatisfy { $0 == 0x30 }
    let up = isHalf ? digits[precision - 1] % 2 == 1 : (rest.first ?? 0x30) >= 0x35
    digits = Array(digits[..<precision])
    guard up else { return }
    for i in digits.indices.reversed() {
      if digits[i] < 0x39 {
        digits[i] += 1
        return
      }
      digits[i] = 0x30
    }
    // 999…9: one digit more than fits.
    digits = [0x31] + digits.dropLast()
    exponent += 1
  }
}
