import Diagnostics

/// The source of a document's nodes; turns libyaml's character indices into byte offsets.
///
/// `@unchecked Sendable`: only the thread that builds the document changes it.
final class YAMLOrigin: @unchecked Sendable {
  let source: SourceText
  /// Some mapping has a key twice.
  var hasDuplicates = false
  /// Byte offset of every 256th character; empty when all are ASCII and the two counts are the same.
  private let checkpoints: [UInt32]
  private static let stride = 256

  init(_ source: SourceText) {
    self.source = source
    checkpoints = source.utf8.withUnsafeBufferPointer { bytes in
      guard bytes.contains(where: { $0 >= 0x80 }) else { return [] }
      var points: [UInt32] = []
      var characters = 0
      for (offset, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 {
        if characters % Self.stride == 0 { points.append(UInt32(truncatingIfNeeded: offset)) }
        characters += 1
      }
      return points
    }
  }

  func offset(of character: Int) -> Int {
    guard !checkpoints.isEmpty else { return min(character, source.utf8.count) }
    let point = min(character / Self.stride, checkpoints.count - 1)
    var left = character - point * Self.stride
    var offset = Int(checkpoints[point])
    let bytes = source.utf8
    while left > 0, offset < bytes.count {
      offset += 1
      while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
      left -= 1
    }
    return offset
  }

  func range(from start: Int, to end: Int) -> SourceRange {
    let first = offset(of: start)
    return SourceRange(source: source, offsets: first..<max(first, offset(of: end)))
  }
}
