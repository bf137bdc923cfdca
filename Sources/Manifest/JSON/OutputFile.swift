import Diagnostics
import Glibc

/// A file written next to its place and put there when complete, so that readers never see half of it.
public final class OutputFile {
  private let path: String
  private let temporary: String
  private var descriptor: Int32

  public init(_ path: String) throws(Diagnostic) {
    self.path = path
    temporary = path + ".part-\(getpid())"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw Self.problem(path) }
  }

  deinit {
    if descriptor >= 0 {
      close(descriptor)
      unlink(temporary)
    }
  }

  public func write(_ bytes: UnsafeRawBufferPointer) throws(Diagnostic) {
    var done = 0
    while done < bytes.count {
      let written = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
      if written < 0 {
        if errno == EINTR { continue }
        throw Self.problem(path)
      }
      done += written
    }
  }

  /// Puts the file in its place; without, nothing is left of it.
  public func finish() throws(Diagnostic) {
    let failed = close(descriptor) != 0
    descriptor = -1
    if failed || rename(temporary, path) != 0 {
      let problem = Self.problem(path)
      unlink(temporary)
      throw problem
    }
  }

  private static func problem(_ path: String) -> Diagnostic {
    Diagnostic("write-file", .runtime, "Could not write \(path): \(String(cString: strerror(errno)))")
  }
}
