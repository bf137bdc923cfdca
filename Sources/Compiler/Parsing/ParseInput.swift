import Diagnostics
import Manifest

/// What kind of thing a file of a project is.
public enum FileKind: Sendable {
  case model, analysis, seed, snapshot, macro, genericTest, singularTest, docs, properties, fixture, function
}

/// One file to parse.
public struct ParseFile: Sendable {
  public var kind: FileKind
  /// Relative to the folder it was found under, which becomes the node's `path`: `staging/stg_orders.sql`.
  public var path: String
  /// Relative to the package's root: `models/staging/stg_orders.sql`.
  public var originalPath: String
  public var source: SourceText
  public var checksum: Checksum

  public init(kind: FileKind, path: String, originalPath: String, source: SourceText, checksum: Checksum) {
    self.kind = kind
    self.path = path
    self.originalPath = originalPath
    self.source = source
    self.checksum = checksum
  }

  /// Whether a node's code is this file's text, all of it.
  func isAll(of node: Node) -> Bool {
    source.name == node.originalFilePath && path == node.path && source.utf8.count == node.rawCode.utf8.count
  }

  /// The file's name without folders and ending.
  public var name: String {
    let last = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[path.utf8.index(after: $0)...] } ?? path[...]
    guard let dot = last.utf8.lastIndex(of: UInt8(ascii: ".")), dot != last.startIndex else { return String(last) }
    return String(last[..<dot])
  }
}

/// One package (the root project is one too): its files and what its dbt_project.yml says of parsing.
public struct ParsePackage: Sendable {
  public var name: String
  /// Absolute.
  public var root: String
  /// The packages with the built-in macros: their macros are found last.
  public var isInternal: Bool
  public var files: [ParseFile]
  public var onRunStart: [String]
  public var onRunEnd: [String]

  public init(
    name: String, root: String, isInternal: Bool = false, files: [ParseFile], onRunStart: [String] = [],
    onRunEnd: [String] = []
  ) {
    self.name = name
    self.root = root
    self.isInternal = isInternal
    self.files = files
    self.onRunStart = onRunStart
    self.onRunEnd = onRunEnd
  }
}
