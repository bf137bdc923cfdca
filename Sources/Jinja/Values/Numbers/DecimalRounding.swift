import Glibc

/// Rounding floats to decimal places exactly, without printing them.
enum DecimalRounding {
  private static let powers: [Double] = (0...15).map { pow(10, Double($0)) }

  /// The magnitude times `10^digits` as the nearest integer, judged by the float's exact value, halves to even; nil
  /// when this is out of reach of machine arithmetic.
  @inline(__always) static func scaled(_ value: Double, _ digits: Int) -> Double? {
    guard digits >= 0, digits <= 15 else { return nil }
    let scale = powers[digits]
    let magnitude = value.magnitude
    let product = magnitude * scale
    guard product < 4e15 else { return nil }
    // product + error is the exact product.
    let error = (-product).addingProduct(magnitude, scale)
    let below = product.rounded(.down)
    let beyondHalf = (product - below) - 0.5
    let up =
      beyondHalf > 0
      || (beyondHalf == 0 && (error > 0 || (error == 0 && below.truncatingRemainder(dividingBy: 2) != 0)))
    return up ? below + 1 : below
  }

  /// `round(value, digits)`; nil when it has to be done the long way.
  static func rounded(_ value: Double, _ digits: Int) -> Double? {
    // Both are exact, so that the quotient is the float nearest to the decimal.
    guard let integer = scaled(value, digits) else { return nil }
    return copysign(integer / powers[digits], value)
  }

  /// `%.Nf` of a positive float; nil when it has to be done the long way.
  static func fixed(_ value: Double, _ digits: Int) -> [UInt8]? {
    guard value.isFinite, let integer = scaled(value, digits) else { return nil }
    var text = [UInt8](String(Int(integer)).utf8)
    guard digits > 0 else { return text }
    if text.count <= digits { text.insert(contentsOf: repeatElement(0x30, count: digits + 1 - text.count), at: 0) }
    text.insert(0x2E, at: text.count - digits)
    return text
  }
}
