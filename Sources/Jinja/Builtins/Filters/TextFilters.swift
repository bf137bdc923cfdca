extension BuiltinFilters {
  /// A filter that is a method of strings.
  private static func method(_ name: String, _ summary: String) -> BuiltinFilter {
    let method = Str.frozen(name)
    let signature = Signature("s")
    return BuiltinFilter(
      name: name, signature: "s", summary: summary,
      body: { r, s, a in
        if !a.isEmpty { _ = try signature.bind(a, function: "do_\(method.string)", given: 1) }
        return try Methods.call(.string(try s.softStr(r)), method, .none, r) ?? .none
      })
  }

  /// Filters from one text to another, or to a number.
  static let textFilters: [BuiltinFilter] = [
    method("upper", "The text in upper case."),
    method("lower", "The text in lower case."),
    method("capitalize", "The first character in upper case, the rest in lower case."),
    BuiltinFilter("title", "s", "Every word with a capital first, the rest of it in lower case.") { r, s, _ in
      .string(try title(s.softStr(r), r))
    },
    BuiltinFilter("string", "s", "The value as text; Markup stays Markup.", function: "soft_str") { r, s, _ in
      .string(try s.softStr(r))
    },
    BuiltinFilter("trim", "value, chars=None", "Without blanks, or the characters given, at both ends.") { r, s, a in
      try Methods.call(.string(try s.softStr(r)), Names.strip, Arguments(a[0].map { [$0] } ?? []), r) ?? .none
    },
    BuiltinFilter("center", "value, width=80", "Centred in a field of that width.") { r, s, a in
      try Methods.call(.string(try s.softStr(r)), Names.center, Arguments([a[0] ?? .int(80)]), r) ?? .none
    },
    BuiltinFilter(
      "replace", "s, old, new, count=None", "Every `old` (or the first `count` of them) replaced by `new`."
    ) { r, s, a in
      try replace(r, s, a[0] ?? .none, a[1] ?? .none, a[2] ?? .none)
    },
    BuiltinFilter(
      name: "format", signature: "value, *args, **kwargs", summary: "`value % args`: printf-style formatting.",
      body: { r, value, a in
        if !a.positional.isEmpty, !a.keywords.isEmpty {
          throw TemplateError(.runtime, "can't handle positional and keyword arguments at the same time")
        }
        let template = Value.string(try value.softStr(r))
        if a.keywords.isEmpty { return try template.binary(.modulo, .tuple(a.positional), r) }
        let dict = DictObject(capacity: a.keywords.count)
        for (name, value) in a.keywords { dict[name] = value }
        return try template.binary(.modulo, .dict(dict), r)
      }),
    BuiltinFilter("wordcount", "s", "How many words the text has.") { r, s, _ in
      .int(wordCount(try s.softStr(r)))
    },
    BuiltinFilter(
      "urlencode", "value", "Percent-encoded text; a mapping or pairs become a query string."
    ) { r, value, _ in
      .string(try URLEncoding.filter(value, r))
    },
  ]

  private static func replace(_ r: Interpreter, _ s: Value, _ old: Value, _ new: Value, _ count: Value) throws -> Value
  {
    let count = count.isNone ? Value.int(-1) : count
    var subject: Str
    var from: Str
    var to: Str
    if r.autoescape {
      subject = try s.softStr(r)
      let newIsMarkup = new.asStr?.isMarkup ?? false
      if old.asStr?.isMarkup ?? false || newIsMarkup && !subject.isMarkup { subject = try Escape.escape(s, r) }
      from = try old.softStr(r)
      to = try new.softStr(r)
    } else {
      subject = try s.plainStr(r)
      from = try old.plainStr(r)
      to = try new.plainStr(r)
    }
    return try Methods.call(
      .string(subject), Names.replace, Arguments([.string(from), .string(to), count]), r) ?? .none
  }

  /// Words begin after blanks and opening brackets and hyphens; runs of those stay as they are.
  private static func title(_ s: Str, _ r: Interpreter) throws -> Str {
    var out: [UInt8] = []
    out.reserveCapacity(s.count)
    try s.withUTF8 { bytes in
      var i = 0
      while i < bytes.count {
        let start = i
        let (first, length) = UTF8Scan.decode(bytes, i)
        let breaking = isWordBreak(first)
        i += length
        while i < bytes.count {
          let (scalar, length) = UTF8Scan.decode(bytes, i)
          if isWordBreak(scalar) != breaking { break }
          i += length
        }
        if breaking {
          out.append(contentsOf: bytes[start..<i])
          continue
        }
        let head = Str.make(UnsafeBufferPointer(rebasing: bytes[start..<start + length]))
        let tail = Str.make(UnsafeBufferPointer(rebasing: bytes[start + length..<i]))
        if case .string(let upper)? = try Methods.call(.string(head), Names.upper, .none, r) {
          upper.withUTF8 { out.append(contentsOf: $0) }
        }
        if case .string(let lower)? = try Methods.call(.string(tail), Names.lower, .none, r) {
          lower.withUTF8 { out.append(contentsOf: $0) }
        }
      }
    }
    return Str.make(out)
  }

  private static func isWordBreak(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x2D, 0x28, 0x7B, 0x5B, 0x3C: true
    default: Characters.isSpace(scalar)
    }
  }

  private static func wordCount(_ s: Str) -> Int {
    s.withUTF8 { bytes in
      var words = 0
      var inside = false
      var i = 0
      while i < bytes.count {
        let (scalar, length) = UTF8Scan.decode(bytes, i)
        let word = Characters.isWord(scalar)
        if word, !inside { words += 1 }
        inside = word
        i += length
      }
      return words
    }
  }
}
