extension BuiltinFilters {
  /// Filters that lay text out in lines.
  static let layoutFilters: [BuiltinFilter] = [
    BuiltinFilter(
      "indent", "s, width=4, first=False, blank=False",
      "Every line indented by `width` blanks (or that text), the first and empty ones only when asked."
    ) { r, s, a in
      try indent(r, s, a[0] ?? .int(4), r.truth(a[1] ?? .bool(false)), r.truth(a[2] ?? .bool(false)))
    },
    BuiltinFilter(
      "truncate", "s, length=255, killwords=False, end='...', leeway=None",
      "Cut at `length` characters, at a blank unless `killwords`; what is longer by at most `leeway` (5) stays."
    ) { r, s, a in
      try truncate(r, s, a[0] ?? .int(255), r.truth(a[1] ?? .bool(false)), a[2] ?? .string("..."), a[3] ?? .none)
    },
    BuiltinFilter(
      "wordwrap", "s, width=79, break_long_words=True, wrapstring=None, break_on_hyphens=True",
      "Lines of at most `width` characters, joined by `wrapstring` (a newline)."
    ) { r, s, a in
      let options = TextWrap(
        width: try (a[0] ?? .int(79)).index(), breakLongWords: try r.truth(a[1] ?? .bool(true)),
        breakOnHyphens: try r.truth(a[3] ?? .bool(true)))
      let separator = a[2] ?? .none
      let glue = separator.isNone ? Str.make("\n") : try separator.softStr(r)
      guard case .string? = s.asStr.map(Value.string) else { throw attributeError(s, "splitlines") }
      let lines = try Methods.call(s, Names.splitlines, .none, r)?.items(r) ?? []
      var out: [UInt8] = []
      for (i, line) in lines.enumerated() {
        if i > 0 { glue.withUTF8 { out.append(contentsOf: $0) } }
        guard case .string(let text) = line else { continue }
        for (j, part) in try options.wrap(text).enumerated() {
          if j > 0 { glue.withUTF8 { out.append(contentsOf: $0) } }
          out.append(contentsOf: part)
        }
      }
      return .string(Str.make(out, markup: glue.isMarkup))
    },
  ]

  static func attributeError(_ value: Value, _ name: String) -> TemplateError {
    if case .undefined(let undefined) = value { return undefined.error() }
    return TemplateError(.attribute, "'\(value.typeName)' object has no attribute '\(name)'")
  }

  private static func indent(_ r: Interpreter, _ s: Value, _ width: Value, _ first: Bool, _ blank: Bool) throws -> Value
  {
    guard case .string(let text) = s else {
      // Adding the newline fails with the value's own TypeError (or as undefined).
      if case .list = s { throw attributeError(s, "splitlines") }
      _ = try s.binary(.add, .string("\n"), r)
      throw attributeError(s, "splitlines")
    }
    let indention: Str
    if case .string(let given) = width {
      // A plain string used to indent Markup is escaped when it is added.
      indention = text.isMarkup ? given.marked(true) : given
    } else {
      let blanks = max(0, try width.index())
      try SizeLimit.check(bytes: blanks, times: 1)
      indention = Str.make([UInt8](repeating: 0x20, count: blanks))
    }
    let lines = text.withUTF8 { bytes in bytes.reduce(into: 1) { if $1 == 0x0A || $1 == 0x0D { $0 += 1 } } }
    try SizeLimit.check(bytes: indention.count, times: lines)
    var out: [UInt8] = []
    out.reserveCapacity(text.count + text.count / 4)
    text.withUTF8 { bytes in
      indention.withUTF8 { pad in
        if first { out.append(contentsOf: pad) }
        var start = 0
        var line = 0
        // One newline is added at the end, so the text "a\n" has the lines "a" and "".
        while start <= bytes.count {
          let (end, next) = TextLines.next(bytes, start)
          if line > 0 {
            out.append(0x0A)
            if blank || end > start { out.append(contentsOf: pad) }
          }
          out.append(contentsOf: bytes[start..<end])
          line += 1
          if next > bytes.count { break }
          start = next
        }
      }
    }
    return .string(Str.make(out, markup: text.isMarkup))
  }

  private static func truncate(
    _ r: Interpreter, _ s: Value, _ length: Value, _ killwords: Bool, _ end: Value, _ leeway: Value
  ) throws -> Value {
    let length = try length.index()
    let leeway = leeway.isNone ? 5 : try leeway.index()
    let endLength = try end.length()
    guard length >= endLength else {
      throw TemplateError(.runtime, "expected length >= \(endLength), got \(length)")
    }
    guard leeway >= 0 else { throw TemplateError(.runtime, "expected leeway >= 0, got \(leeway)") }
    if try s.length() <= length + leeway { return s }
    let cut = try s.slice(.none, .int(length - endLength), .none)
    if killwords { return try cut.binary(.add, end, r) }
    guard case .string(let text) = cut else { throw attributeError(cut, "rsplit") }
    let kept = text.withUTF8 { bytes in
      guard let blank = bytes.lastIndex(of: 0x20) else { return text }
      return Str.make(UnsafeBufferPointer(rebasing: bytes[..<blank]), markup: text.isMarkup)
    }
    return try Value.string(kept).binary(.add, end, r)
  }
}
