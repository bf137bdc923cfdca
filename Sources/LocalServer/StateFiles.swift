import Diagnostics
import Files
import Glibc

/// The files a server's state is kept in, with errors that say what could not be done to which.
enum StateFiles {
  /// What the last system call said no with, as a diagnostic.
  static func failure(_ action: String, _ path: String, _ code: Int32 = errno) -> Diagnostic {
    Diagnostic("server-state", .runtime, "Could not \(action) \(path): \(FileSystem.Failure(errno: code).reason).")
  }

  static func makeDirectories(_ path: String) throws {
    do { try FileSystem.makeDirectory(path) } catch { throw failure("make the folder", path, error.errno) }
  }

  /// The names in a folder, sorted; none when it can't be read.
  static func names(in path: String) -> [String] {
    ((try? FileSystem.list(path)) ?? []).map(\.name).sorted()
  }

  /// At most `limit` bytes of a file as text; nil when it can't be opened. The files of `/proc` have no size to go by, so
  /// `FileSystem.read` can't read them.
  static func read(_ path: String, limit: Int = 1 << 20) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return String(decoding: readAll(descriptor, limit: limit), as: UTF8.self)
  }

  static func readAll(_ descriptor: Int32, limit: Int = 1 << 20) -> [UInt8] {
    var out: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16384)
    while out.count < limit {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      out += buffer[..<count]
    }
    return out
  }

  /// The last `bytes` of a file.
  static func tail(_ path: String, bytes: Int) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let size = lseek(descriptor, 0, SEEK_END)
    lseek(descriptor, max(0, size - off_t(bytes)), SEEK_SET)
    return String(decoding: readAll(descriptor, limit: bytes), as: UTF8.self)
  }

  /// Replaces the file as a whole (`FileSystem.write`).
  static func write(_ text: String, to path: String, mode: mode_t = 0o666) throws {
    do { try FileSystem.write(Array(text.utf8), to: path, mode: mode) } catch {
      throw failure("write", path, error.errno)
    }
  }

  /// Removes a file, or a folder with all that is in it; links are removed, not followed.
  static func removeTree(_ path: String) throws {
    do { try FileSystem.remove(path) } catch { throw failure("remove", path, error.errno) }
  }
}
