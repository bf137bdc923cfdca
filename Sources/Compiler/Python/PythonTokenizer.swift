/// Cuts a Python file into tokens; lines' indentation becomes tokens of its own
/// (https://docs.python.org/3.11/reference/lexical_analysis.html).
struct PythonTokenizer {
  private let bytes: [UInt8]
  private var at: Int
  private let end: Int
  private var tokens: [PythonToken] = []
  private var indents = [0]
  /// Where those that are open stand.
  private var brackets: [Int] = []
  /// Whether the text is the inside of brackets, where lines mean nothing.
  private let isExpression: Bool

  static func tokens(_ bytes: [UInt8]) throws(PythonSyntaxError) -> [PythonToken] {
    var tokenizer = PythonTokenizer(bytes, 0..<bytes.count, isExpression: false)
    return try tokenizer.all()
  }

  /// The tokens of an expression that is a part of a file.
  static func tokens(ofExpression range: Range<Int>, in bytes: [UInt8]) throws(PythonSyntaxError) -> [PythonToken] {
    var tokenizer = PythonTokenizer(bytes, range, isExpression: true)
    return try tokenizer.all()
  }

  private init(_ bytes: [UInt8], _ range: Range<Int>, isExpression: Bool) {
    self.bytes = bytes
    at = range.lowerBound
    end = range.upperBound
    self.isExpression = isExpression
  }

  private func byte(_ offset: Int = 0) -> UInt8 { at + offset < end ? bytes[at + offset] : 0 }

  private mutating func add(_ kind: PythonToken.Kind, from start: Int) {
    tokens.append(PythonToken(kind: kind, text: String(decoding: bytes[start..<at], as: UTF8.self), range: start..<at))
  }

  private mutating func all() throws(PythonSyntaxError) -> [PythonToken] {
    var isLineStart = !isExpression
    while at < end {
      if isLineStart {
        isLineStart = false
        try indentation()
        continue
      }
      let c = byte()
      switch c {
      case 0x20, 0x09, 0x0C: at += 1
      case 0x0D, 0x0A:
        let start = at
        at += c == 0x0D && byte(1) == 0x0A ? 2 : 1
        guard brackets.isEmpty, !isExpression else { continue }
        if let last = tokens.last, last.kind != .newline, last.kind != .indent, last.kind != .dedent {
          add(.newline, from: start)
        }
        isLineStart = true
      case UInt8(ascii: "#"): while at < end, byte() != 0x0A { at += 1 }
      case UInt8(ascii: "\\"):
        guard byte(1) == 0x0A || (byte(1) == 0x0D && byte(2) == 0x0A) else {
          throw PythonSyntaxError(message: "unexpected character after line continuation character", offset: at)
        }
        at += byte(1) == 0x0D ? 3 : 2
      case _ where Self.isNameStart(c):
        try name()
      case UInt8(ascii: "'"), UInt8(ascii: "\""): try string(from: at)
      case _ where Self.isDigit(c) || (c == UInt8(ascii: ".") && Self.isDigit(byte(1))): number()
      default: try punctuation()
      }
    }
    if let open = brackets.last {
      throw PythonSyntaxError(message: "'\(Character(UnicodeScalar(bytes[open])))' was never closed", offset: open)
    }
    if let last = tokens.last, last.kind != .newline, !isExpression { add(.newline, from: at) }
    for _ in indents.dropFirst() { add(.dedent, from: at) }
    add(.end, from: at)
    return tokens
  }

  /// Measures a line's indentation; lines with nothing on them have none.
  private mutating func indentation() throws(PythonSyntaxError) {
    let start = at
    var width = 0
    while at < end, byte() == 0x20 || byte() == 0x09 || byte() == 0x0C {
      width = byte() == 0x09 ? (width / 8 + 1) * 8 : byte() == 0x0C ? 0 : width + 1
      at += 1
    }
    if at >= end || byte() == 0x0A || byte() == 0x0D || byte() == UInt8(ascii: "#") { return }
    if width > indents[indents.count - 1] {
      indents.append(width)
      add(.indent, from: start)
      return
    }
    while width < indents[indents.count - 1] {
      indents.removeLast()
      add(.dedent, from: at)
    }
    if width != indents[indents.count - 1] {
      throw PythonSyntaxError(message: "unindent does not match any outer indentation level", offset: at)
    }
  }

  static func isNameStart(_ c: UInt8) -> Bool { c == 0x5F || c >= 0x80 || (c | 0x20 >= 0x61 && c | 0x20 <= 0x7A) }
  static func isDigit(_ c: UInt8) -> Bool { c >= 0x30 && c <= 0x39 }

  private mutating func name() throws(PythonSyntaxError) {
    let start = at
    while at < end, Self.isNameStart(byte()) || Self.isDigit(byte()) { at += 1 }
    let isQuote = byte() == UInt8(ascii: "'") || byte() == UInt8(ascii: "\"")
    if isQuote, at - start <= 2, Self.prefixes.contains(String(decoding: bytes[start..<at], as: UTF8.self).lowercased())
    {
      return try string(from: start)
    }
    add(.name, from: start)
  }

  private static let prefixes: Set<String> = ["r", "u", "b", "f", "br", "rb", "fr", "rf"]

  private mutating func string(from start: Int) throws(PythonSyntaxError) {
    let quote = byte()
    let isFormatted = bytes[start..<at].contains { $0 | 0x20 == UInt8(ascii: "f") }
    let isTriple = byte(1) == quote && byte(2) == quote
    at += isTriple ? 3 : 1
    while true {
      guard at < end, isTriple || byte() != 0x0A else {
        let message = isTriple ? "unterminated triple-quoted string literal" : "unterminated string literal"
        throw PythonSyntaxError(message: message, offset: start)
      }
      if byte() == UInt8(ascii: "\\") {
        at += 2
      } else if byte() == quote, !isTriple || (byte(1) == quote && byte(2) == quote) {
        at += isTriple ? 3 : 1
        break
      } else {
        at += 1
      }
    }
    add(.string(isFormatted), from: start)
  }

  private mutating func number() {
    let start = at
    while at < end {
      let c = byte()
      let isSign = (c == UInt8(ascii: "+") || c == UInt8(ascii: "-")) && bytes[at - 1] | 0x20 == UInt8(ascii: "e")
      let isHex = at > start + 1 && bytes[start + 1] | 0x20 == UInt8(ascii: "x")
      guard Self.isNameStart(c) || Self.isDigit(c) || c == UInt8(ascii: ".") || (isSign && !isHex) else { break }
      at += 1
    }
    add(.number, from: start)
  }

  private static let operators: [[String]] = [
    ["**=", "//=", ">>=", "<<=", "..."],
    [
      "**", "//", ">>", "<<", "<=", ">=", "==", "!=", "->", "+=", "-=", "*=", "/=", "%=", "@=", "&=", "|=", "^=", ":=",
    ],
    [
      "+", "-", "*", "/", "%", "@", "&", "|", "^", "~", "<", ">", "(", ")", "[", "]", "{", "}", ",", ":", ".", ";",
      "=",
    ],
  ]

  private mutating func punctuation() throws(PythonSyntaxError) {
    for (length, texts) in zip([3, 2, 1], Self.operators) where at + length <= end {
      let text = String(decoding: bytes[at..<at + length], as: UTF8.self)
      guard texts.contains(text) else { continue }
      let start = at
      at += length
      switch bytes[start] {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): brackets.append(start)
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
        guard let open = brackets.popLast().map({ bytes[$0] }) else {
          throw PythonSyntaxError(message: "unmatched '\(text)'", offset: start)
        }
        // A bracket's partner stands one or two places behind it in ASCII.
        guard bytes[start] == open + (open == UInt8(ascii: "(") ? 1 : 2) else {
          throw PythonSyntaxError(
            message: "closing parenthesis '\(text)' does not match opening parenthesis "
              + "'\(Character(UnicodeScalar(open)))'", offset: start)
        }
      default: break
      }
      return add(.op, from: start)
    }
    throw PythonSyntaxError(message: "invalid syntax", offset: at)
  }
}
