/// What an event says. Most are about a name and are read by nobody: those are put together while a line is written.
enum EventText: Sendable {
  case whole(String)
  /// A name with what stands before and after it.
  case about(StaticString, String, StaticString = "")
  /// Two names.
  case between(StaticString, String, StaticString, String, StaticString)

  var whole: String {
    switch self {
    case .whole(let text): return text
    case .about, .between:
      var bytes: [UInt8] = []
      append(to: &bytes)
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  func append(to bytes: inout [UInt8]) {
    switch self {
    case .whole(let text): Self.put(text, &bytes)
    case .about(let before, let name, let after):
      Self.put(before, &bytes)
      Self.put(name, &bytes)
      Self.put(after, &bytes)
    case .between(let before, let first, let middle, let second, let after):
      Self.put(before, &bytes)
      Self.put(first, &bytes)
      Self.put(middle, &bytes)
      Self.put(second, &bytes)
      Self.put(after, &bytes)
    }
  }

  private static func put(_ text: StaticString, _ bytes: inout [UInt8]) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private static func put(_ text: String, _ bytes: inout [UInt8]) {
    if text.utf8.withContiguousStorageIfAvailable({ bytes.append(contentsOf: $0) }) == nil {
      bytes.append(contentsOf: text.utf8)
    }
  }
}
