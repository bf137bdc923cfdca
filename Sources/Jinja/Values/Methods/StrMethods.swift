/// Methods of strings. On Markup they give Markup and escape the text they are given, as markupsafe's do.
enum StrMethods {
  static func call(_ s: Str, _ name: MethodName, _ a: Arguments, _ r: Interpreter) throws -> Value? {
    switch name {
    case .lower:
      try a.none("str", name)
      return .string(CaseMapping.lower(s))
    case .upper:
      try a.none("str", name)
      return .string(CaseMapping.upper(s))
    case .title:
      try a.none("str", name)
      return .string(CaseMapping.title(s))
    case .capitalize:
      try a.none("str", name)
      return .string(CaseMapping.capitalize(s))
    case .swapcase:
      try a.none("str", name)
      return .string(CaseMapping.swap(s))
    case .casefold:
      try a.none("str", name)
      return .string(CaseMapping.fold(s))
    case .strip, .lstrip, .rstrip: return .string(try strip(s, name, a))
    case .startswith, .endswith: return .bool(try affix(s, name, a))
    case .replace: return .string(try replace(s, a, r))
    case .split, .rsplit: return try StrSplit.split(s, name, a)
    case .splitlines: return try StrSplit.lines(s, a)
    case .partition, .rpartition: return try StrSplit.partition(s, name, a)
    case .join: return .string(try join(s, a, r))
    case .format, .format_map: return .string(try StrFormat.call(s, name, a, r))
    case .find, .rfind, .index, .rindex, .count: return .int(try find(s, name, a))
    case .zfill, .center, .ljust, .rjust, .expandtabs: return .string(try StrPadding.call(s, name, a))
    case .removeprefix, .removesuffix: return .string(try removeAffix(s, name, a))
    case .isalnum, .isalpha, .isascii, .isdecimal, .isdigit, .isidentifier, .islower, .isnumeric, .isprintable,
      .isspace, .istitle, .isupper:
      try a.none("str", name)
      return .bool(StrPredicates.holds(name, s))
    case .encode: return try StrCodec.encode(s, a)
    case .translate: return .string(try StrTranslation.translate(s, a, r))
    case .maketrans: return try StrTranslation.table(a)
    case .unescape, .striptags, .escape: return s.isMarkup ? try MarkupMethods.call(s, name, a, r) : nil
    default: return nil
    }
  }

  static func has(_ name: MethodName, markup: Bool) -> Bool {
    switch name {
    case .capitalize, .casefold, .center, .count, .encode, .endswith, .expandtabs, .find, .format, .format_map, .index,
      .isalnum, .isalpha, .isascii, .isdecimal, .isdigit, .isidentifier, .islower, .isnumeric, .isprintable, .isspace,
      .istitle, .isupper, .join, .ljust, .lower, .lstrip, .maketrans, .partition, .removeprefix, .removesuffix,
      .replace, .rfind, .rindex, .rjust, .rpartition, .rsplit, .rstrip, .split, .splitlines, .startswith, .strip,
      .swapcase, .title, .translate, .upper, .zfill:
      true
    case .unescape, .striptags, .escape: markup
    default: false
    }
  }

  // MARK: cutting off

  private static func strip(_ s: Str, _ name: MethodName, _ a: Arguments) throws -> Str {
    try a.expect("str", name, 0...1)
    let left = name != .rstrip
    let right = name != .lstrip
    switch a[0] {
    case nil, .some(.none): return StrTrim.spaces(s, left: left, right: right)
    case .string(let set): return StrTrim.characters(s, set, left: left, right: right)
    case .some: throw TemplateError(.type, "\(name) arg must be None or str")
    }
  }

  private static func removeAffix(_ s: Str, _ name: MethodName, _ a: Arguments) throws -> Str {
    try a.expect("str", name, 1...1)
    let affix = try a.positional[0].text(name, argument: nil)
    guard affix.count <= s.count, !affix.isEmpty else { return s }
    if name == .removeprefix {
      return s.hasPrefix(affix, at: 0) ? s.sub(affix.count, s.count) : s
    }
    let start = s.count - affix.count
    return s.hasPrefix(affix, at: start) ? s.sub(0, start) : s
  }

  // MARK: looking for

  /// The bytes of `s[start:end]` that a search with optional bounds sees; nil when the start is past the end.
  private static func bounds(_ s: Str, _ a: Arguments, at place: Int) throws -> Range<Int>? {
    guard a.positional.count > place else { return 0..<s.count }
    let length = s.scalarCount
    func bound(_ value: Value?, _ missing: Int) throws -> Int {
      guard let value, !value.isNone else { return missing }
      guard value.asBigInt != nil else {
        throw TemplateError(.type, "slice indices must be integers or None or have an __index__ method")
      }
      let index = try value.index(clamp: true)
      return index < 0 ? max(0, index.addingReportingOverflow(length).partialValue) : index
    }
    let start = try bound(a[place], 0)
    let end = min(try bound(a[place + 1], length), length)
    guard start <= end else { return nil }
    return s.byteOffset(ofScalar: start)..<s.byteOffset(ofScalar: end)
  }

  private static func affix(_ s: Str, _ name: MethodName, _ a: Arguments) throws -> Bool {
    try a.expectSearch(name)
    let range = try bounds(s, a, at: 1)
    func matches(_ affix: Str) -> Bool {
      guard let range, affix.count <= range.count else { return false }
      return s.hasPrefix(affix, at: name == .startswith ? range.lowerBound : range.upperBound - affix.count)
    }
    switch a.positional[0] {
    case .string(let affix): return matches(affix)
    case .tuple(let choices):
      for choice in choices.items {
        guard case .string(let affix) = choice else {
          throw TemplateError(.type, "tuple for \(name) must only contain str, not \(choice.typeName)")
        }
        if matches(affix) { return true }
      }
      return false
    case let other:
      throw TemplateError(.type, "\(name) first arg must be str or a tuple of str, not \(other.typeName)")
    }
  }

  private static func find(_ s: Str, _ name: MethodName, _ a: Arguments) throws -> Int {
    try a.expectSearch(name)
    guard case .string(let part) = a.positional[0] else {
      throw TemplateError(.type, "must be str, not \(a.positional[0].typeName)")
    }
    let range = try bounds(s, a, at: 1)
    if name == .count { return range.map { count(s, part, $0) } ?? 0 }
    let found = range.flatMap { range in
      s.withUTF8 { bytes in
        part.withUTF8 { needle in
          name == .find || name == .index
            ? ByteSearch.first(needle, in: bytes, from: range.lowerBound, to: range.upperBound)
            : ByteSearch.last(needle, in: bytes, from: range.lowerBound, to: range.upperBound)
        }
      }
    }
    if let found { return s.scalarIndex(ofByte: found) }
    if name == .index || name == .rindex { throw TemplateError(.value, "substring not found") }
    return -1
  }

  private static func count(_ s: Str, _ part: Str, _ range: Range<Int>) -> Int {
    if part.isEmpty {
      return s.scalarIndex(ofByte: range.upperBound) - s.scalarIndex(ofByte: range.lowerBound) + 1
    }
    var n = 0
    var at = range.lowerBound
    while let found = s.byteRange(of: part, from: at, to: range.upperBound) {
      n += 1
      at = found + part.count
    }
    return n
  }

  // MARK: putting together

  private static func replace(_ s: Str, _ a: Arguments, _ r: Interpreter) throws -> Str {
    if a.keywords.isEmpty, a.positional.count == 2, !s.isMarkup, case .string(let old) = a.positional[0],
      case .string(let new) = a.positional[1]
    {
      return replaced(s, old, new, limit: Int.max)
    }
    try a.expect("str", .replace, 2...3)
    let old = try a.positional[0].text(.replace, argument: 1)
    var new = a.positional[1]
    if s.isMarkup { new = .string(try Escape.escape(new, r)) }
    let replacement = try new.text(.replace, argument: 2)
    let limit = try a[2]?.index(clamp: true) ?? -1
    return replaced(s, old, replacement, limit: limit < 0 ? Int.max : limit)
  }

  static func replaced(_ s: Str, _ old: Str, _ new: Str, limit: Int) -> Str {
    if limit == 0 { return s }
    if old.isEmpty { return interleaved(s, new, limit: limit) }
    guard var found = s.byteRange(of: old, from: 0, to: s.count) else { return s }
    var out = StrBuilder(capacity: s.count + 2 * new.count)
    var at = 0
    var left = limit
    s.withUTF8 { bytes in
      while true {
        out.append(UnsafeBufferPointer(rebasing: bytes[at..<found]))
        out.append(new)
        at = found + old.count
        left -= 1
        guard left > 0, let next = s.byteRange(of: old, from: at, to: s.count) else { break }
        found = next
      }
      out.append(UnsafeBufferPointer(rebasing: bytes[at...]))
    }
    return out.finish(markup: s.isMarkup)
  }

  /// Replacing nothing: the text goes before every character and at the end.
  private static func interleaved(_ s: Str, _ new: Str, limit: Int) -> Str {
    var out = StrBuilder(capacity: s.count + new.count * min(limit, s.count + 1))
    var left = limit
    s.withUTF8 { bytes in
      var i = 0
      while i < bytes.count, left > 0 {
        out.append(new)
        left -= 1
        let length = UTF8Codec.length(bytes[i])
        out.append(UnsafeBufferPointer(rebasing: bytes[i..<min(i + length, bytes.count)]))
        i += length
      }
      if i < bytes.count {
        out.append(UnsafeBufferPointer(rebasing: bytes[i...]))
      } else if left > 0 {
        out.append(new)
      }
    }
    return out.finish(markup: s.isMarkup)
  }

  private static func join(_ s: Str, _ a: Arguments, _ r: Interpreter) throws -> Str {
    try a.expect("str", .join, 1...1)
    let items: [Value]
    do {
      items = try a.positional[0].collected(r)
    } catch let error as TemplateError where error.kind == .type && error.message.hasSuffix("is not iterable") {
      throw TemplateError(.type, "can only join an iterable")
    }
    var out = StrBuilder(capacity: 32 + items.count * (s.count + 8))
    for (i, item) in items.enumerated() {
      if i > 0 { out.append(s) }
      if s.isMarkup {
        out.append(try Escape.escape(item, r))
      } else if case .string(let text) = item {
        out.append(text)
      } else {
        throw TemplateError(.type, "sequence item \(i): expected str instance, \(item.typeName) found")
      }
    }
    return out.finish(markup: s.isMarkup)
  }
}
