import Diagnostics
import Glibc

/// Files that appear whole or not at all: written under a temporary name beside the place, then renamed
/// (POSIX rename replaces atomically).
public enum AtomicFile {
  public static func write(_ bytes: [UInt8], to path: String) throws {
    try bytes.withUnsafeBytes { try write([$0], to: path) }
  }

  public static func write(_ parts: [UnsafeRawBufferPointer], to path: String) throws {
    let temporary = "\(path).\(getpid()).\(pthread_self()).tmp"
    var descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    if descriptor < 0, errno == ENOENT, let slash = path.lastIndex(of: "/") {
      makeDirectories(String(path[..<slash]))
      descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    }
    guard descriptor >= 0 else { throw failure("write", path) }
    for part in parts {
      var done = 0
      while done < part.count {
        let n = Glibc.write(descriptor, part.baseAddress! + done, part.count - done)
        if n < 0 {
          if errno == EINTR { continue }
          let error = failure("write", path)
          close(descriptor)
          unlink(temporary)
          throw error
        }
        done += n
      }
    }
    close(descriptor)
    guard rename(temporary, path) == 0 else {
      let error = failure("replace", path)
      unlink(temporary)
      throw error
    }
  }

  public static func makeDirectories(_ path: String) {
    guard !path.isEmpty, mkdir(path, 0o777) != 0, errno == ENOENT, let slash = path.lastIndex(of: "/") else { return }
    makeDirectories(String(path[..<slash]))
    mkdir(path, 0o777)
  }

  private static func failure(_ verb: String, _ path: String) -> ExecutionError {
    ExecutionError(.runtime, "Could not \(verb) '\(path)': \(String(cString: strerror(errno)))")
  }
}
