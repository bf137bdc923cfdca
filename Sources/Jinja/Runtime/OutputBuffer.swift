import Glibc

/// Bytes being written by a rendering: one growing allocation, used as a stack by what captures output.
///
/// A macro's or a block set's output is written at the end of the same buffer and cut off again as a `Str`, so that
/// capturing costs no buffer of its own.
public final class OutputBuffer {
  @usableFromInline var base: UnsafeMutablePointer<UInt8>
  /// Bytes that may be written without a call of `grow`: what is allocated, or the limit if that is less. Memory kept
  /// from an earlier rendering may be larger than this one's limit.
  @usableFromInline var capacity: Int
  private var allocated: Int
  /// Bytes written.
  public private(set) var count = 0
  /// Writing past this many bytes fails; a limit against runaway templates.
  public var limit = Int.max { didSet { capacity = min(allocated, limit) } }
  /// Set once `limit` was passed; the interpreter turns it into an error at the next statement.
  public private(set) var overflowed = false

  public init(capacity: Int = 4096) {
    allocated = max(capacity, 64)
    self.capacity = allocated
    base = .allocate(capacity: allocated)
  }

  deinit { base.deallocate() }

  @inline(never) private func grow(_ extra: Int) {
    if count + extra > limit {
      // Nothing more is kept: the rendering has failed already.
      overflowed = true
      count = 0
    }
    guard count + extra > allocated else { return }
    while allocated < count + extra { allocated *= 2 }
    let bigger = UnsafeMutablePointer<UInt8>.allocate(capacity: allocated)
    bigger.update(from: base, count: count)
    base.deallocate()
    base = bigger
    capacity = min(allocated, limit)
  }

  /// Room for `extra` more bytes at the returned place; `advance` says how many were used.
  @inline(__always) public func reserve(_ extra: Int) -> UnsafeMutablePointer<UInt8> {
    if count &+ extra > capacity { grow(extra) }
    return base + count
  }
  @inline(__always) public func advance(_ used: Int) { count &+= used }

  @inline(__always) public func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress, bytes.count > 0 else { return }
    memcpy(reserve(bytes.count), source, bytes.count)
    count &+= bytes.count
  }
  @inline(__always) public func append(_ source: UnsafePointer<UInt8>, _ length: Int) {
    memcpy(reserve(length), source, length)
    count &+= length
  }
  @inline(__always) public func append(_ text: Str) { text.withUTF8 { append($0) } }
  @inline(__always) public func append(_ byte: UInt8) {
    reserve(1).pointee = byte
    count &+= 1
  }
  public func append(_ text: StaticString) { append(text.utf8Start, text.utf8CodeUnitCount) }
  public func append(_ text: String) {
    var text = text
    text.withUTF8 { append($0) }
  }

  /// A number in decimal.
  @_disfavoredOverload public func append(_ number: Int) {
    let end = reserve(20) + 20
    var at = end
    var rest = number.magnitude
    repeat {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      at -= 1
      at.pointee = 0x30 + UInt8(truncatingIfNeeded: digit)
      rest = quotient
    } while rest != 0
    let start = base + count
    var length = end - at
    if number < 0 {
      memmove(start + 1, at, length)
      start.pointee = 0x2D
      length += 1
    } else {
      memmove(start, at, length)
    }
    count &+= length
  }

  /// The bytes from `start` to the end as a string; the buffer is cut back to `start`.
  public func cut(from start: Int, markup: Bool = false) -> Str {
    guard start < count else { return markup ? Str.make("", markup: true) : Str.empty }
    let text = Str.make(UnsafeBufferPointer(start: base + start, count: count - start), markup: markup)
    count = start
    return text
  }
  /// Forgets everything after `start`.
  public func truncate(to start: Int) { count = min(count, start) }

  /// Everything written, which is forgotten here.
  public func take() -> Str { cut(from: 0) }

  /// Ready for another rendering, its memory kept.
  func reset() {
    count = 0
    limit = .max
    overflowed = false
  }

  public func withUTF8<R>(_ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
    try body(UnsafeBufferPointer(start: base, count: count))
  }
}
