import Glibc

/// Bytes written one after the other into memory that grows in place where the system can do that: an array of bytes
/// would check more for each and hold the old and the new room at once while it grows.
struct ByteBuffer: ~Copyable {
  private var start: UnsafeMutablePointer<UInt8>
  private var count = 0
  private var capacity: Int

  init(capacity: Int) {
    self.capacity = max(capacity, 64)
    start = Self.room(nil, self.capacity)
  }

  deinit { free(start) }

  /// Valid until the next change.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

  /// Keeps the room.
  mutating func removeAll() { count = 0 }

  @inline(__always) mutating func append(_ byte: UInt8) {
    if count == capacity { grow(1) }
    start[count] = byte
    count += 1
  }

  @inline(__always) mutating func append(_ first: UInt8, _ second: UInt8) {
    if count + 2 > capacity { grow(2) }
    start[count] = first
    start[count + 1] = second
    count += 2
  }

  @inline(__always) mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
    if count + bytes.count > capacity { grow(bytes.count) }
    memcpy(start + count, source, bytes.count)
    count += bytes.count
  }

  /// Room for so many bytes behind the last; `advance` says how many were put there.
  @inline(__always) mutating func room(_ more: Int) -> UnsafeMutablePointer<UInt8> {
    if count + more > capacity { grow(more) }
    return start + count
  }

  @inline(__always) mutating func advance(_ more: Int) { count += more }

  private mutating func grow(_ more: Int) {
    capacity = max(capacity * 2, count + more)
    start = Self.room(start, capacity)
  }

  private static func room(_ old: UnsafeMutablePointer<UInt8>?, _ capacity: Int) -> UnsafeMutablePointer<UInt8> {
    guard let room = realloc(old, capacity) else { preconditionFailure("out of memory") }
    return room.assumingMemoryBound(to: UInt8.self)
  }
}
