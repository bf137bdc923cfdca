// What follows a backslash, and sets in brackets.

extension RegexParser {
  mutating func escape() throws -> RegexNode {
    let start = at
    at += 1
    guard let c = current else { throw error("bad escape (end of pattern)", start) }
    let ascii = flags.contains(.ascii)
    switch c {
    case 0x41: at += 1; return .assertion(.textStart)
    case 0x5A: at += 1; return .assertion(.textEnd)
    case 0x62: at += 1; return .assertion(.boundary(ascii: ascii))
    case 0x42: at += 1; return .assertion(.notBoundary(ascii: ascii))
    case 0x31...0x39:
      // Up to two digits name a group, three octal ones a character.
      if at + 2 < text.count, isOctal(text[at]), isOctal(text[at + 1]), isOctal(text[at + 2]) {
        return literal(try octal(start))
      }
      var number = Int(c - 0x30)
      at += 1
      if let next = current, next >= 0x30, next <= 0x39 {
        number = number * 10 + Int(next - 0x30)
        at += 1
      }
      guard number <= groupCount else { throw error("invalid group reference \(number)", start + 1) }
      if openGroups.contains(number) { throw error("cannot refer to an open group", start) }
      return .backreference(number, ignoreCase: flags.contains(.ignoreCase))
    default:
      if let set = kind(c) {
        at += 1
        return .set(RegexSet(set.kind, negated: set.negated, ascii: ascii))
      }
      return literal(try characterEscape(start))
    }
  }

  private func kind(_ c: UInt32) -> (kind: RegexSet.Kind, negated: Bool)? {
    switch c {
    case 0x64: (.digit, false)
    case 0x44: (.digit, true)
    case 0x73: (.space, false)
    case 0x53: (.space, true)
    case 0x77: (.word, false)
    case 0x57: (.word, true)
    default: nil
    }
  }

  private func isOctal(_ c: UInt32) -> Bool { c >= 0x30 && c <= 0x37 }

  private mutating func octal(_ start: Int) throws -> UInt32 {
    var value: UInt32 = 0
    var digits = 0
    while digits < 3, let c = current, isOctal(c) {
      value = value * 8 + (c - 0x30)
      digits += 1
      at += 1
    }
    if value > 0o377 {
      throw error("octal escape value \\\(string(text[start + 1..<at])) outside of range 0-0o377", start)
    }
    return value
  }

  /// After the backslash: an escape that stands for one character.
  private mutating func characterEscape(_ start: Int) throws -> UInt32 {
    guard let c = current else { throw error("bad escape (end of pattern)", start) }
    switch c {
    case 0x6E: at += 1; return 0x0A
    case 0x74: at += 1; return 0x09
    case 0x72: at += 1; return 0x0D
    case 0x66: at += 1; return 0x0C
    case 0x76: at += 1; return 0x0B
    case 0x61: at += 1; return 0x07
    case 0x30: return try octal(start)
    case 0x78: return try hex(2, start)
    case 0x75: return try hex(4, start)
    case 0x55: return try hex(8, start)
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A:
      throw error("bad escape \\\(character(c))", start)
    default:
      at += 1
      return c
    }
  }

  private mutating func hex(_ count: Int, _ start: Int) throws -> UInt32 {
    at += 1
    let begin = at
    var value: UInt64 = 0
    while at - begin < count, let c = current, let digit = Unicode.Scalar(c).flatMap({ Character($0).hexDigitValue }),
      c < 0x80
    {
      value = value * 16 + UInt64(digit)
      at += 1
    }
    guard at - begin == count else { throw error("incomplete escape \(string(text[start..<at]))", start) }
    guard value <= 0x10FFFF else { throw error("bad escape \(string(text[start..<at]))", start) }
    return UInt32(value)
  }

  // MARK: - Sets

  mutating func set() throws -> RegexNode {
    let start = at
    at += 1
    var set = RegexSet()
    set.ascii = flags.contains(.ascii)
    set.ignoreCase = flags.contains(.ignoreCase)
    set.negated = take("^")
    let first = at
    while true {
      guard let c = current else { throw error("unterminated character set", start) }
      if c == 0x5D, at > first {
        at += 1
        break
      }
      let itemStart = at
      guard let low = try member(&set) else { continue }
      guard isNext("-"), at + 1 < text.count, text[at + 1] != 0x5D else {
        set.ranges.append(low...low)
        continue
      }
      at += 1
      let before = set.kinds.count
      guard let high = try member(&set), set.kinds.count == before else {
        throw error("bad character range \(string(text[itemStart..<at]))", itemStart)
      }
      guard low <= high else { throw error("bad character range \(string(text[itemStart..<at]))", itemStart) }
      set.ranges.append(low...high)
    }
    if set.ranges.count == 1, set.kinds.isEmpty, !set.negated, let only = set.ranges.first,
      only.lowerBound == only.upperBound
    {
      return literal(only.lowerBound)
    }
    set.prepare()
    return .set(set)
  }

  /// A character of a set; nil when it was a class, which is in the set already.
  private mutating func member(_ set: inout RegexSet) throws -> UInt32? {
    let start = at
    guard let c = current else { throw error("unterminated character set", start) }
    at += 1
    guard c == 0x5C else { return c }
    guard let escaped = current else { throw error("bad escape (end of pattern)", start) }
    if let found = kind(escaped) {
      at += 1
      if isNext("-"), at + 1 < text.count, text[at + 1] != 0x5D {
        throw error("bad character range \(string(text[start..<min(at + 2, text.count)]))", start)
      }
      set.kinds.append(found)
      return nil
    }
    if escaped == 0x62 {
      at += 1
      return 0x08
    }
    if isOctal(escaped) { return try octal(start) }
    return try characterEscape(start)
  }
}
