/// What stands inside a tag: names, numbers, strings and operators.
extension Lexer {
  mutating func tag(isBlock: Bool) throws {
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
}
