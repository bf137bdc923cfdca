/// `ascii(x)`: the `repr` with everything beyond ASCII escaped.
enum AsciiRepr {
  static func of(_ value: Value, _ r: Interpreter?) throws -> Str {
    let text = try value.repr(r)
    if text.isASCII { return text }
    var out = StrBuilder(capacity: text.count * 2)
    for scalar in text.scalars {
      if scalar < 0x80 { out.append(scalar: scalar) } else { StringRepr.escape(scalar, to: &out) }
    }
    return out.finish()
  }
}
