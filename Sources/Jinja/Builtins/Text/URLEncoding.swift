/// Percent-encoding as `urllib.parse.quote`.
enum URLEncoding {
  /// The `urlencode` filter: text is quoted (`/` kept), a mapping or pairs are joined as a query string.
  static func filter(_ value: Value, _ r: Interpreter) throws -> Str {
    if case .string(let s) = value { return Str.make(try quote(s, query: false)) }
    let pairs: [(key: Value, value: Value)]
    if value.isMapping {
      pairs = try value.mappingItems(r)
    } else {
      let iterator: ValueIterator
      do {
        iterator = try value.iterate(r)
      } catch let error as TemplateError where error.kind == .type {
        return Str.make(try quote(value.str(r), query: false))
      }
      pairs = try collect(iterator, r)
    }
    var out: [UInt8] = []
    for (key, value) in pairs {
      if !out.isEmpty { out.append(0x26) }
      out.append(contentsOf: try quote(key.str(r), query: true))
      out.append(0x3D)
      out.append(contentsOf: try quote(value.str(r), query: true))
    }
    return Str.make(out)
  }

  private static func collect(_ iterator: ValueIterator, _ r: Interpreter) throws -> [(key: Value, value: Value)] {
    var pairs: [(key: Value, value: Value)] = []
    while let item = try iterator.next() {
      let pair: [Value]
      do {
        pair = try item.items(r)
      } catch let error as TemplateError where error.kind == .type {
        throw TemplateError(.type, "cannot unpack non-iterable \(item.typeName) object")
      }
      guard pair.count == 2 else {
        throw TemplateError(
          .value,
          pair.count > 2
            ? "too many values to unpack (expected 2)" : "not enough values to unpack (expected 2, got \(pair.count))")
      }
      pairs.append((pair[0], pair[1]))
    }
    return pairs
  }

  /// In a query, blanks become `+` and `/` is quoted too.
  /// - Throws: a ValueError when there are surrogates, which UTF-8 does not have.
  static func quote(_ s: Str, query: Bool) throws -> [UInt8] {
    if s.withUTF8({ $0.contains(0xED) }) { _ = try StrCodec.encode(s, Arguments()) }
    var out: [UInt8] = []
    out.reserveCapacity(s.count)
    let digits = Array("0123456789ABCDEF".utf8)
    s.withUTF8 { bytes in
      for byte in bytes {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2E, 0x2D, 0x7E: out.append(byte)
        case 0x2F where !query: out.append(byte)
        case 0x20 where query: out.append(0x2B)
        default:
          out.append(0x25)
          out.append(digits[Int(byte >> 4)])
          out.append(digits[Int(byte & 15)])
        }
      }
    }
    return out
  }
}
