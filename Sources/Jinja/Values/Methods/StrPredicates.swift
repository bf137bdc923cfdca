/// The `is…` methods of strings.
enum StrPredicates {
  static func holds(_ name: MethodName, _ s: Str) -> Bool {
    switch name {
    case .isascii: return s.isASCII
    case .islower: return hasCase(s, UnicodeTraits.isLower) { UnicodeTraits.isUpper($0) || UnicodeTraits.isTitle($0) }
    case .isupper: return hasCase(s, UnicodeTraits.isUpper) { UnicodeTraits.isLower($0) || UnicodeTraits.isTitle($0) }
    case .istitle: return isTitle(s)
    case .isprintable: return all(s, UnicodeTraits.isPrintable)
    case .isidentifier:
      var first = true
      return !s.isEmpty
        && all(s) { scalar in
          defer { first = false }
          return first ? UnicodeTraits.isIdentifierStart(scalar) : UnicodeTraits.isIdentifierContinue(scalar)
        }
    case .isalnum: return !s.isEmpty && all(s, UnicodeTraits.isAlphanumeric)
    case .isalpha: return !s.isEmpty && all(s, UnicodeTraits.isAlpha)
    case .isdecimal: return !s.isEmpty && all(s, UnicodeTraits.isDecimal)
    case .isdigit: return !s.isEmpty && all(s, UnicodeTraits.isDigit)
    case .isnumeric: return !s.isEmpty && all(s, UnicodeTraits.isNumeric)
    case .isspace: return !s.isEmpty && all(s, UnicodeTraits.isSpace)
    default: return false
    }
  }

  private static func all(_ s: Str, _ holds: (UInt32) -> Bool) -> Bool {
    s.withUTF8 { bytes in
      var i = 0
      while i < bytes.count {
        if !holds(UTF8Codec.decode(bytes, &i)) { return false }
      }
      return true
    }
  }

  /// Some character of the wanted case and none of the other ones.
  private static func hasCase(_ s: Str, _ wanted: (UInt32) -> Bool, _ other: (UInt32) -> Bool) -> Bool {
    var found = false
    return all(s) { scalar in
      if other(scalar) { return false }
      if wanted(scalar) { found = true }
      return true
    } && found
  }

  private static func isTitle(_ s: Str) -> Bool {
    var found = false
    var afterCased = false
    return all(s) { scalar in
      if UnicodeTraits.isUpper(scalar) || UnicodeTraits.isTitle(scalar) {
        if afterCased { return false }
        afterCased = true
        found = true
      } else if UnicodeTraits.isLower(scalar) {
        if !afterCased { return false }
        found = true
      } else {
        afterCased = false
      }
      return true
    } && found
  }
}
