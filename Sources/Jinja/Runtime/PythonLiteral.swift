/// Values written as Python writes them: what `ast.literal_eval` accepts, for YAML strings that dbt renders to values.
public struct PythonLiteral {
  private let bytes: [UInt8]
  private var at = 0
  private var depth = 0

  /// The value; nil when the text is not a literal.
  public static func evaluate(_ text: Str) -> Value? {
    var literal = PythonLiteral(bytes: text.bytes)
    // literal_eval drops spaces and tabs before the expression; a newline there is a syntax error.
    while literal.at < literal.bytes.count, literal.bytes[literal.at] == 0x20 || literal.bytes[literal.at] == 0x09 {
      literal.at += 1
    }
    guard let value = literal.tuple(topLevel: true) else { return nil }
    literal.skip()
    return literal.at == literal.bytes.count ? value : nil
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var current: UInt8 { at < bytes.count ? bytes[at] : 0 }

  private mutating func skip() {
    while at < bytes.count {
      switch bytes[at] {
      case 0x20, 0x09, 0x0C: at += 1
      case 0x0A,
        0x0D where depth > 0 || restIsBlank:
        at += 1
      case 0x23: while at < bytes.count, bytes[at] != 0x0A { at += 1 }
      default: return
      }
    }
  }
  private var restIsBlank: Bool { bytes[at...].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D } }

  private mutating func take(_ byte: UInt8) -> Bool {
    skip()
    guard current == byte else { return false }
    at += 1
    return true
  }

  /// One value, or several separated by commas.
  private mutating func tuple(topLevel: Bool) -> Value? {
    guard let first = value() else { return nil }
    guard take(0x2C) else { return first }
    var items = [first]
    while true {
      skip()
      if at == bytes.count || current == 0x29 { break }
      guard let next = value() else { return nil }
      items.append(next)
      if !take(0x2C) { break }
    }
    return .tuple(items)
  }

  private mutating func value() -> Value? {
    skip()
    guard depth < 100 else { return nil }
    depth += 1
    defer { depth -= 1 }
    switch current {
    case 0x5B:
      at += 1
      return items(0x5D).map { .list($0) }
    case 0x28:
      at += 1
      if take(0x29) { return .tuple([]) }
      guard let inner = tuple(topLevel: false), take(0x29) else { return nil }
      return inner
    case 0x7B: return braces()
    case 0x2D, 0x2B:
      let isMinus = current == 0x2D
      at += 1
      guard let operand = value() else { return nil }
      switch operand {
      case .int, .float: return isMinus ? try? operand.unary(.negate) : operand
      case .object(let object) where object is BigInteger: return isMinus ? try? operand.unary(.negate) : operand
      default: return nil
      }
    case 0x30...0x39, 0x2E: return number()
    default: return word()
    }
  }

  private mutating func items(_ end: UInt8) -> [Value]? {
    var out: [Value] = []
    while true {
      if take(end) { return out }
      guard let item = value() else { return nil }
      out.append(item)
      if take(0x2C) { continue }
      return take(end) ? out : nil
    }
  }

  private mutating func braces() -> Value? {
    at += 1
    if take(0x7D) { return .dict(DictObject()) }
    guard let first = value() else { return nil }
    if take(0x3A) {
      let dict = DictObject()
      var key = first
      while true {
        guard let item = value(), (try? dict.set(key, item)) != nil else { return nil }
        if take(0x2C) {
          if take(0x7D) { return .dict(dict) }
          guard let next = value(), take(0x3A) else { return nil }
          key = next
        } else {
          return take(0x7D) ? .dict(dict) : nil
        }
      }
    }
    var members = [first]
    if take(0x2C) {
      guard let rest = items(0x7D) else { return nil }
      members += rest
    } else if !take(0x7D) {
      return nil
    }
    return try? .object(SetObject(members))
  }

  private mutating func number() -> Value? {
    let start = at
    while at < bytes.count {
      let c = bytes[at]
      let isExponentSign = (c == 0x2B || c == 0x2D) && at > start && bytes[at - 1] | 0x20 == 0x65 && !isHex(start)
      if c == 0x2E || c == 0x5F || isExponentSign || (c >= 0x30 && c <= 0x39) || (c | 0x20 >= 0x61 && c | 0x20 <= 0x7A)
      {
        at += 1
      } else {
        break
      }
    }
    let text = bytes[start..<at]
    let isFloat = !isHex(start) && text.contains { $0 == 0x2E || $0 | 0x20 == 0x65 }
    let plain = text.filter { $0 != 0x5F }
    guard let last = text.last, last != 0x5F, text.first != 0x5F else { return nil }
    if isFloat {
      var digits = String(decoding: plain, as: UTF8.self)
      if digits.hasPrefix(".") { digits = "0" + digits }
      if digits.hasSuffix(".") { digits += "0" }
      digits = digits.replacing(".e", with: ".0e").replacing(".E", with: ".0e")
      return Double(digits).map { .float($0) }
    }
    if plain.count > 1, plain[0] == 0x30, plain[1] >= 0x30, plain[1] <= 0x39, plain.contains(where: { $0 != 0x30 }) {
      return nil
    }
    return try? NumberLiteral.integer(text[...])
  }

  private func isHex(_ start: Int) -> Bool {
    start + 1 < bytes.count && bytes[start] == 0x30 && [0x78, 0x6F, 0x62].contains(bytes[start + 1] | 0x20)
  }

  private mutating func word() -> Value? {
    let start = at
    while at < bytes.count, bytes[at] == 0x5F || (bytes[at] | 0x20 >= 0x61 && bytes[at] | 0x20 <= 0x7A) { at += 1 }
    let word = String(decoding: bytes[start..<at], as: UTF8.self)
    if current == 0x27 || current == 0x22 { return strings(prefix: word.lowercased()) }
    switch word {
    case "None": return Value.none
    case "True": return .bool(true)
    case "False": return .bool(false)
    default: return nil
    }
  }

  /// String literals in a row, which are one.
  private mutating func strings(prefix: String) -> Value? {
    guard prefix == "" || prefix == "r" || prefix == "u" else { return nil }
    var out: [UInt8] = []
    var raw = prefix == "r"
    while true {
      guard let piece = string(raw) else { return nil }
      out += piece
      skip()
      raw = false
      if current == 0x27 || current == 0x22 { continue }
      return .string(Str.make(out))
    }
  }

  private mutating func string(_ isRaw: Bool) -> [UInt8]? {
    let quote = current
    let isTriple = at + 2 < bytes.count && bytes[at + 1] == quote && bytes[at + 2] == quote
    at += isTriple ? 3 : 1
    let start = at
    while at < bytes.count {
      if bytes[at] == 0x5C {
        at += 2
        continue
      }
      if !isTriple, bytes[at] == 0x0A { return nil }
      if bytes[at] == quote, !isTriple || (at + 2 < bytes.count && bytes[at + 1] == quote && bytes[at + 2] == quote) {
        let content = Array(bytes[start..<at])
        at += isTriple ? 3 : 1
        if isRaw { return content }
        return content.withUnsafeBufferPointer { (try? StringLiteral.decode($0))?.bytes }
      }
      at += 1
    }
    return nil
  }
}
