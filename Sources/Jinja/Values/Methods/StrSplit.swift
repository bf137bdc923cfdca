/// Cutting text into pieces.
enum StrSplit {
  static func split(_ s: Str, _ name: MethodName, _ a: Arguments) throws -> Value {
    let bound = try a.bind(name, "sep", "maxsplit")
    var limit = try bound[1]?.index(clamp: true) ?? -1
    if limit < 0 { limit = Int.max }
    switch bound[0] {
    case nil, .some(.none):
      return .list(name == .split ? fields(s, limit) : fieldsFromRight(s, limit))
    case .string(let separator):
      if separator.isEmpty { throw TemplateError(.value, "empty separator") }
      return .list(name == .split ? pieces(s, separator, limit) : piecesFromRight(s, separator, limit))
    case .some(let other):
      throw TemplateError(.type, "must be str or None, not \(other.typeName)")
    }
  }

  private static func pieces(_ s: Str, _ separator: Str, _ limit: Int) -> [Value] {
    var out: [Value] = []
    var at = 0
    while out.count < limit, let found = s.byteRange(of: separator, from: at, to: s.count) {
      out.append(.string(s.sub(at, found)))
      at = found + separator.count
    }
    out.append(.string(s.sub(at, s.count)))
    return out
  }

  private static func piecesFromRight(_ s: Str, _ separator: Str, _ limit: Int) -> [Value] {
    var out: [Value] = []
    var end = s.count
    while out.count < limit {
      let found = s.withUTF8 { bytes in
        separator.withUTF8 { ByteSearch.last($0, in: bytes, from: 0, to: end) }
      }
      guard let found else { break }
      out.append(.string(s.sub(found + separator.count, end)))
      end = found
    }
    out.append(.string(s.sub(0, end)))
    return out.reversed()
  }

  /// Runs of what is not white space; what is left after `limit` cuts is one piece.
  static func fields(_ s: Str, _ limit: Int) -> [Value] {
    s.withUTF8 { bytes in
      var out: [Value] = []
      var i = 0
      while true {
        i = skip(bytes, i, spaces: true)
        if i == bytes.count { return out }
        if out.count == limit {
          out.append(.string(s.sub(i, bytes.count)))
          return out
        }
        let start = i
        i = skip(bytes, i, spaces: false)
        out.append(.string(s.sub(start, i)))
      }
    }
  }

  private static func fieldsFromRight(_ s: Str, _ limit: Int) -> [Value] {
    s.withUTF8 { bytes in
      var out: [Value] = []
      var end = bytes.count
      while true {
        end = skipBackwards(bytes, end, spaces: true)
        if end == 0 { return out.reversed() }
        if out.count == limit {
          out.append(.string(s.sub(0, end)))
          return out.reversed()
        }
        let stop = end
        end = skipBackwards(bytes, end, spaces: false)
        out.append(.string(s.sub(end, stop)))
      }
    }
  }

  private static func skip(_ bytes: UnsafeBufferPointer<UInt8>, _ from: Int, spaces: Bool) -> Int {
    var i = from
    while i < bytes.count {
      var next = i
      if UnicodeTraits.isSpace(UTF8Codec.decode(bytes, &next)) != spaces { break }
      i = next
    }
    return i
  }

  private static func skipBackwards(_ bytes: UnsafeBufferPointer<UInt8>, _ from: Int, spaces: Bool) -> Int {
    var end = from
    while end > 0 {
      var before = end
      if UnicodeTraits.isSpace(UTF8Codec.decodeBackwards(bytes, &before)) != spaces { break }
      end = before
    }
    return end
  }

  static func lines(_ s: Str, _ a: Arguments) throws -> Value {
    let keepEnds = try a.bind(.splitlines, "keepends")[0].map { try $0.index() != 0 } ?? false
    return s.withUTF8 { bytes in
      var out: [Value] = []
      var start = 0
      var i = 0
      while i < bytes.count {
        let end = i
        let scalar = UTF8Codec.decode(bytes, &i)
        guard isLineBreak(scalar) else { continue }
        if scalar == 0x0D, i < bytes.count, bytes[i] == 0x0A { i += 1 }
        out.append(.string(s.sub(start, keepEnds ? i : end)))
        start = i
      }
      if start < bytes.count { out.append(.string(s.sub(start, bytes.count))) }
      return .list(out)
    }
  }

  @inline(__always) static func isLineBreak(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
    default: false
    }
  }

  static func partition(_ s: Str, _ name: MethodName, _ a: Arguments) throws -> Value {
    try a.expect("str", name, 1...1)
    guard case .string(let separator) = a.positional[0] else {
      throw TemplateError(.type, "must be str, not \(a.positional[0].typeName)")
    }
    if separator.isEmpty { throw TemplateError(.value, "empty separator") }
    let found = s.withUTF8 { bytes in
      separator.withUTF8 {
        name == .partition
          ? ByteSearch.first($0, in: bytes, from: 0, to: bytes.count)
          : ByteSearch.last($0, in: bytes, from: 0, to: bytes.count)
      }
    }
    let empty = Value.string(Str.empty.marked(s.isMarkup))
    guard let found else {
      return name == .partition ? .tuple([.string(s), empty, empty]) : .tuple([empty, empty, .string(s)])
    }
    return .tuple([
      .string(s.sub(0, found)), .string(separator.marked(s.isMarkup)),
      .string(s.sub(found + separator.count, s.count)),
    ])
  }
}
