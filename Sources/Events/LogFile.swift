import Files
import Glibc

/// The log file: opened for appending, rotated when large, always written in whole lines.
///
/// A burst of lines is held back for at most so long as it lasts, because a `write` a line costs more than the work the
/// line tells of. What somebody may be waiting to see is written at once.
struct LogFile {
  private var descriptor: Int32 = -1
  private var held: [UInt8] = []
  private var lastWrite = 0.0

  /// Bytes held back at the most.
  private static let capacity = 32 * 1024
  /// Seconds after the last write during which lines are held back.
  private static let burst = 0.05

  /// Whether `open` was called; a file that could not be opened is not tried again for every line.
  private(set) var isOpened = false

  /// Opens the file, making its folders. One of at least `maximum` bytes is first renamed to `PATH.1`; five old files
  /// are kept (dbt's `--log-file-max-bytes`). 0 is no maximum.
  mutating func open(_ path: String, maximum: Int) {
    isOpened = true
    if maximum > 0, let size = FileSystem.size(path), size >= maximum {
      for i in stride(from: 4, through: 1, by: -1) { rename("\(path).\(i)", "\(path).\(i + 1)") }
      rename(path, "\(path).1")
    }
    try? FileSystem.makeDirectory(Path.parent(path))
    descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
  }

  mutating func append(_ lines: [UInt8], atOnce: Bool) {
    guard descriptor >= 0 else { return }
    held += lines
    let now = monotonicSeconds()
    if atOnce || held.count >= Self.capacity || now - lastWrite > Self.burst {
      flush()
      lastWrite = now
    }
  }

  mutating func flush() {
    guard descriptor >= 0, !held.isEmpty else { return }
    Self.write(descriptor, held)
    held.removeAll(keepingCapacity: true)
  }

  mutating func close() {
    flush()
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
    self = LogFile()
  }

  /// All of the bytes; what can't be written (a closed pipe, a full disk) is dropped: a log must not stop the work.
  static func write(_ descriptor: Int32, _ bytes: [UInt8]) {
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let n = Glibc.write(descriptor, buffer.baseAddress! + done, buffer.count - done)
        if n > 0 { done += n } else if errno != EINTR && errno != EAGAIN { return }
      }
    }
  }
}
