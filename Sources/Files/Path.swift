import Glibc

/// Paths as text, with `/` between parts, by the rules of Python's `os.path`.
public enum Path {
  /// `os.path.join`: an absolute second part replaces the first.
  public static func join(_ first: String, _ rest: String...) -> String {
    var path = first
    for part in rest {
      if part.hasPrefix("/") || path.isEmpty {
        path = part
      } else {
        path += path.hasSuffix("/") ? part : "/" + part
      }
    }
    return path
  }

  /// `os.path.normpath`: no `.`, no doubled slashes, `..` taken back where that is possible.
  public static func normalized(_ path: String) -> String {
    if isNormal(path) { return path }
    let absolute = path.utf8.first == slash
    var parts: [Substring] = []
    for part in path.utf8.split(separator: slash).map(Substring.init) where part != "." {
      if part != ".." {
        parts.append(part)
      } else if let last = parts.last, last != ".." {
        parts.removeLast()
      } else if !absolute {
        parts.append(part)
      }
    }
    let joined = parts.joined(separator: "/")
    return absolute ? "/" + joined : joined.isEmpty ? "." : joined
  }

  /// Whether no part is empty or has only dots, so that there is nothing to change.
  private static func isNormal(_ path: String) -> Bool {
    guard !path.isEmpty else { return false }
    var isDots = path.utf8.first != slash
    for byte in path.utf8 {
      if byte == slash {
        if isDots { return false }
        isDots = true
      } else if byte != UInt8(ascii: ".") {
        isDots = false
      }
    }
    return !isDots
  }

  private static let slash = UInt8(ascii: "/")

  /// `os.path.abspath`.
  public static func absolute(_ path: String, from directory: String? = nil) -> String {
    normalized(join(directory ?? workingDirectory, path))
  }

  /// The last part: `c.sql` of `a/b/c.sql`.
  public static func name(_ path: String) -> String {
    path.utf8.lastIndex(of: slash).map { String(path[path.utf8.index(after: $0)...]) } ?? path
  }

  /// All but the last part; empty for a bare name.
  public static func parent(_ path: String) -> String {
    guard let last = path.utf8.lastIndex(of: slash) else { return "" }
    return last == path.startIndex ? "/" : String(path[..<last])
  }

  /// `path` as seen from `base`, both absolute and normal; the path itself when it does not lie below.
  public static func relative(_ path: String, to base: String) -> String {
    if path == base { return "." }
    let prefix = base.hasSuffix("/") ? base : base + "/"
    return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
  }

  /// `~` and `~/x` with the user's home folder.
  public static func expandingHome(_ path: String, environment: [String: String]) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = environment["HOME"] else { return path }
    return home + path.dropFirst()
  }

  public static var workingDirectory: String {
    guard let buffer = getcwd(nil, 0) else { return "." }
    defer { free(buffer) }
    return String(cString: buffer)
  }
}
