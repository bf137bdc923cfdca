import Glibc

extension FileSystem {
  /// What the path leads to, links followed (`stat`); nil when it leads nowhere.
  public static func status(_ path: String) -> stat? {
    var info = stat()
    return stat(path, &info) == 0 ? info : nil
  }

  /// The path itself, a link not followed (`lstat`).
  public static func linkStatus(_ path: String) -> stat? {
    var info = stat()
    return lstat(path, &info) == 0 ? info : nil
  }

  /// What is at a path, links followed; nil when nothing is.
  public static func kind(_ path: String) -> Kind? {
    switch status(path).map({ $0.st_mode & S_IFMT }) {
    case nil: return nil
    case S_IFREG: return .file
    case S_IFDIR: return .directory
    default: return .other
    }
  }

  public static func exists(_ path: String) -> Bool { kind(path) != nil }
  public static func isFile(_ path: String) -> Bool { kind(path) == .file }
  public static func isDirectory(_ path: String) -> Bool { kind(path) == .directory }

  /// Whether this process may execute the file; folders are none.
  public static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 && !isDirectory(path) }

  /// Bytes of a file's content without reading it.
  public static func size(_ path: String) -> Int? { status(path)?.st_size }

  /// The absolute path without links; the path as it is when it does not exist.
  public static func canonical(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
