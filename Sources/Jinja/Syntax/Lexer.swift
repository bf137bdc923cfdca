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
  private var brackets: [UInt8] = []

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
  private static func repr(_ character: Character) -> String {
    character == "'" ? "\"'\"" : character == "\\" ? "'\\\\'" : "'\(character)'"
  }

  func fail(_ message: String, _ from: Int, _ to: Int) -> TemplateError {
    TemplateError(.syntax, message, range: SourceRange(source: source, offsets: from..<max(from, to)))
  }

  mutating func run() throws {
    while at < end { try root() }
    tokens.append(Token(kind: .eof, span: Span(Int32(end), Int32(end))))
  }

  private func byte(_ offset: Int) -> UInt8 { offset < end ? bytes[offset] : 0 }

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
  private mutating func swallow(sign: UInt8, trims: Bool = true) {
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

  // MARK: - Inside tags

  private mutating func tag(isBlock: Bool) throws {
    brackets.removeAll(keepingCapacity: true)
    while at < end {
      let c = bytes[at]
      if c == 0x20 || c == 0x0A || c == 0x09 {
        at += 1
        continue
      }
      let space = whitespaceLength(at, end)
      if space > 0 {
        at += space
        continue
      }
      if brackets.isEmpty, closes(isBlock) { return }
      switch c {
      case 0x61...0x7A, 0x41...0x5A, 0x5F: asciiName()
      case 0x30...0x39: number()
      case 0x27, 0x22: try string(c)
      case 0x80...: try unicodeName()
      default: try `operator`(c)
      }
    }
  }

  /// The tag's end, when it is here.
  private mutating func closes(_ isBlock: Bool) -> Bool {
    let closer: UInt8 = isBlock ? 0x25 : 0x7D
    var sign: UInt8 = 0
    var i = at
    if bytes[i] == 0x2D || (isBlock && bytes[i] == 0x2B) {
      sign = bytes[i]
      i += 1
    }
    guard byte(i) == closer, byte(i + 1) == 0x7D else { return false }
    tokens.append(Token(kind: isBlock ? .blockEnd : .variableEnd, span: Span(Int32(at), Int32(i + 2))))
    at = i + 2
    swallow(sign: sign, trims: isBlock)
    return true
  }

  private mutating func asciiName() {
    let start = at
    var i = at + 1
    while i < end {
      let c = bytes[i]
      if (c >= 0x61 && c <= 0x7A) || c == 0x5F || (c >= 0x41 && c <= 0x5A) || (c >= 0x30 && c <= 0x39) {
        i += 1
      } else {
        break
      }
    }
    if i < end, bytes[i] >= 0x80 {
      at = i
      while let (scalar, length) = scalar(at), scalar.properties.isXIDContinue { at += length }
    } else {
      at = i
    }
    addName(start)
  }

  private mutating func addName(_ start: Int) {
    let id = names.intern(UnsafeBufferPointer(rebasing: bytes[start..<at]))
    tokens.append(Token(kind: .name, span: Span(Int32(start), Int32(at)), payload: id))
  }

  private mutating func unicodeName() throws {
    let start = at
    guard let (first, length) = scalar(at) else { throw fail("unexpected char at \(at)", at, at + 1) }
    guard first.properties.isXIDStart else {
      if first.properties.isXIDContinue { throw fail("Invalid character in identifier", at, at + length) }
      throw fail("unexpected char \(Self.repr(Character(first))) at \(scalarIndex(at))", at, at + length)
    }
    at += length
    while let (next, length) = scalar(at), next.properties.isXIDContinue { at += length }
    addName(start)
  }

  /// Jinja2 counts characters in this message.
  private func scalarIndex(_ offset: Int) -> Int {
    bytes[0..<offset].reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) }
  }

  private func scalar(_ offset: Int) -> (Unicode.Scalar, Int)? {
    guard offset < end else { return nil }
    var decoder = UTF8()
    var iterator = bytes[offset..<min(offset + 4, end)].makeIterator()
    switch decoder.decode(&iterator) {
    case .scalarValue(let scalar): return (scalar, UTF8.width(scalar))
    default: return nil
    }
  }

  /// Digits with single underscores between them, from `from`; nil when there is none.
  private func digits(_ from: Int) -> Int? {
    var i = from
    guard isDigit(i) else { return nil }
    while isDigit(i) || (byte(i) == 0x5F && isDigit(i + 1)) { i += 1 }
    return i
  }
  private func isDigit(_ i: Int) -> Bool { byte(i) >= 0x30 && byte(i) <= 0x39 }

  private mutating func number() {
    let start = at
    if let whole = digits(at), start == 0 || bytes[start - 1] != 0x2E {
      var i = whole
      var isFloat = false
      if byte(i) == 0x2E, let fraction = digits(i + 1) {
        i = fraction
        isFloat = true
      }
      if byte(i) | 0x20 == 0x65 {
        var j = i + 1
        if byte(j) == 0x2B || byte(j) == 0x2D { j += 1 }
        if let exponent = digits(j) {
          i = exponent
          isFloat = true
        }
      }
      if isFloat {
        at = i
        tokens.append(Token(kind: .float, span: Span(Int32(start), Int32(at))))
        return
      }
    }
    at = integerEnd(start)
    tokens.append(Token(kind: .integer, span: Span(Int32(start), Int32(at))))
  }

  private func integerEnd(_ start: Int) -> Int {
    func run(_ from: Int, _ accepts: (UInt8) -> Bool) -> Int {
      var i = from
      while accepts(byte(i)) || (byte(i) == 0x5F && accepts(byte(i + 1))) { i += 1 }
      return i
    }
    if bytes[start] != 0x30 { return run(start) { $0 >= 0x30 && $0 <= 0x39 } }
    let accepts: (UInt8) -> Bool
    switch byte(start + 1) | 0x20 {
    case 0x62: accepts = { $0 == 0x30 || $0 == 0x31 }
    case 0x6F: accepts = { $0 >= 0x30 && $0 <= 0x37 }
    case 0x78: accepts = { ($0 >= 0x30 && $0 <= 0x39) || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x66) }
    default: return run(start) { $0 == 0x30 }
    }
    let end = run(start + 2, accepts)
    return end > start + 2 ? end : run(start) { $0 == 0x30 }
  }

  private mutating func string(_ quote: UInt8) throws {
    let start = at
    var i = at + 1
    var isPlain = true
    while i < end, bytes[i] != quote {
      if bytes[i] == 0x5C {
        isPlain = false
        i += 1
      } else if bytes[i] == 0x0D {
        isPlain = false
      }
      i += 1
    }
    guard i < end else {
      throw fail("unexpected char \(Self.repr(Character(Unicode.Scalar(quote)))) at \(scalarIndex(start))", start, end)
    }
    let content = UnsafeBufferPointer(rebasing: bytes[(start + 1)..<i])
    at = i + 1
    let text: Str
    if isPlain {
      text = Str.make(content)
    } else {
      do { text = try StringLiteral.decode(content) } catch { throw fail(error.message, start, at) }
    }
    text.freeze()
    tokens.append(Token(kind: .string, span: Span(Int32(start), Int32(at)), payload: Int32(strings.count)))
    strings.append(text)
  }

  private mutating func `operator`(_ c: UInt8) throws {
    let next = byte(at + 1)
    var kind: Token.Kind
    var length = 1
    switch c {
    case 0x2B: kind = .add
    case 0x2D: kind = .sub
    case 0x2F:
      kind = .div
      if next == 0x2F { (kind, length) = (.floorDiv, 2) }
    case 0x2A:
      kind = .mul
      if next == 0x2A { (kind, length) = (.pow, 2) }
    case 0x25: kind = .mod
    case 0x7E: kind = .tilde
    case 0x3D:
      kind = .assign
      if next == 0x3D { (kind, length) = (.eq, 2) }
    case 0x21 where next == 0x3D: (kind, length) = (.ne, 2)
    case 0x3E:
      kind = .gt
      if next == 0x3D { (kind, length) = (.gteq, 2) }
    case 0x3C:
      kind = .lt
      if next == 0x3D { (kind, length) = (.lteq, 2) }
    case 0x2E: kind = .dot
    case 0x3A: kind = .colon
    case 0x7C: kind = .pipe
    case 0x2C: kind = .comma
    case 0x3B: kind = .semicolon
    case 0x5B: kind = .lbracket
    case 0x28: kind = .lparen
    case 0x7B: kind = .lbrace
    case 0x5D: kind = .rbracket
    case 0x29: kind = .rparen
    case 0x7D: kind = .rbrace
    default:
      throw fail("unexpected char \(Self.repr(Character(Unicode.Scalar(c)))) at \(scalarIndex(at))", at, at + 1)
    }
    switch kind {
    case .lbracket: brackets.append(0x5D)
    case .lparen: brackets.append(0x29)
    case .lbrace: brackets.append(0x7D)
    case .rbracket, .rparen, .rbrace:
      let this = Character(Unicode.Scalar(c))
      guard let expected = brackets.popLast() else { throw fail("unexpected '\(this)'", at, at + 1) }
      guard expected == c else {
        throw fail("unexpected '\(this)', expected '\(Character(Unicode.Scalar(expected)))'", at, at + 1)
      }
    default: break
    }
    tokens.append(Token(kind: kind, span: Span(Int32(at), Int32(at + length))))
    at += length
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
  private func whitespaceLength(_ i: Int, _ end: Int) -> Int {
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
