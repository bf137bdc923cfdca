/// Changing the case of text as Python does: full Unicode mappings, one scalar may become several.
enum CaseMapping {
  /// `s.lower()`
  static func lower(_ text: Str) -> Str {
    if text.isASCII { return asciiMapped(text, from: 0x41, to: 0x5A) }
    return mapped(text) { scalars, i, out in appendLower(scalars, i, to: &out) }
  }

  /// `s.upper()`
  static func upper(_ text: Str) -> Str {
    if text.isASCII { return asciiMapped(text, from: 0x61, to: 0x7A) }
    return mapped(text) { scalars, i, out in append(scalars[i], .upper, to: &out) }
  }

  /// `s.swapcase()`
  static func swap(_ text: Str) -> Str {
    if text.isASCII { return asciiMapped(text) { byte, _ in isLetter(byte) ? byte ^ 0x20 : byte } }
    return mapped(text) { scalars, i, out in
      if UnicodeTraits.isUpper(scalars[i]) {
        appendLower(scalars, i, to: &out)
      } else if UnicodeTraits.isLower(scalars[i]) {
        append(scalars[i], .upper, to: &out)
      } else {
        out.append(scalar: scalars[i])
      }
    }
  }

  /// `s.capitalize()`
  static func capitalize(_ text: Str) -> Str {
    if text.isASCII {
      return asciiMapped(text) { byte, i in !isLetter(byte) ? byte : i == 0 ? byte & ~0x20 : byte | 0x20 }
    }
    return mapped(text) { scalars, i, out in
      if i == 0 { append(scalars[i], .title, to: &out) } else { appendLower(scalars, i, to: &out) }
    }
  }

  /// `s.title()`: what follows something with case is lowered, the rest gets title case.
  static func title(_ text: Str) -> Str {
    var afterCased = false
    if text.isASCII {
      return asciiMapped(text) { byte, _ in
        let letter = isLetter(byte)
        defer { afterCased = letter }
        return !letter ? byte : afterCased ? byte | 0x20 : byte & ~0x20
      }
    }
    return mapped(text) { scalars, i, out in
      if afterCased { appendLower(scalars, i, to: &out) } else { append(scalars[i], .title, to: &out) }
      afterCased = UnicodeTraits.isCased(scalars[i])
    }
  }

  /// `s.casefold()`
  static func fold(_ text: Str) -> Str {
    if text.isASCII { return asciiMapped(text, from: 0x41, to: 0x5A) }
    return mapped(text) { scalars, i, out in appendFolded(scalars[i], to: &out) }
  }

  @inline(__always) private static func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A }

  @inline(__always) private static func asciiMapped(_ text: Str, _ body: (UInt8, Int) -> UInt8) -> Str {
    text.withUTF8 { bytes in
      Str.make(capacity: bytes.count, markup: text.isMarkup) { target in
        for i in 0..<bytes.count { target[i] = body(bytes[i], i) }
        return bytes.count
      }
    }
  }

  private static func asciiMapped(_ text: Str, from low: UInt8, to high: UInt8) -> Str {
    text.withUTF8 { bytes in
      guard bytes.contains(where: { $0 >= low && $0 <= high }) else { return text }
      return Str.make(capacity: bytes.count, markup: text.isMarkup) { target in
        for i in 0..<bytes.count {
          let byte = bytes[i]
          target[i] = byte >= low && byte <= high ? byte ^ 0x20 : byte
        }
        return bytes.count
      }
    }
  }

  private static func mapped(_ text: Str, _ body: ([UInt32], Int, inout StrBuilder) -> Void) -> Str {
    let scalars = text.scalars
    var out = StrBuilder(capacity: text.count + 8)
    for i in scalars.indices { body(scalars, i, &out) }
    return out.finish(markup: text.isMarkup)
  }

  private enum Target { case lower, upper, title }

  private static func append(_ scalar: UInt32, _ target: Target, to out: inout StrBuilder) {
    if scalar < 0x80 {
      let isLetter = UnicodeTraits.isAlpha(scalar)
      out.append(scalar: !isLetter ? scalar : target == .lower ? scalar | 0x20 : scalar & ~0x20)
      return
    }
    for mapped in mapping(scalar, target) { out.append(scalar: mapped) }
  }

  private static func mapping(_ scalar: UInt32, _ target: Target) -> [UInt32] {
    guard let properties = UnicodeTraits.properties(scalar) else { return [scalar] }
    let text =
      switch target {
      case .lower: properties.lowercaseMapping
      case .upper: properties.uppercaseMapping
      case .title: properties.titlecaseMapping
      }
    let mapped = text.unicodeScalars.map(\.value)
    // A partner that Unicode 14 did not have yet is no partner.
    if mapped.contains(where: { UnicodeTraits.properties($0) == nil }) { return [scalar] }
    return mapped
  }

  /// The capital sigma is lowered by its place: final after a letter and before none.
  private static func appendLower(_ scalars: [UInt32], _ i: Int, to out: inout StrBuilder) {
    guard scalars[i] == 0x3A3 else {
      append(scalars[i], .lower, to: &out)
      return
    }
    var before = i - 1
    while before >= 0, UnicodeTraits.isCaseIgnorable(scalars[before]) { before -= 1 }
    var isFinal = before >= 0 && UnicodeTraits.isCased(scalars[before])
    if isFinal {
      var after = i + 1
      while after < scalars.count, UnicodeTraits.isCaseIgnorable(scalars[after]) { after += 1 }
      isFinal = after == scalars.count || !UnicodeTraits.isCased(scalars[after])
    }
    out.append(scalar: isFinal ? 0x3C2 : 0x3C3)
  }

  /// Folding is lowering what was raised first, but for the Cherokee letters (which fold to capitals), the dotless i
  /// and the capital sharp s.
  private static func appendFolded(_ scalar: UInt32, to out: inout StrBuilder) {
    switch scalar {
    case ..<0x80: append(scalar, .lower, to: &out)
    case 0x131, 0x13A0...0x13F5: out.append(scalar: scalar)
    case 0x13F8...0x13FD: out.append(scalar: scalar - 8)
    case 0xAB70...0xABBF: out.append(scalar: scalar - 0xAB70 + 0x13A0)
    case 0x1E9E: out.append("ss")
    default:
      for raised in mapping(scalar, .upper) {
        for folded in mapping(raised, .lower) { out.append(scalar: folded) }
      }
    }
  }
}
