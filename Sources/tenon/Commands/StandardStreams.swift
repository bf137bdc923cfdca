import Diagnostics
import Glibc

/// Bytes to standard output; errors of writing (a closed pipe) are nobody's business.
enum StandardOutput {
  static func write(_ bytes: UnsafeBufferPointer<UInt8>) { writeAll(1, bytes) }
  static func write(_ text: String) { write(Array(text.utf8)) }
  static func write(_ bytes: [UInt8]) { bytes.withUnsafeBufferPointer { write($0) } }
}

enum StandardError {
  static func write(_ text: String) { Array(text.utf8).withUnsafeBufferPointer { writeAll(2, $0) } }
}

private func writeAll(_ file: Int32, _ bytes: UnsafeBufferPointer<UInt8>) {
  guard var at = bytes.baseAddress else { return }
  var left = bytes.count
  while left > 0 {
    let written = Glibc.write(file, at, left)
    if written < 0 {
      if errno == EINTR { continue }
      return
    }
    at += written
    left -= written
  }
}

/// Lines of standard input.
struct StandardInput {
  private var buffer: [UInt8] = []
  private var at = 0
  private var isAtEnd = false

  /// The next line without its newline; nil at the end.
  mutating func readLine() -> [UInt8]? {
    var scanned = at
    while true {
      if let newline = buffer[scanned...].firstIndex(of: 0x0A) {
        defer { at = newline + 1 }
        return Array(buffer[at..<newline])
      }
      if isAtEnd {
        defer { at = buffer.count }
        return at < buffer.count ? Array(buffer[at...]) : nil
      }
      buffer.removeFirst(at)
      at = 0
      scanned = buffer.count
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      let count = Glibc.read(0, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { isAtEnd = true } else { buffer += chunk[..<count] }
    }
  }
}

/// Whole files as text.
enum TextFile {
  /// A file, or standard input for `-`.
  static func read(_ path: String) throws -> SourceText {
    guard let bytes = path == "-" ? all(0) : bytes(path) else {
      throw Diagnostic("file-unreadable", .usage, "\(path): \(String(cString: strerror(errno)))")
    }
    return SourceText(name: path == "-" ? "<stdin>" : path, utf8: bytes)
  }

  static func bytes(_ path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    return all(file)
  }

  private static func all(_ file: Int32) -> [UInt8]? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(file, &chunk, chunk.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        return nil
      }
      bytes += chunk[..<count]
    }
  }
}
