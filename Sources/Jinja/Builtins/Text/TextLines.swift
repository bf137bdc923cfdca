/// Lines as `str.splitlines` sees them.
enum TextLines {
  /// Where the line that starts at a byte ends, and where the next one starts. At the end of the text the next start
  /// is beyond it.
  static func next(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> (end: Int, next: Int) {
    var i = start
    while i < bytes.count {
      switch bytes[i] {
      case 0x0A, 0x0B, 0x0C, 0x1C, 0x1D, 0x1E: return (i, i + 1)
      case 0x0D: return (i, i + 1 < bytes.count && bytes[i + 1] == 0x0A ? i + 2 : i + 1)
      case 0xC2 where i + 1 < bytes.count && bytes[i + 1] == 0x85: return (i, i + 2)
      case 0xE2 where i + 2 < bytes.count && bytes[i + 1] == 0x80 && (bytes[i + 2] == 0xA8 || bytes[i + 2] == 0xA9):
        return (i, i + 3)
      default: i += 1
      }
    }
    return (i, bytes.count + 1)
  }
}
