/// The replacement of `re.sub`: text with `\1`, `\g<name>` and escapes.
struct RegexTemplate {
  private enum Part {
    case text([UInt8])
    case group(Int)
  }
  private var parts: [Part] = []

  init(_ template: Str, _ program: RegexProgram) throws {
    var literal: [UInt8] = []
    let bytes = template.bytes
    var i = 0
    func error(_ message: String, _ place: Int) -> TemplateError {
      TemplateError(.value, "\(message) at position \(place)")
    }
    func add(_ group: Int, _ place: Int) throws {
      guard group <= program.groupCount else { throw error("invalid group reference \(group)", place) }
      if !literal.isEmpty { parts.append(.text(literal)) }
      literal = []
      parts.append(.group(group))
    }
    while i < bytes.count {
      guard bytes[i] == 0x5C else {
        literal.append(bytes[i])
        i += 1
        continue
      }
      guard i + 1 < bytes.count else { throw error("bad escape (end of pattern)", i) }
      let start = i
      let c = bytes[i + 1]
      i += 2
      switch c {
      case 0x67:
        guard i < bytes.count, bytes[i] == 0x3C else { throw error("missing <", i) }
        guard let close = bytes[i...].firstIndex(of: 0x3E) else { throw error("missing >, unterminated name", i + 1) }
        let name = String(decoding: bytes[(i + 1)..<close], as: UTF8.self)
        guard !name.isEmpty else { throw error("missing group name", i + 1) }
        if let number = Int(name) {
          try add(number, i + 1)
        } else if let number = program.group(named: name) {
          try add(number, i + 1)
        } else if name.unicodeScalars.allSatisfy({ Characters.isWord($0.value) }) {
          throw TemplateError(.index, "unknown group name '\(name)'")
        } else {
          throw error("bad character in group name '\(name)'", i + 1)
        }
        i = close + 1
      case 0x30:
        var value = 0
        var digits = 0
        while digits < 2, i < bytes.count, bytes[i] >= 0x30, bytes[i] <= 0x37 {
          value = value * 8 + Int(bytes[i] - 0x30)
          i += 1
          digits += 1
        }
        UTF8Scan.append(UInt32(value), to: &literal)
      case 0x31...0x39:
        var number = Int(c - 0x30)
        if i < bytes.count, bytes[i] >= 0x30, bytes[i] <= 0x39 {
          let octal = [c, bytes[i]] + (i + 1 < bytes.count ? [bytes[i + 1]] : [])
          if octal.count == 3, octal.allSatisfy({ $0 >= 0x30 && $0 <= 0x37 }) {
            let value = octal.reduce(0) { $0 * 8 + UInt32($1 - 0x30) }
            guard value <= 0o377 else { throw error("octal escape value outside of range 0-0o377", start) }
            UTF8Scan.append(value, to: &literal)
            i += 2
            continue
          }
          number = number * 10 + Int(bytes[i] - 0x30)
          i += 1
        }
        try add(number, start + 1)
      case 0x6E: literal.append(0x0A)
      case 0x74: literal.append(0x09)
      case 0x72: literal.append(0x0D)
      case 0x66: literal.append(0x0C)
      case 0x76: literal.append(0x0B)
      case 0x61: literal.append(0x07)
      case 0x62: literal.append(0x08)
      case 0x5C: literal.append(0x5C)
      case 0x41...0x5A, 0x61...0x7A: throw error("bad escape \\\(Character(Unicode.Scalar(c)))", start)
      default: literal.append(contentsOf: [0x5C, c])
      }
    }
    if !literal.isEmpty { parts.append(.text(literal)) }
  }

  func expand(_ match: RegexMatch, _ subject: RegexSubject, to out: inout [UInt8]) {
    for part in parts {
      switch part {
      case .text(let bytes): out.append(contentsOf: bytes)
      case .group(let group): if let range = match.range(group) { subject.append(range, to: &out) }
      }
    }
  }
}
