import Glibc

/// Terminal colours in messages.
public enum ANSI {
  public static func green(_ text: String) -> String { "\u{1B}[32m\(text)\u{1B}[0m" }
  public static func yellow(_ text: String) -> String { "\u{1B}[33m\(text)\u{1B}[0m" }
  public static func red(_ text: String) -> String { "\u{1B}[31m\(text)\u{1B}[0m" }

  /// The text without colour sequences (`ESC [ … m`).
  public static func strip(_ text: String) -> String {
    var bytes = Array(text.utf8)
    let count = bytes.count
    strip(&bytes, from: 0)
    return bytes.count == count ? text : String(decoding: bytes, as: UTF8.self)
  }

  /// Takes colour sequences out of what follows `start`. Every line of a log is asked: a search in memory is ten times
  /// faster than one byte by byte.
  static func strip(_ bytes: inout [UInt8], from start: Int) {
    let count = bytes.count
    let end = bytes.withUnsafeMutableBytes { buffer -> Int in
      guard let base = buffer.baseAddress, count > start, memchr(base + start, 0x1B, count - start) != nil else {
        return count
      }
      var kept = start
      var i = start
      while i < count {
        if buffer[i] == 0x1B, i + 1 < count, buffer[i + 1] == UInt8(ascii: "[") {
          var j = i + 2
          while j < count, buffer[j] == UInt8(ascii: ";") || (0x30...0x39).contains(buffer[j]) { j += 1 }
          if j < count, buffer[j] == UInt8(ascii: "m") {
            i = j + 1
            continue
          }
        }
        buffer[kept] = buffer[i]
        kept += 1
        i += 1
      }
      return kept
    }
    bytes.removeLast(count - end)
  }
}
