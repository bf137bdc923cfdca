/// Where compiled and run files go, and the paths of resources that have no file of their own.
public enum NodePaths {
  /// A generic test's pretended file.
  public static func genericTest(shortName: String) -> String { "\(shortName).sql" }

  /// A hook's pretended file.
  public static func hook(name: String) -> String { "hooks/\(name).sql" }

  /// Relative to the target folder: `compiled/shop/models/orders.sql`. A resource that shares its file with others
  /// (a test in a properties file, a snapshot) gets a folder named after the file.
  public static func target(_ node: Node, subfolder: String, suffix: String? = nil) -> String {
    var path = node.originalFilePath
    if lastPart(node.path) != lastPart(node.originalFilePath) { path += "/" + node.path }
    if let suffix {
      let bare = FQN.withoutExtension(path)
      let ending = path.utf8.dropFirst(bare.utf8.count)
      path = "\(bare)/\(lastPart(bare))_\(suffix)" + String(decoding: Array(ending), as: UTF8.self)
    }
    return "\(subfolder)/\(node.packageName)/\(path)"
  }

  static func lastPart(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return String(path[path.index(after: slash)...])
  }
}
