import Diagnostics
import Glibc

/// Turns a template's bytes into tokens, with Jinja2's rules for white space around tags
/// (https://jinja.palletsprojects.com/en/stable/templates/#whitespace-control).
struct Lexer {
  struct Options {
    var trimBlocks = false
    var lstripBlocks = false
    var keepTrailingNewline = false
  }

  let source: SourceText
  let bytes: UnsafeBufferPointer<UInt8>
  let options: Options
  /// Where the text ends: one final newline is not part of a template.
  let end: Int
  var at = 0
  let tokens: TokenBuffer
  var names = NameTable()
  /// The decoded values of string literals.
  var strings: [Str] = []
  /// What was consumed last ended with a newline, or nothing was consumed yet.
  private var lineStarting = true
  var brackets: [UInt8] = []

  init(source: SourceText, bytes: UnsafeBufferPointer<UInt8>, options: Options, tokens: TokenBuffer) {
    self.source = source
    self.tokens = tokens
    self.bytes = bytes
    self.options = options
    var end = bytes.count
    if !options.keepTrailingNewline, end > 0 {
      if bytes[end - 1] == 0x0A {
        end -= end > 1 && bytes[end - 2] == 0x0D ? 2 : 1
      } else if bytes[end - 1] == 0x0D {
        end -= 1
      }
    }
    self.end = end
  }

  /// A character as Python's `repr()` shows it.
  static func repr(_ character: Character) -> String {
    character == "'" ? "\"'\"" : character == "\\" ? "'\\\\'" : "'\(character)'"
  }

  func fail(_ message: String, _ from: Int, _ to: Int) -> TemplateError {
    TemplateError(.syntax, message, range: SourceRange(source: source, offsets: from..<max(from, to)))
  }

  mutating func run() throws {
    while at < end { try root() }
    tokens.append(Token(kind: .eof, span: Span(Int32(end), Int32(end))))
  }

  func byte(_ offset: Int) -> UInt8 { offset < end ? bytes[offset] : 0 }

  // MARK: - Text

  /// Text up to the next tag, and the tag.
  private mutating func root() throws {
    let start = at
    guard let open = findTag(from: at) else {
      emitData(start, end)
      at = end
      return
    }
    let kind = bytes[open + 1]
    var sign: UInt8 = 0
    var after = open + 2
    if byte(after) == 0x2D || byte(after) == 0x2B {
      sign = bytes[after]
      after += 1
    }
    emitData(start, strippedEnd(start, open, sign: sign, isVariable: kind == 0x7B))
    at = after
    lineStarting = false
    switch kind {
    case 0x23: try comment(open)
    case 0x25:
      if let bodyStart = rawBegin(after) {
        at = bodyStart
        try raw(open)
      } else {
        tokens.append(Token(kind: .blockBegin, span: Span(Int32(open), Int32(after))))
        try tag(isBlock: true)
      }
    default:
      tokens.append(Token(kind: .variableBegin, span: Span(Int32(open), Int32(after))))
      try tag(isBlock: false)
    }
  }

  private func findTag(from: Int) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    var at = from
    while at < end - 1 {
      guard let found = memchr(base + at, 0x7B, end - 1 - at) else { return nil }
      let offset = UnsafeRawPointer(found) - UnsafeRawPointer(base)
      let next = base[offset + 1]
      if next == 0x7B || next == 0x25 || next == 0x23 { return offset }
      at = offset + 1
    }
    return nil
  }

  /// Where text ends once the tag after it had its say.
  private func strippedEnd(_ start: Int, _ end: Int, sign: UInt8, isVariable: Bool) -> Int {
    if sign == 0x2D {
      var end = end
      while end > start {
        let length = whitespaceBefore(end, start)
        if length == 0 { break }
        end -= length
      }
      return end
    }
    if sign != 0x2B, options.lstripBlocks, !isVariable {
      var line = end
      while line > start, bytes[line - 1] != 0x0A, bytes[line - 1] != 0x0D { line -= 1 }
      if line > start || lineStarting {
        var i = line
        while i < end {
          let length = whitespaceLength(i, end)
          if length == 0 { return end }
          i += length
        }
        return line
      }
    }
    return end
  }

  private mutating func emitData(_ start: Int, _ end: Int) {
    if start < end { tokens.append(Token(kind: .data, span: Span(Int32(start), Int32(end)))) }
  }

  private mutating func comment(_ open: Int) throws {
    var i = at
    while i + 1 < end {
      if bytes[i] == 0x23, bytes[i + 1] == 0x7D {
        let sign = i > at ? bytes[i - 1] : 0
        at = i + 2
        swallow(sign: sign)
        return
      }
      i += 1
    }
    throw fail("Missing end of comment tag", open, end)
  }

  /// The offset after `raw %}` when a raw block starts here.
  private func rawBegin(_ from: Int) -> Int? {
    var i = skipWhitespace(from)
    guard matches("raw", i) else { return nil }
    i = skipWhitespace(i + 3)
    if byte(i) == 0x2D, byte(i + 1) == 0x25, byte(i + 2) == 0x7D { return skipWhitespace(i + 3) }
    if byte(i) == 0x25, byte(i + 1) == 0x7D { return i + 2 }
    return nil
  }

  private mutating func raw(_ open: Int) throws {
    let start = at
    lineStarting = start > 0 && (bytes[start - 1] == 0x0A || bytes[start - 1] == 0x0D)
    var i = at
    while i + 1 < end {
      if bytes[i] == 0x7B, bytes[i + 1] == 0x25 {
        var sign: UInt8 = 0
        var j = i + 2
        if byte(j) == 0x2D || byte(j) == 0x2B {
          sign = bytes[j]
          j += 1
        }
        j = skipWhitespace(j)
        if matches("endraw", j) {
          j = skipWhitespace(j + 6)
          var closing: UInt8 = 0
          if byte(j) == 0x2D || byte(j) == 0x2B {
            closing = bytes[j]
            j += 1
          }
          if byte(j) == 0x25, byte(j + 1) == 0x7D {
            emitData(start, strippedEnd(start, i, sign: sign, isVariable: false))
            at = j + 2
            swallow(sign: closing)
            return
          }
        }
      }
      i += 1
    }
    throw fail("Missing end of raw directive", open, end)
  }

  /// Skips what a closing tag with this sign takes of the text after it.
  mutating func swallow(sign: UInt8, trims: Bool = true) {
    lineStarting = false
    let start = at
    if sign == 0x2D {
      at = skipWhitespace(at)
    } else if sign != 0x2B, trims, options.trimBlocks {
      if byte(at) == 0x0D {
        at += byte(at + 1) == 0x0A ? 2 : 1
      } else if byte(at) == 0x0A {
        at += 1
      }
    }
    lineStarting = at > start && (bytes[at - 1] == 0x0A || bytes[at - 1] == 0x0D)
  }

  // MARK: - White space

  private func matches(_ word: StaticString, _ offset: Int) -> Bool {
    let length = word.utf8CodeUnitCount
    guard offset + length <= end, let base = bytes.baseAddress else { return false }
    return memcmp(base + offset, word.utf8Start, length) == 0
  }

  private func skipWhitespace(_ from: Int) -> Int {
    var i = from
    while i < end {
      let length = whitespaceLength(i, end)
      if length == 0 { break }
      i += length
    }
    return i
  }

  /// Bytes of the white space character (as Python's `str.isspace`) at an offset; 0 when there is none.
  func whitespaceLength(_ i: Int, _ end: Int) -> Int {
    let c = bytes[i]
    if c < 0x80 { return c == 0x20 || (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F) ? 1 : 0 }
    if c == 0xC2, i + 1 < end { return bytes[i + 1] == 0x85 || bytes[i + 1] == 0xA0 ? 2 : 0 }
    guard i + 2 < end else { return 0 }
    switch (c, bytes[i + 1], bytes[i + 2]) {
    case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF),
      (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80):
      return 3
    default: return 0
    }
  }

  private func whitespaceBefore(_ end: Int, _ start: Int) -> Int {
    let c = bytes[end - 1]
    if c < 0x80 { return c == 0x20 || (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F) ? 1 : 0 }
    if end - start >= 2, whitespaceLength(end - 2, end) == 2 { return 2 }
    if end - start >= 3, whitespaceLength(end - 3, end) == 3 { return 3 }
    return 0
  }
}
