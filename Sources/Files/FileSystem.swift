import Diagnostics
import Glibc

/// Reading files and folders with plain system calls.
public enum FileSystem {
  public enum Kind: Sendable { case file, directory, other }

  /// What a system call said no with.
  public struct Failure: Error, Sendable {
    public var errno: Int32
    public init(errno: Int32) { self.errno = errno }
    public var reason: String { String(cString: strerror(errno)) }
  }

  /// A whole file.
  public static func read(_ path: String) throws(Failure) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(errno: errno) }
    defer { close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { throw Failure(errno: errno) }
    guard info.st_mode & S_IFMT == S_IFREG else {
      throw Failure(errno: info.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
    }
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: max(1, info.st_size)) { buffer, count in
      count = 0
      while count < buffer.count {
        let got = Glibc.read(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { break }
        count += got
      }
    }
    if failure != 0 { throw Failure(errno: failure) }
    return bytes
  }

  /// The entries of a folder, `.` and `..` left out, in the order of the disk.
  public static func list(_ path: String) throws(Failure) -> [(name: String, kind: EntryKind)] {
    guard let directory = opendir(path) else { throw Failure(errno: errno) }
    defer { closedir(directory) }
    var out: [(name: String, kind: EntryKind)] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      let kind: EntryKind
      switch Int(entry.pointee.d_type) {
      case Int(DT_REG): kind = .file
      case Int(DT_DIR): kind = .directory
      case Int(DT_LNK): kind = .link
      case Int(DT_UNKNOWN): kind = classify(Path.join(path, name))
      default: kind = .other
      }
      out.append((name, kind))
    }
    return out
  }

  /// What an entry is without following links.
  public enum EntryKind: Sendable { case file, directory, link, other }

  private static func classify(_ path: String) -> EntryKind {
    switch linkStatus(path).map({ $0.st_mode & S_IFMT }) {
    case S_IFREG: return .file
    case S_IFDIR: return .directory
    case S_IFLNK: return .link
    default: return .other
    }
  }

  /// A file as UTF-8 source text under the name users know it by.
  public static func source(_ path: String, name: String) throws(Diagnostic) -> SourceText {
    do {
      return SourceText(name: name, utf8: try read(path))
    } catch {
      throw unreadable(name, error)
    }
  }

  public static func unreadable(_ name: String, _ failure: Failure) -> Diagnostic {
    Diagnostic("unreadable-file", .runtime, "\(name) can't be read: \(failure.reason)")
  }

  /// Replaces a file's content as a whole: a reader sees the old or the new, never a part (POSIX `rename` replaces
  /// atomically). Missing folders are made.
  public static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o666) throws(Failure) {
    try bytes.withUnsafeBytes { bytes in
      Result { () throws(Failure) in try write(bytes, to: path, mode: mode) }
    }.get()
  }

  public static func write(_ bytes: UnsafeRawBufferPointer, to path: String, mode: mode_t = 0o666) throws(Failure) {
    // A name no other process or thread writes to.
    let temporary = "\(path).\(getpid()).\(pthread_self()).tmp"
    do throws(Failure) {
      try overwrite(bytes, at: temporary, mode: mode)
      if rename(temporary, path) != 0 { throw Failure(errno: errno) }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Writes a file in its place, which is twice as fast: for files of which there are thousands and which nothing
  /// reads back. Missing folders are made.
  public static func overwrite(_ text: String, at path: String) throws(Failure) {
    var text = text
    try text.withUTF8 { bytes in
      Result { () throws(Failure) in try overwrite(UnsafeRawBufferPointer(bytes), at: path, mode: 0o666, spreads: true)
      }
    }.get()
  }

  private static func overwrite(
    _ bytes: UnsafeRawBufferPointer, at path: String, mode: mode_t, spreads: Bool = false
  ) throws(Failure) {
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
    var descriptor = open(path, flags, mode)
    if descriptor < 0, errno == ENOENT {
      try makeDirectory(Path.parent(path), spreads: spreads)
      descriptor = open(path, flags, mode)
    }
    guard descriptor >= 0 else { throw Failure(errno: errno) }
    var failure = writeAll(bytes, to: descriptor)
    if close(descriptor) != 0, failure == 0 { failure = errno }
    if failure != 0 { throw Failure(errno: failure) }
  }

  /// All of the bytes to an open file. 0, or the `errno` of what stopped it.
  public static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var written = 0
    while written < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
      if count >= 0 { written += count } else if errno != EINTR { return errno }
    }
    return 0
  }

  /// `mkdir -p`. As with files, the process's umask says who may do what there.
  /// - Parameter spreads: whether thousands of files come into it, written anew by every run.
  public static func makeDirectory(_ path: String, spreads: Bool = false) throws(Failure) {
    if isDirectory(path) { return }
    let parent = Path.parent(path)
    if !parent.isEmpty, parent != path { try makeDirectory(parent, spreads: spreads) }
    if mkdir(path, 0o777) != 0 {
      if errno != EEXIST { throw Failure(errno: errno) }
    } else if spreads {
      DirectoryHints.spread(path)
    }
  }

  /// Removes a file, a link (not what it points to) or a folder with all below.
  public static func remove(_ path: String) throws(Failure) {
    guard let info = linkStatus(path) else {
      if errno == ENOENT { return }
      throw Failure(errno: errno)
    }
    if info.st_mode & S_IFMT == S_IFDIR {
      for entry in try list(path) { try remove(Path.join(path, entry.name)) }
      if rmdir(path) != 0 { throw Failure(errno: errno) }
    } else if unlink(path) != 0 {
      throw Failure(errno: errno)
    }
  }
}
