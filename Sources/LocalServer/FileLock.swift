import Diagnostics
import Glibc

/// An exclusive lock on a file, held while `body` runs; it ends with the process, however that ends.
enum FileLock {
  static func hold<Result>(_ path: String, seconds: Int = 120, _ body: () throws -> Result) throws -> Result {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw StateFiles.failure("open", path) }
    defer { close(descriptor) }
    var left = seconds * 20
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else { throw StateFiles.failure("lock", path) }
      guard left > 0 else {
        throw Diagnostic(
          "server-busy", .runtime, "Another tenon has been starting or stopping the server for \(seconds) seconds.",
          hint: "It holds \(path).")
      }
      left -= 1
      usleep(50_000)
    }
    return try body()
  }
}
