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
    guard let found = find(hay + from, to - from, needle, part.count) else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(hay)
  }

  static func last(
    _ part: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>, from: Int, to: Int
  ) -> Int? {
    guard from + part.count <= to else { return nil }
    guard let needle = part.baseAddress, part.count > 0, let hay = bytes.baseAddress else { return to }
    // A hash that rolls leftwards, so that long repetitive texts take linear time too.
    let base: UInt64 = 0x9E37_79B9_7F4A_7C15
    var wanted: UInt64 = 0
    var hash: UInt64 = 0
    var power: UInt64 = 1
    var at = to - part.count
    for i in stride(from: part.count - 1, through: 0, by: -1) {
      wanted = wanted &* base &+ UInt64(needle[i])
      hash = hash &* base &+ UInt64(hay[at + i])
      if i > 0 { power = power &* base }
    }
    while true {
      if hash == wanted, memcmp(hay + at, needle, part.count) == 0 { return at }
      if at == from { return nil }
      hash = (hash &- UInt64(hay[at + part.count - 1]) &* power) &* base &+ UInt64(hay[at - 1])
      at -= 1
    }
  }
}

/// glibc declares it only for GNU sources, which Swift's view of the headers is not. Linear in both lengths.
@_silgen_name("memmem")
private func find(
  _ hay: UnsafePointer<UInt8>, _ hayLength: Int, _ needle: UnsafePointer<UInt8>, _ needleLength: Int
) -> UnsafeMutableRawPointer?
