/// Rows in the text format of COPY (https://www.postgresql.org/docs/current/sql-copy.html), in one buffer that is
/// handed on when it is full.
final class CopyBuffer {
  private var start: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private(set) var count = 0
  /// How much is gathered before it is handed on.
  static let full = 256 * 1024

  init() {
    capacity = Self.full + 64 * 1024
    start = .allocate(capacity: capacity)
  }

  deinit { start.deallocate() }

  var isFull: Bool { count >= Self.full }
  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }
  func clear() { count = 0 }

  @inline(__always)
  func put(_ byte: UInt8) {
    reserve(1)
    start[count] = byte
    count += 1
  }

  /// The byte last put; what separates fields becomes what ends a row.
  func endRow() { start[count - 1] = 0x0A }

  func put(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let base = bytes.baseAddress else { return }
    reserve(bytes.count)
    (start + count).update(from: base, count: bytes.count)
    count += bytes.count
  }

  func put(_ text: StaticString) { put(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)) }

  func null() { put("\\N") }

  /// A text, with what COPY reads specially escaped.
  func escaped(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let base = bytes.baseAddress else { return }
    reserve(bytes.count * 2)
    let out = start + count
    var written = 0
    for i in 0..<bytes.count {
      let byte = base[i]
      if byte > 0x0D, byte != 0x5C {
        out[written] = byte
        written += 1
        continue
      }
      let letter: UInt8? =
        switch byte {
        case 0x5C: byte
        case 0x09: UInt8(ascii: "t")
        case 0x0A: UInt8(ascii: "n")
        case 0x0D: UInt8(ascii: "r")
        default: nil
        }
      if letter != nil {
        out[written] = 0x5C
        written += 1
      }
      out[written] = letter ?? byte
      written += 1
    }
    count += written
  }

  /// A number of at least so many digits.
  func digits(_ number: Int, _ width: Int) {
    reserve(width)
    var value = number
    for i in (0..<width).reversed() {
      start[count + i] = 0x30 + UInt8(value % 10)
      value /= 10
    }
    count += width
  }

  @inline(__always)
  private func reserve(_ more: Int) {
    if count + more > capacity { grow(more) }
  }

  private func grow(_ more: Int) {
    capacity = max(capacity * 2, count + more)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: start, count: count)
    start.deallocate()
    start = larger
  }
}
