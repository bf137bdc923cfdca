/// Filling text up to a width.
enum StrPadding {
  static func call(_ s: Str, _ name: MethodName, _ a: Arguments) throws -> Str {
    switch name {
    case .zfill:
      try a.expect("str", name, 1...1)
      return zfill(s, try a.positional[0].index(clamp: false))
    case .expandtabs:
      return expandTabs(s, try a.bind(name, "tabsize")[0]?.index(clamp: false) ?? 8)
    default:
      try a.expect("str", name, 1...2)
      let width = try a.positional[0].index(clamp: false)
      var fill = Str.scalar(0x20)
      if let given = a[1] {
        guard case .string(let text) = given else {
          throw TemplateError(
            .type, "The fill character must be a unicode character, not \(given.typeName)")
        }
        fill = s.isMarkup ? Escape.html(text) : text
        if fill.scalarCount != 1 {
          throw TemplateError(.type, "The fill character must be exactly one character long")
        }
      }
      let missing = max(0, width.subtractingReportingOverflow(s.scalarCount).partialValue)
      if width <= s.scalarCount { return s }
      try SizeLimit.check(bytes: fill.count, times: missing)
      switch name {
      case .ljust: return pad(s, 0, missing, fill)
      case .rjust: return pad(s, missing, 0, fill)
      default:
        // CPython puts the odd one left when the width is odd too.
        let left = missing / 2 + (missing & width & 1)
        return pad(s, left, missing - left, fill)
      }
    }
  }

  static func pad(_ s: Str, _ left: Int, _ right: Int, _ fill: Str) -> Str {
    var out = StrBuilder(capacity: s.count + (left + right) * fill.count)
    append(fill, left, to: &out)
    out.append(s)
    append(fill, right, to: &out)
    return out.finish(markup: s.isMarkup)
  }

  static func append(_ fill: Str, _ times: Int, to out: inout StrBuilder) {
    if fill.count == 1 {
      out.append(repeating: fill.withUTF8 { $0[0] }, count: times)
    } else {
      for _ in 0..<max(0, times) { out.append(fill) }
    }
  }

  private static func zfill(_ s: Str, _ width: Int) -> Str {
    let missing = width.subtractingReportingOverflow(s.scalarCount).partialValue
    guard width > s.scalarCount, missing <= SizeLimit.maxBytes else { return s }
    return s.withUTF8 { bytes in
      let sign = !bytes.isEmpty && (bytes[0] == 0x2B || bytes[0] == 0x2D)
      var out = StrBuilder(capacity: bytes.count + missing)
      if sign { out.append(bytes[0]) }
      out.append(repeating: 0x30, count: missing)
      out.append(UnsafeBufferPointer(rebasing: bytes[(sign ? 1 : 0)...]))
      return out.finish(markup: s.isMarkup)
    }
  }

  private static func expandTabs(_ s: Str, _ size: Int) -> Str {
    s.withUTF8 { bytes in
      guard bytes.contains(0x09) else { return s }
      var out = StrBuilder(capacity: bytes.count + 32)
      var column = 0
      for byte in bytes {
        if byte == 0x09 {
          if size > 0 {
            let wide = min(size - column % size, SizeLimit.maxBytes)
            out.append(repeating: 0x20, count: wide)
            column += wide
          }
        } else {
          out.append(byte)
          if byte & 0xC0 != 0x80 { column += 1 }
          if byte == 0x0A || byte == 0x0D { column = 0 }
        }
      }
      return out.finish(markup: s.isMarkup)
    }
  }
}
