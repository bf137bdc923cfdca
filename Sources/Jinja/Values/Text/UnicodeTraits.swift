/// What Python knows of a Unicode scalar. CPython 3.11 has Unicode 14: what came later counts as unassigned.
enum UnicodeTraits {
  typealias Category = Unicode.GeneralCategory

  @inline(__always) static func properties(_ scalar: UInt32) -> Unicode.Scalar.Properties? {
    guard let properties = Unicode.Scalar(scalar)?.properties, let age = properties.age, age.major <= 14 else {
      return nil
    }
    return properties
  }

  static func category(_ scalar: UInt32) -> Category {
    guard let unicode = Unicode.Scalar(scalar) else { return .surrogate }
    // Private use and surrogates have an age; a scalar without one is unassigned.
    guard let age = unicode.properties.age, age.major <= 14 else { return .unassigned }
    return unicode.properties.generalCategory
  }

  static func isPrintable(_ scalar: UInt32) -> Bool {
    if scalar < 0x7F { return scalar >= 0x20 }
    switch category(scalar) {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator:
      return false
    default: return true
    }
  }

  static func isAlpha(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return scalar | 0x20 >= 0x61 && scalar | 0x20 <= 0x7A }
    switch category(scalar) {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
    default: return false
    }
  }

  static func isDecimal(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return scalar >= 0x30 && scalar <= 0x39 }
    return properties(scalar)?.numericType == .decimal
  }

  /// The value of a decimal digit of any script.
  static func decimalValue(_ scalar: UInt32) -> Int? {
    if scalar < 0x80 { return scalar >= 0x30 && scalar <= 0x39 ? Int(scalar - 0x30) : nil }
    guard let properties = properties(scalar), properties.numericType == .decimal, let value = properties.numericValue
    else { return nil }
    return Int(value)
  }

  static func isDigit(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return scalar >= 0x30 && scalar <= 0x39 }
    guard let type = properties(scalar)?.numericType else { return false }
    return type == .decimal || type == .digit
  }

  static func isNumeric(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return scalar >= 0x30 && scalar <= 0x39 }
    return properties(scalar)?.numericType != nil
  }

  static func isAlphanumeric(_ scalar: UInt32) -> Bool { isAlpha(scalar) || isNumeric(scalar) }

  static func isLower(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return scalar >= 0x61 && scalar <= 0x7A }
    return properties(scalar)?.isLowercase ?? false
  }

  static func isUpper(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return scalar >= 0x41 && scalar <= 0x5A }
    return properties(scalar)?.isUppercase ?? false
  }

  static func isTitle(_ scalar: UInt32) -> Bool { scalar >= 0x80 && category(scalar) == .titlecaseLetter }

  static func isCased(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return isAlpha(scalar) }
    return properties(scalar)?.isCased ?? false
  }

  static func isCaseIgnorable(_ scalar: UInt32) -> Bool { properties(scalar)?.isCaseIgnorable ?? false }

  /// `str.isspace`, and what `split` and `strip` cut at.
  @inline(__always) static func isSpace(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x20, 0x09...0x0D, 0x1C...0x1F: true
    case ..<0x85: false
    case 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }

  static func isIdentifierStart(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return isAlpha(scalar) || scalar == 0x5F }
    return properties(scalar)?.isXIDStart ?? false
  }
  static func isIdentifierContinue(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return isAlpha(scalar) || isDecimal(scalar) || scalar == 0x5F }
    return properties(scalar)?.isXIDContinue ?? false
  }
}
