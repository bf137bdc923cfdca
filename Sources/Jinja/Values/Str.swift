import Glibc

public struct StrHeader {
  /// Bytes.
  @usableFromInline var count: Int
  /// Python-style hash cached; 0 means not computed yet.
  @usableFromInline var hash: Int
  /// Unicode scalars; -1 means not counted yet.
  @usableFromInline var scalarCount: Int
  /// Markup (escaped, safe for HTML) as `markupsafe.Markup`.
  @usableFromInline var isMarkup: Bool

  @inlinable init(count: Int, hash: Int, scalarCount: Int, isMarkup: Bool) {
    self.count = count
    self.hash = hash
    self.scalarCount = scalarCount
    self.isMarkup = isMarkup
  }
}

/// An immutable string: UTF-8 bytes in one allocation, with Python's semantics (a character is a Unicode scalar).
///
/// Hash and scalar count are computed when first asked for; `freeze()` computes them now, which is needed before a
/// string is shared between threads.
public final class Str: ManagedBuffer<StrHeader, UInt8> {
  /// Room for `count` bytes, filled by `fill`, which returns how many it wrote.
  @inlinable public static func make(
    capacity: Int, markup: Bool = false, _ fill: (UnsafeMutableBufferPointer<UInt8>) throws -> Int
  ) rethrows -> Str {
    let buffer = Str.create(minimumCapacity: capacity) { _ in
      StrHeader(count: 0, hash: 0, scalarCount: -1, isMarkup: markup)
    }
    let str = unsafeDowncast(buffer, to: Str.self)
    let written = try str.withUnsafeMutablePointers { header, bytes in
      try fill(UnsafeMutableBufferPointer(start: bytes, count: capacity))
    }
    str.header.count = written
    return str
  }

  @inlinable public static func make(_ bytes: UnsafeBufferPointer<UInt8>, markup: Bool = false) -> Str {
    make(capacity: bytes.count, markup: markup) { target in
      if let source = bytes.baseAddress, bytes.count > 0, let to = target.baseAddress {
        to.update(from: source, count: bytes.count)
      }
      return bytes.count
    }
  }

  @inlinable public static func make(_ text: String, markup: Bool = false) -> Str {
    var text = text
    return text.withUTF8 { make($0, markup: markup) }
  }

  @inlinable public static func make(_ bytes: [UInt8], markup: Bool = false) -> Str {
    bytes.withUnsafeBufferPointer { make($0, markup: markup) }
  }

  @inlinable public static func make(_ bytes: ArraySlice<UInt8>, markup: Bool = false) -> Str {
    bytes.withUnsafeBufferPointer { make($0, markup: markup) }
  }

  /// The empty string.
  nonisolated(unsafe) public static let empty: Str = {
    let str = Str.make("")
    str.freeze()
    return str
  }()

  /// Bytes of UTF-8.
  @inlinable public var count: Int { header.count }
  @inlinable public var isEmpty: Bool { header.count == 0 }
  @inlinable public var isMarkup: Bool { header.isMarkup }

  /// The same text as Markup, or as a plain string.
  public func marked(_ markup: Bool) -> Str {
    if header.isMarkup == markup { return self }
    return withUTF8 { Str.make($0, markup: markup) }
  }

  @inlinable public func withUTF8<R>(_ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
    try withUnsafeMutablePointers { header, bytes in
      try body(UnsafeBufferPointer(start: bytes, count: header.pointee.count))
    }
  }

  public var string: String { withUTF8 { String(decoding: $0, as: UTF8.self) } }
  public var bytes: [UInt8] { withUTF8 { Array($0) } }

  /// Unicode scalars: Python's `len`.
  public var scalarCount: Int {
    if header.scalarCount >= 0 { return header.scalarCount }
    let n = withUTF8 { bytes in
      var n = 0
      for byte in bytes where byte & 0xC0 != 0x80 { n += 1 }
      return n
    }
    header.scalarCount = n
    return n
  }

  public var isASCII: Bool { scalarCount == count }

  /// Equal bytes have equal hashes; never 0.
  public var hashCode: Int {
    if header.hash != 0 { return header.hash }
    var h: UInt64 = 0xcbf2_9ce4_8422_2325
    withUTF8 { bytes in
      // Eight bytes a step; mixing as in wyhash's final step keeps short keys well spread.
      var i = 0
      while i + 8 <= bytes.count {
        let word = UnsafeRawPointer(bytes.baseAddress! + i).loadUnaligned(as: UInt64.self)
        h = Str.mix(h ^ word)
        i += 8
      }
      var tail: UInt64 = 0
      while i < bytes.count {
        tail = tail << 8 | UInt64(bytes[i])
        i += 1
      }
      h = Str.mix(h ^ tail ^ (UInt64(bytes.count) << 56))
    }
    let value = Int(truncatingIfNeeded: h)
    header.hash = value == 0 ? 1 : value
    return header.hash
  }

  @inline(__always) private static func mix(_ x: UInt64) -> UInt64 {
    let (high, low) = x.multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
    return high ^ low
  }

  @inlinable public static func == (a: Str, b: Str) -> Bool {
    if a === b { return true }
    if a.header.count != b.header.count { return false }
    return a.withUTF8 { x in
      b.withUTF8 { y in
        guard let p = x.baseAddress, let q = y.baseAddress else { return true }
        return memcmp(p, q, x.count) == 0
      }
    }
  }

  /// Order by Unicode scalar, which is the order of the bytes.
  public static func compare(_ a: Str, _ b: Str) -> Int {
    a.withUTF8 { x in
      b.withUTF8 { y in
        let n = min(x.count, y.count)
        if n > 0, let p = x.baseAddress, let q = y.baseAddress {
          let order = memcmp(p, q, n)
          if order != 0 { return order < 0 ? -1 : 1 }
        }
        return x.count == y.count ? 0 : x.count < y.count ? -1 : 1
      }
    }
  }

  /// Computes what is lazy, so that threads may share the string.
  public func freeze() {
    _ = hashCode
    _ = scalarCount
  }
}
