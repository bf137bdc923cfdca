/// Fully qualified names: the package, the folders, the name. Selection and configuration go by them.
public enum FQN {
  /// `[package, folders of the path…]`; the path is relative to the resource folder and the file name is dropped.
  public static func prefix(package: String, path: String) -> [String] {
    var parts = [package]
    append(path, to: &parts)
    if parts.count > 1 { parts.removeLast() }
    return parts
  }

  /// Models, seeds, analyses, singular tests, functions, hooks, exposures, metrics, groups, semantic models, saved
  /// queries: folders of the file (for resources of properties files: of that file), then the name.
  public static func of(package: String, path: String, name: String) -> [String] {
    var parts = [package]
    append(path, to: &parts)
    if parts.count > 1 { parts[parts.count - 1] = name } else { parts.append(name) }
    return parts
  }

  /// A version of a model: the model's name in place of the file's, then `v2`.
  public static func versionedModel(_ fqnOfFile: [String], name: String, version: NodeVersion) -> [String] {
    fqnOfFile.dropLast() + [name, "v\(version.text)"]
  }

  /// Snapshots of SQL files include the file's name without extension; those of properties files are like models.
  public static func sqlSnapshot(package: String, path: String, name: String) -> [String] {
    [package] + split(withoutExtension(path)) + [name]
  }

  public static func source(package: String, path: String, source: String, table: String) -> [String] {
    prefix(package: package, path: path) + [source, table]
  }

  /// A generic test goes by the properties file's path below its first folder.
  /// - Parameters:
  ///   - propertiesPath: original file path of the properties file, `models/staging/schema.yml`.
  ///   - name: the test's full name.
  public static func genericTest(package: String, propertiesPath: String, name: String) -> [String] {
    genericTestFolders(package: package, propertiesPath: propertiesPath) + [name]
  }

  /// The same for all tests of a file, but for their names.
  public static func genericTestFolders(package: String, propertiesPath: String) -> [String] {
    prefix(package: package, path: belowFirstFolder(propertiesPath))
  }

  /// `models/staging/schema.yml`: package, staging, model, test.
  public static func unitTest(package: String, propertiesPath: String, model: String, name: String) -> [String] {
    prefix(package: package, path: belowFirstFolder(propertiesPath)) + [model, name]
  }

  private static func belowFirstFolder(_ path: String) -> String {
    guard let slash = path.utf8.firstIndex(of: UInt8(ascii: "/")) else { return path }
    return String(path[path.index(after: slash)...])
  }

  static func split(_ path: String) -> [String] {
    var parts: [String] = []
    append(path, to: &parts)
    return parts
  }

  /// Adds the parts of a path that are not empty.
  private static func append(_ path: String, to parts: inout [String]) {
    var path = path
    path.withUTF8 { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        if end > rest.startIndex { parts.append(String(decoding: rest[..<end], as: UTF8.self)) }
        rest = rest[end...].dropFirst()
      }
    }
  }

  /// Python's `os.path.splitext`: leading dots of the file name are no extension.
  static func withoutExtension(_ path: String) -> String {
    let start = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) } ?? path.startIndex
    guard let dot = path.utf8[start...].lastIndex(of: UInt8(ascii: ".")) else { return path }
    if path.utf8[start..<dot].allSatisfy({ $0 == UInt8(ascii: ".") }) { return path }
    return String(path[..<dot])
  }
}
