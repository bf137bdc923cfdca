/// Where compiled and run files go, and the paths of resources that have no file of their own.
public enum NodePaths {
  /// A generic test's pretended file.
  public static func genericTest(shortName: String) -> String { "\(shortName).sql" }

  /// A hook's pretended file.
  public static func hook(name: String) -> String { "hooks/\(name).sql" }

  /// Relative to the target folder: `compiled/shop/models/orders.sql`. A resource that shares its file with others
  /// (a test in a properties file, a snapshot) gets a folder named after the file.
  public static func target(_ node: Node, subfolder: String, suffix: String? = nil) -> String {
    // Asked for every compiled file: without a suffix the parts go into one text as they are.
    let sharesFile = !haveSameLastPart(node.path, node.originalFilePath)
    var out = ""
    out.reserveCapacity(
      subfolder.utf8.count + node.packageName.utf8.count + node.originalFilePath.utf8.count + node.path.utf8.count + 4)
    out += subfolder
    out += "/"
    out += node.packageName
    out += "/"
    guard let suffix else {
      out += node.originalFilePath
      if sharesFile {
        out += "/"
        out += node.path
      }
      return out
    }
    let path = sharesFile ? "\(node.originalFilePath)/\(node.path)" : node.originalFilePath
    let bare = FQN.withoutExtension(path)
    let ending = path.utf8.dropFirst(bare.utf8.count)
    return out + "\(bare)/\(lastPart(bare))_\(suffix)" + String(decoding: Array(ending), as: UTF8.self)
  }

  private static func haveSameLastPart(_ a: String, _ b: String) -> Bool {
    func compare(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
      var (i, j) = (a.count, b.count)
      let slash = UInt8(ascii: "/")
      while true {
        let (endOfA, endOfB) = (i == 0 || a[i - 1] == slash, j == 0 || b[j - 1] == slash)
        if endOfA || endOfB { return endOfA && endOfB }
        if a[i - 1] != b[j - 1] { return false }
        i -= 1
        j -= 1
      }
    }
    return a.utf8.withContiguousStorageIfAvailable { a in
      b.utf8.withContiguousStorageIfAvailable { b in compare(a, b) }
    }.flatMap { $0 } ?? (lastPart(a) == lastPart(b))
  }

  static func lastPart(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return String(path[path.index(after: slash)...])
  }
}
