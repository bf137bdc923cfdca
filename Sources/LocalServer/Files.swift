import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The few file operations a server's state needs, straight on the system's calls.
enum Files {
  static func failure(_ action: String, _ path: String) -> Diagnostic {
    Diagnostic("server-state", .runtime, "Could not \(action) \(path): \(String(cString: strerror(errno))).")
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 && !isDirectory(path) }

  static func isDirectory(_ path: String) -> Bool {
    status(path).map { ($0.st_mode & S_IFMT) == S_IFDIR } ?? false
  }

  /// What the path leads to; nil when it leads nowhere.
  static func status(_ path: String) -> stat? {
    var info = stat()
    return stat(path, &info) == 0 ? info : nil
  }

  /// The path itself, a link not followed.
  static func linkStatus(_ path: String) -> stat? {
    var info = stat()
    return lstat(path, &info) == 0 ? info : nil
  }

  /// The absolute path without links; the path as it is when it does not exist.
  static func canonical(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// The path with every missing folder made.
  static func makeDirectories(_ path: String, mode: mode_t = 0o755) throws {
    if isDirectory(path) { return }
    let parent = parentDirectory(path)
    if parent != path { try makeDirectories(parent, mode: mode) }
    if mkdir(path, mode) != 0, errno != EEXIST { throw failure("make the folder", path) }
  }

  static func parentDirectory(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The names in a folder, sorted; none when it can't be read.
  static func names(in path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

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
      let count = systemRead(descriptor, &buffer, buffer.count)
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

  /// Written to a temporary name and renamed: readers see the old or the new content.
  static func write(_ text: String, to path: String, mode: mode_t = 0o644) throws {
    let temporary = "\(path).\(getpid()).\(UInt32.random(in: .min ... .max)).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw failure("write", path) }
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let error = failure("write", path)
        close(descriptor)
        unlink(temporary)
        throw error
      }
      bytes = bytes.dropFirst(count)
    }
    fchmod(descriptor, mode)
    close(descriptor)
    guard rename(temporary, path) == 0 else { throw failure("write", path) }
  }

  /// Removes a file, or a folder with all that is in it; links are removed, not followed.
  static func removeTree(_ path: String) throws {
    guard let info = linkStatus(path) else { return }
    if (info.st_mode & S_IFMT) == S_IFDIR {
      for name in names(in: path) { try removeTree("\(path)/\(name)") }
      guard rmdir(path) == 0 else { throw failure("remove", path) }
    } else {
      guard unlink(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
    }
  }
}

// Inside `Files` these names are taken.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}

private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, buffer, count)
}
