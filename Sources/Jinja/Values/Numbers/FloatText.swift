import Glibc

/// Floats as Python's `repr` writes them: the shortest digits that read back the same.
enum FloatText {
  static func append(_ value: Double, to out: inout StrBuilder) {
    if value.isNaN {
      out.append("nan")
      return
    }
    if value.isInfinite {
      out.append(value < 0 ? "-inf" : "inf")
      return
    }
    if value.magnitude < 1e15, value == value.rounded(.towardZero) {
      if value.sign == .minus { out.append(0x2D) }
      out.append(Int(value.magnitude))
      out.append(".0")
      return
    }
    let shortest = Shortest(value)
    if shortest.isNegative { out.append(0x2D) }
    append(shortest.digits, point: shortest.point, to: &out, minimumFraction: true)
  }

  /// Digits with the decimal point after `point` of them, in plain or exponent notation as `repr` chooses.
  static func append(
    _ digits: [UInt8], point: Int, to out: inout StrBuilder, minimumFraction: Bool
  ) {
    if point > 16 || point < -3 {
      out.append(digits[0])
      if digits.count > 1 {
        out.append(0x2E)
        for digit in digits.dropFirst() { out.append(digit) }
      }
      appendExponent(point - 1, to: &out)
      return
    }
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
    if digits.count <= point, minimumFraction { out.append(".0") }
  }

  static func appendExponent(_ exponent: Int, to out: inout StrBuilder, letter: UInt8 = 0x65) {
    out.append(letter)
    out.append(exponent < 0 ? 0x2D : 0x2B)
    let magnitude = exponent.magnitude
    if magnitude < 10 { out.append(0x30) }
    out.append(Int(magnitude))
  }

  /// The shortest decimal digits of a finite float.
  struct Shortest {
    var digits: [UInt8] = []
    /// The value is 0.DIGITS times 10 to this power.
    var point = 0
    var isNegative: Bool

    init(_ value: Double) {
      isNegative = value.sign == .minus
      // Swift's description is the shortest that reads back; only its layout differs from Python's.
      var text = value.magnitude.description
      var exponent = 0
      var seenPoint = false
      var integerDigits = 0
      text.withUTF8 { bytes in
        var i = 0
        while i < bytes.count {
          let byte = bytes[i]
          if byte == 0x2E {
            seenPoint = true
          } else if byte == 0x65 {
            var negative = false
            i += 1
            while i < bytes.count {
              if bytes[i] == 0x2D { negative = true }
              if bytes[i] >= 0x30, bytes[i] <= 0x39 { exponent = exponent * 10 + Int(bytes[i] - 0x30) }
              i += 1
            }
            if negative { exponent = -exponent }
            break
          } else {
            if !seenPoint { integerDigits += 1 }
            digits.append(byte)
          }
          i += 1
        }
      }
      var leading = 0
      while leading < digits.count - 1, digits[leading] == 0x30 { leading += 1 }
      digits.removeFirst(leading)
      while digits.count > 1, digits.last == 0x30 { digits.removeLast() }
      point = integerDigits - leading + exponent
      if digits == [0x30] { point = 1 }
    }
  }
}
