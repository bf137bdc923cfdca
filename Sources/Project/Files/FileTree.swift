import Diagnostics
import Files

/// All files of a project that dbt would read, by kind, each with its contents.
///
/// Folders are searched in the order of the configuration; in a folder files come before sub-folders, each in the order
/// of the disk, as `os.walk` gives them to dbt: what lists a project in its artifacts' order, and templates that loop
/// over `graph.nodes`, then see the same with both.
public struct FileTree: Sendable {
  /// In the order dbt parses: macros, models, snapshots, analyses, tests, …
  public var files: [SourceFile]

  /// The files of one kind.
  public func files(_ kind: FileKind) -> [SourceFile] { files.filter { $0.kind == kind } }

  /// The largest seed whose contents are hashed (dbt's MAXIMUM_SEED_SIZE).
  public static let maximumHashedSeed = 1_048_576

  /// Where files of each kind live in a project and what they end in.
  static func places(_ project: ProjectConfig) -> [(kind: FileKind, paths: [String], extensions: [String])] {
    let paths = project.paths
    return [
      (.macro, paths.macros, [".sql"]),
      (.model, paths.models, [".sql", ".py"]),
      (.snapshot, paths.snapshots, [".sql"]),
      (.analysis, paths.analyses, [".sql"]),
      (.singularTest, paths.tests, [".sql"]),
      (.genericTest, paths.genericTests, [".sql"]),
      (.seed, paths.seeds, [".csv"]),
      (.documentation, paths.docs, [".md"]),
      (.properties, paths.allSources, [".yml", ".yaml"]),
      (.fixture, paths.fixtures, [".csv", ".sql"]),
      (.function, paths.functions, [".sql", ".py"]),
    ]
  }

  /// Reads a project's files.
  ///
  /// - Parameter displayRoot: what paths in messages begin with; empty for the root project.
  /// - Throws: everything that could not be read, together.
  public static func read(_ project: ProjectConfig, displayRoot: String = "") throws(Diagnostics) -> FileTree {
    let ignore = try ignoreRules(project)
    var walker = FolderWalker(root: project.root, ignore: ignore)
    var found: [SourceFile] = []
    let nothing = SourceText(name: "", utf8: [])
    for place in places(project) {
      var seen: Set<String> = []
      for fileExtension in place.extensions {
        for path in place.paths {
          let folder = Path.absolute(path, from: project.root)
          for relative in walker.files(in: path) where Self.matches(relative, fileExtension) {
            if place.kind == .singularTest, relative.hasPrefix("generic/") || relative.hasPrefix("fixtures/") {
              continue
            }
            let file = SourceFile(
              kind: place.kind, package: project.name, searchedPath: path, relativePath: relative,
              absolutePath: Path.join(folder, relative), source: nothing, checksum: .none)
            // The same file by two routes (`models` and `models/sub`) is one file of each kind.
            if place.paths.count == 1 || seen.insert(Path.normalized(file.originalPath)).inserted {
              found.append(file)
            }
          }
        }
      }
    }
    let results = Parallel.map(found) { load($0, displayRoot: displayRoot) }
    var files: [SourceFile] = []
    var problems = walker.problems
    files.reserveCapacity(results.count)
    for result in results {
      switch result {
      case .success(let file): files.append(file)
      case .failure(let problem): problems.append(problem)
      }
    }
    if !problems.isEmpty { throw Diagnostics(problems) }
    return FileTree(files: files)
  }

  /// `[!.#~]*.sql`, letters of any case: hidden files and editors' copies are left out.
  static func matches(_ path: String, _ fileExtension: String) -> Bool {
    guard path.utf8.count > fileExtension.utf8.count, ends(path, in: fileExtension) else { return false }
    let name = Path.name(path).utf8
    guard let first = name.first, name.count > fileExtension.utf8.count else { return false }
    return !".#~".utf8.contains(first)
  }

  /// Whether a path has an ending, in letters of any case. Most files of a project are of another kind.
  private static func ends(_ path: String, in ending: String) -> Bool {
    var (path, ending) = (path, ending)
    return path.withUTF8 { path in
      ending.withUTF8 { ending in
        for i in 1...ending.count {
          let byte = path[path.count - i]
          let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
          if (isUpper ? byte | 0x20 : byte) != ending[ending.count - i] { return false }
        }
        return true
      }
    }
  }

  private static func ignoreRules(_ project: ProjectConfig) throws(Diagnostics) -> IgnoreRules {
    let path = Path.join(project.root, ".dbtignore")
    guard FileSystem.exists(path) else { return .none }
    do {
      return IgnoreRules(text: String(decoding: try FileSystem.read(path), as: UTF8.self))
    } catch {
      throw Diagnostics([FileSystem.unreadable(".dbtignore", error)])
    }
  }

  private static func load(_ file: SourceFile, displayRoot: String) -> Result<SourceFile, Diagnostic> {
    let name = Path.join(displayRoot, file.originalPath)
    var file = file
    if file.kind == .seed {
      file.source = SourceText(name: name, utf8: [])
      if let size = FileSystem.size(file.absolutePath), size > maximumHashedSeed {
        file.checksum = FileChecksum(name: "path", checksum: file.originalPath)
        return .success(file)
      }
    }
    let bytes: [UInt8]
    do { bytes = try FileSystem.read(file.absolutePath) } catch {
      return .failure(FileSystem.unreadable(name, error))
    }
    let source = SourceText.stripped(name: name, utf8: bytes)
    if let problem = invalidUTF8(source) { return .failure(problem) }
    file.checksum = .sha256(source.utf8)
    if file.kind != .seed { file.source = source }
    return .success(file)
  }

  /// The first byte that belongs to no character.
  private static func invalidUTF8(_ source: SourceText) -> Diagnostic? {
    // A whole-text check is vectorised; the place is looked for only when something is wrong.
    if source.utf8.allSatisfy({ $0 < 0x80 }) || String(validating: source.utf8, as: UTF8.self) != nil { return nil }
    var decoder = UTF8()
    var offset = 0
    var iterator = source.utf8.makeIterator()
    decoding: while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): offset += UTF8.width(scalar)
      case .emptyInput, .error: break decoding
      }
    }
    return Diagnostic(
      "invalid-utf8", .parsing, "\(source.name) is not UTF-8: there is a byte that belongs to no character",
      range: SourceRange(source: source, offsets: offset..<(offset + 1)), hint: "save the file as UTF-8")
  }
}

/// Walks the folders of one project; each folder is read once however many kinds of file are looked for in it.
struct FolderWalker {
  let root: String
  let ignore: IgnoreRules
  private(set) var problems: [Diagnostic] = []
  private var cache: [String: [String]] = [:]
  /// Far deeper than people nest and far below what paths allow.
  private static let maximumDepth = 200

  init(root: String, ignore: IgnoreRules) {
    self.root = root
    self.ignore = ignore
  }

  /// Paths relative to a searched folder; empty when the folder is missing.
  mutating func files(in searched: String) -> [String] {
    if let known = cache[searched] { return known }
    var out: [String] = []
    let absolute = Path.absolute(searched, from: root)
    if FileSystem.isDirectory(absolute) { walk(absolute, searched, "", 0, &out) }
    cache[searched] = out
    return out
  }

  private mutating func walk(
    _ absolute: String, _ searched: String, _ relative: String, _ depth: Int, _ out: inout [String]
  ) {
    let entries: [(name: String, kind: FileSystem.EntryKind)]
    do { entries = try FileSystem.list(absolute) } catch {
      problems.append(FileSystem.unreadable(Path.join(searched, relative), error))
      return
    }
    var folders: [String] = []
    for entry in entries {
      let path = relative.isEmpty ? entry.name : relative + "/" + entry.name
      switch entry.kind {
      case .directory: folders.append(entry.name)
      case .link where FileSystem.isDirectory(Path.join(absolute, entry.name)):
        // As os.walk: links to folders are not followed, so there are no loops.
        continue
      case .file, .link:
        if !ignore.ignores(Path.join(searched, path)) { out.append(path) }
      case .other: continue
      }
    }
    guard depth < Self.maximumDepth else {
      if !folders.isEmpty {
        problems.append(
          Diagnostic(
            "folders-too-deep", .runtime,
            "\(Path.join(searched, relative)): folders are nested more than \(Self.maximumDepth) deep"))
      }
      return
    }
    for folder in folders {
      let path = relative.isEmpty ? folder : relative + "/" + folder
      walk(Path.join(absolute, folder), searched, path, depth + 1, &out)
    }
  }
}
