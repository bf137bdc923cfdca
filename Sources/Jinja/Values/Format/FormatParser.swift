/// Cuts a format string into literal text and fields.
struct FormatParser {
  struct Field {
    var name: Str
    var conversion: UInt32?
    var spec: Str
  }

  private let text: Str
  private let scalars: [UInt32]
  private var at = 0

  init(_ text: Str) {
    self.text = text
    scalars = text.scalars
  }

  private func piece(_ from: Int, _ to: Int) -> Str { text.slice(from: from, to: to) }

  /// The next literal and the field after it, if one follows; nil at the end.
  mutating func next() throws -> (literal: Str, field: Field?)? {
    guard at < scalars.count else { return nil }
    let start = at
    while at < scalars.count, scalars[at] != 0x7B, scalars[at] != 0x7D { at += 1 }
    if at == scalars.count { return (piece(start, at), nil) }
    let brace = scalars[at]
    if at + 1 < scalars.count, scalars[at + 1] == brace {
      // A doubled brace is one of the text.
      at += 2
      return (piece(start, at - 1), nil)
    }
    if brace == 0x7D { throw TemplateError(.value, "Single '}' encountered in format string") }
    if at + 1 == scalars.count { throw TemplateError(.value, "Single '{' encountered in format string") }
    let literal = piece(start, at)
    at += 1
    return (literal, try field())
  }

  private mutating func field() throws -> Field {
    let start = at
    var end: UInt32 = 0
    scan: while at < scalars.count {
      let scalar = scalars[at]
      at += 1
      switch scalar {
      case 0x7B: throw TemplateError(.value, "unexpected '{' in field name")
      case 0x5B: while at < scalars.count, scalars[at] != 0x5D { at += 1 }
      case 0x7D, 0x3A, 0x21:
        end = scalar
        break scan
      default: break
      }
    }
    if end == 0 { throw TemplateError(.value, "expected '}' before end of string") }
    var field = Field(name: piece(start, at - 1), conversion: nil, spec: Str.empty)
    if end == 0x7D { return field }
    if end == 0x21 {
      guard at < scalars.count else {
        throw TemplateError(.value, "end of string while looking for conversion specifier")
      }
      field.conversion = scalars[at]
      at += 1
      if at < scalars.count {
        at += 1
        if scalars[at - 1] == 0x7D { return field }
        if scalars[at - 1] != 0x3A { throw TemplateError(.value, "expected ':' after conversion specifier") }
      }
    }
    let specStart = at
    var open = 1
    while at < scalars.count {
      let scalar = scalars[at]
      at += 1
      if scalar == 0x7B { open += 1 }
      if scalar == 0x7D {
        open -= 1
        if open == 0 {
          field.spec = piece(specStart, at - 1)
          return field
        }
      }
    }
    throw TemplateError(.value, "unmatched '{' in format spec")
  }
}

/// The parts of a field's name: `0.attribute[key]`.
struct FieldPath {
  enum Key {
    case index(Int)
    case name(Str)
  }
  enum Step {
    case attribute(Str)
    case item(Key)
  }

  private let text: Str
  private let scalars: [UInt32]
  private var at = 0

  init(_ text: Str) {
    self.text = text
    scalars = text.scalars
  }

  mutating func first() throws -> Key {
    while at < scalars.count, scalars[at] != 0x2E, scalars[at] != 0x5B { at += 1 }
    return try key(0, at)
  }

  /// A number when all of it is decimal digits.
  private func key(_ from: Int, _ to: Int) throws -> Key {
    var number = 0
    for scalar in scalars[from..<to] {
      guard let digit = UnicodeTraits.decimalValue(scalar) else { return .name(text.slice(from: from, to: to)) }
      let (next, overflow) = number.multipliedReportingOverflow(by: 10)
      if overflow || next > Int.max - digit {
        throw TemplateError(.value, "Too many decimal digits in format string")
      }
      number = next + digit
    }
    return from == to ? .name(Str.empty) : .index(number)
  }

  mutating func next() throws -> Step? {
    guard at < scalars.count else { return nil }
    let mark = scalars[at]
    at += 1
    let start = at
    switch mark {
    case 0x2E:
      while at < scalars.count, scalars[at] != 0x2E, scalars[at] != 0x5B { at += 1 }
      if at == start { throw TemplateError(.value, "Empty attribute in format string") }
      return .attribute(text.slice(from: start, to: at))
    case 0x5B:
      while at < scalars.count, scalars[at] != 0x5D { at += 1 }
      guard at < scalars.count else { throw TemplateError(.value, "Missing ']' in format string") }
      if at == start { throw TemplateError(.value, "Empty attribute in format string") }
      at += 1
      return .item(try key(start, at - 1))
    default:
      throw TemplateError(.value, "Only '.' or '[' may follow ']' in format field specifier")
    }
  }
}
