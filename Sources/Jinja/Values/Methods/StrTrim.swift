import Glibc

/// Cutting characters off the ends of text.
enum StrTrim {
  static func spaces(_ s: Str, left: Bool, right: Bool) -> Str {
    let kept = s.withUTF8 { spaces($0, left: left, right: right) }
    return s.sub(kept.lowerBound, kept.upperBound)
  }

  /// What is left of the bytes.
  static func spaces(_ bytes: UnsafeBufferPointer<UInt8>, left: Bool, right: Bool) -> Range<Int> {
    var start = 0
    var end = bytes.count
    if left {
      while start < end {
        var next = start
        guard UnicodeTraits.isSpace(UTF8Codec.decode(bytes, &next)) else { break }
        start = next
      }
    }
    if right {
      while end > start {
        var before = end
        guard UnicodeTraits.isSpace(UTF8Codec.decodeBackwards(bytes, &before)) else { break }
        end = before
      }
    }
    return start..<end
  }

  static func characters(_ s: Str, _ set: Str, left: Bool, right: Bool) -> Str {
    let wanted = set.scalars
    return s.withUTF8 { bytes in
      var start = 0
      var end = bytes.count
      if left {
        while start < end {
          var next = start
          guard wanted.contains(UTF8Codec.decode(bytes, &next)) else { break }
          start = next
        }
      }
      if right {
        while end > start {
          var before = end
          guard wanted.contains(UTF8Codec.decodeBackwards(bytes, &before)) else { break }
          end = before
        }
      }
      return s.sub(start, end)
    }
  }
}

extension Str {
  /// Whether `part` stands at byte `offset`, which must leave room for it.
  @inline(__always) func hasPrefix(_ part: Str, at offset: Int) -> Bool {
    withUTF8 { bytes in
      part.withUTF8 { needle in
        guard offset >= 0, offset + needle.count <= bytes.count else { return false }
        guard let p = bytes.baseAddress, let q = needle.baseAddress else { return needle.isEmpty }
        return memcmp(p + offset, q, needle.count) == 0
      }
    }
  }
}
