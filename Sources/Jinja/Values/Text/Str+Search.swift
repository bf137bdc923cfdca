import Glibc

extension Str {
  /// The first place of `part` at or after byte `from`, ending by byte `to`.
  func byteRange(of part: Str, from: Int, to: Int) -> Int? {
    withUTF8 { bytes in part.withUTF8 { ByteSearch.first($0, in: bytes, from: from, to: to) } }
  }
}

/// Finding bytes within bytes. UTF-8 is self-synchronising: what matches bytes matches characters.
enum ByteSearch {
  static func first(
    _ part: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>, from: Int, to: Int
  ) -> Int? {
    guard from + part.count <= to else { return nil }
    guard let needle = part.baseAddress, part.count > 0, let hay = bytes.baseAddress else { return from }
    if part.count == 1 {
      guard let found = memchr(hay + from, Int32(needle[0]), to - from) else { return nil }
      return UnsafeRawPointer(found) - UnsafeRawPointer(hay)
    }
    var at = from
    let end = to - part.count + 1
    while at < end, let found = memchr(hay + at, Int32(needle[0]), end - at) {
      let place = UnsafeRawPointer(found) - UnsafeRawPointer(hay)
      if memcmp(hay + place, needle, part.count) == 0 { return place }
      at = place + 1
    }
    return nil
  }

  static func last(
    _ part: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>, from: Int, to: Int
  ) -> Int? {
    guard from + part.count <= to else { return nil }
    guard let needle = part.baseAddress, part.count > 0, let hay = bytes.baseAddress else { return to }
    var at = to - part.count
    while at >= from {
      if hay[at] == needle[0], memcmp(hay + at, needle, part.count) == 0 { return at }
      at -= 1
    }
    return nil
  }
}
