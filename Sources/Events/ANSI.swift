import Glibc

/// Terminal colours in messages.
public enum ANSI {
  public static func green(_ text: String) -> String { "\u{1B}[32m\(text)\u{1B}[0m" }
  public static func yellow(_ text: String) -> String { "\u{1B}[33m\(text)\u{1B}[0m" }
  public static func red(_ text: String) -> String { "\u{1B}[31m\(text)\u{1B}[0m" }

  /// The text without colour sequences (`ESC [ … m`).
  public static func strip(_ text: String) -> String {
    guard mayHaveEscapes(text) else { return text }
    var out: [UInt8] = []
    let bytes = Array(text.utf8)
    var i = 0
    while i < bytes.count {
      if bytes[i] == 0x1B, i + 1 < bytes.count, bytes[i + 1] == UInt8(ascii: "[") {
        var j = i + 2
        while j < bytes.count, bytes[j] == UInt8(ascii: ";") || (0x30...0x39).contains(bytes[j]) { j += 1 }
        if j < bytes.count, bytes[j] == UInt8(ascii: "m") {
          i = j + 1
          continue
        }
      }
      out.append(bytes[i])
      i += 1
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// Every line of a log is asked: a search in memory is ten times faster than one byte by byte.
  private static func mayHaveEscapes(_ text: String) -> Bool {
    text.utf8.withContiguousStorageIfAvailable { bytes in
      bytes.baseAddress.map { memchr($0, 0x1B, bytes.count) != nil } ?? false
    } ?? text.utf8.contains(0x1B)
  }
}
