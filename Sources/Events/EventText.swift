/// What an event says. Most are about a name and are read by nobody: those are put together while a line is written.
enum EventText: Sendable {
  case whole(String)
  /// A name with what stands before and after it.
  case about(StaticString, String, StaticString = "")

  var whole: String {
    switch self {
    case .whole(let text): return text
    case .about:
      var bytes: [UInt8] = []
      append(to: &bytes)
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  func append(to bytes: inout [UInt8]) {
    switch self {
    case .whole(let text): bytes.append(contentsOf: text.utf8)
    case .about(let before, let name, let after):
      bytes.append(contentsOf: UnsafeBufferPointer(start: before.utf8Start, count: before.utf8CodeUnitCount))
      bytes.append(contentsOf: name.utf8)
      bytes.append(contentsOf: UnsafeBufferPointer(start: after.utf8Start, count: after.utf8CodeUnitCount))
    }
  }
}
