extension Decimal {
  /// `format(x, spec)`
  /// - Throws: a ValueError for a specification that decimals don't understand.
  func formatted(_ text: Str) throws -> Str {
    let spec = try FormatSpec(text, typeName: "decimal.Decimal")
    var type = UInt8(truncatingIfNeeded: spec.type)
    switch type {
    case 0: type = UInt8(ascii: "G")
    case UInt8(ascii: "n"): type = UInt8(ascii: "g")
    case UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "g"),
      UInt8(ascii: "G"), UInt8(ascii: "%"):
      break
    default: throw TemplateError(.value, "invalid format string")
    }
    guard isFinite else {
      return try spec.layout(
        negative: negative, digits: Array((special == .nan ? "NaN" : "Infinity").utf8)[...], rest: [], groupSize: .max)
    }
    let kind = type | 0x20
    var number = self
    if type == UInt8(ascii: "%") { number.exponent += 2 }
    let isFixed = kind == UInt8(ascii: "f") || type == UInt8(ascii: "%")
    if let precision = spec.precision {
      let count = number.digits.utf8.count
      if isFixed {
        number = number.rescaled(-precision)
      } else if kind == UInt8(ascii: "e") {
        number = number.withDigits(precision + 1, padding: true)
      } else if count > precision {
        number = number.withDigits(max(1, precision), padding: false)
      }
    }
    if number.isZero, number.exponent > 0, isFixed { number = number.rescaled(0) }
    let digits = Array(number.digits.utf8)
    let left = number.exponent + digits.count
    let point: Int
    if kind == UInt8(ascii: "e") {
      point = number.isZero ? 1 - (spec.precision ?? 0) : 1
    } else if isFixed {
      point = left
    } else {
      point = number.exponent <= 0 && left > -6 ? left : 1
    }
    var whole: [UInt8]
    var fraction: [UInt8]
    if point < 0 {
      whole = [0x30]
      fraction = [UInt8](repeating: 0x30, count: -point) + digits
    } else if point > digits.count {
      whole = digits + [UInt8](repeating: 0x30, count: point - digits.count)
      fraction = []
    } else {
      whole = point == 0 ? [0x30] : Array(digits[..<point])
      fraction = Array(digits[point...])
    }
    var rest: [UInt8] = fraction.isEmpty && !spec.alternate ? [] : [0x2E] + fraction
    let exponent = left - point
    if exponent != 0 || kind == UInt8(ascii: "e") {
      rest.append(type == UInt8(ascii: "e") || type == UInt8(ascii: "g") ? 0x65 : 0x45)
      rest.append(contentsOf: ((exponent < 0 ? "-" : "+") + String(exponent.magnitude)).utf8)
    }
    if type == UInt8(ascii: "%") { rest.append(0x25) }
    let isNegative = number.negative && !(spec.coerceNegativeZero && number.isZero)
    return try spec.layout(negative: isNegative, digits: whole[...], rest: rest[...])
  }

  /// Rounded to so many digits; with `padding`, zeros are added where there are fewer.
  private func withDigits(_ wanted: Int, padding: Bool) -> Decimal {
    let count = digits.utf8.count
    if isZero { return padding ? Decimal(negative: negative, 0, exponent - wanted + 1) : self }
    if count < wanted { return padding ? rescaled(exponent - (wanted - count)) : self }
    var result = rescaled(exponent + count - wanted)
    if result.digits.utf8.count > wanted { result = result.rescaled(result.exponent + 1) }
    return result
  }
}
