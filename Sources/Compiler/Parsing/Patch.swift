import Diagnostics
import Manifest
import Synchronization
import YAML

/// One entry of a properties file under `models:`, `seeds:`, `snapshots:`, `analyses:`, `functions:`, `macros:` or
/// `data_tests:`, rendered, ready to be applied to what it describes.
final class Patch: @unchecked Sendable {
  let key: String
  let name: String
  let package: String
  let file: ParseFile
  /// Of its name.
  let range: SourceRange
  private let place: Place
  private var kept: YAMLNode?
  /// Rendered, keys that moved into `config` moved there.
  private(set) var values: ConfigDict
  /// What rendering its file read of the tenant.
  let reads: TenantReads
  /// The tests it asks for, where they were made as its file was read.
  var tests: ProjectParser.TestOutcome?

  /// What it describes was found.
  var used: Bool {
    get { found.load(ordering: .relaxed) != 0 }
    set { if newValue { found.bitwiseOr(Self.isFound, ordering: .relaxed) } }
  }
  /// The nodes of files are made by several threads.
  private let found = Atomic<UInt8>(0)
  private static var isFound: UInt8 { 1 }
  private static var isEnabled: UInt8 { 2 }

  /// Where an entry stands in its file: the number of the section, and its own in it.
  struct Place {
    let section: Int
    let item: Int
  }

  init(
    key: String, name: String, package: String, file: ParseFile, node: YAMLNode, at place: Place, values: ConfigDict,
    reads: TenantReads
  ) {
    self.key = key
    self.name = name
    self.package = package
    self.file = file
    self.range = (node["name"] ?? node).range
    self.place = place
    self.kept = node
    self.values = values
    self.reads = reads
  }

  private init(_ other: Patch) {
    (key, name, package, file, range) = (other.key, other.name, other.package, other.file, other.range)
    (place, kept, values, reads) = (other.place, other.kept, other.values, other.reads)
  }

  /// The entry as it stands in its file, to point at what is wrong in it. The file is parsed again where it was let go.
  var node: YAMLNode? {
    if let kept { return kept }
    let root = (try? YAML.parse(file.source)) ?? nil
    guard let sections = root?.mapping?.entries, place.section < sections.count,
      let items = sections[place.section].value.sequence, place.item < items.count
    else { return nil }
    return items[place.item]
  }

  /// To be said of each node that it describes.
  func describes(_ node: Node) {
    found.bitwiseOr(node.config.enabled ? Self.isFound | Self.isEnabled : Self.isFound, ordering: .relaxed)
  }

  /// Whether it describes an enabled node.
  var describesEnabled: Bool { found.load(ordering: .relaxed) & Self.isEnabled != 0 }

  /// For another tenant, with nothing found yet.
  func copy() -> Patch { Patch(self) }

  /// Lets go of the entry as it stands in its file, which takes more room than all else of it. Versions need theirs.
  func forgetNode() { if values["versions"] == nil { kept = nil } }

  /// Lets go of everything but the name and the configuration, when all that it describes was made.
  func forgetContents() {
    kept = nil
    tests = nil
    var rest = ConfigDict()
    if let config = values["config"] { rest.append("config", config) }
    values = rest
  }

  var fileID: String { "\(package)://\(file.originalPath)" }
  var config: ConfigDict { values["config"]?.asDict ?? ConfigDict() }
  var description: String { values["description"]?.asString ?? "" }

  struct Version {
    let version: NodeVersion
    let values: ConfigDict
    let node: YAMLNode?
  }

  var versions: [Version] {
    guard let versions = values["versions"]?.asList else { return [] }
    let nodes = node?["versions"]?.sequence ?? []
    return versions.enumerated().compactMap { i, value in
      guard let dict = value.asDict, let v = dict["v"].flatMap({ NodeVersion($0) }) else { return nil }
      return Version(version: v, values: dict, node: i < nodes.count ? nodes[i] : nil)
    }
  }

  var latestVersion: NodeVersion? {
    if let latest = values["latest_version"].flatMap({ NodeVersion($0) }) { return latest }
    return versions.map(\.version).max { NodeVersion.isOrdered($0, before: $1) }
  }
}

/// What a file of a versioned model is.
struct VersionOf {
  let patch: Patch
  let version: Patch.Version
  let latest: NodeVersion
}

/// Columns of an entry.
enum ColumnParser {
  /// - Parameter node: the entry as it stands in its file, to point at what is wrong.
  static func columns(
    _ values: ConfigDict, _ node: @autoclosure () -> YAMLNode? = nil
  ) throws -> [ColumnInfo] {
    let list = values["columns"]?.asList ?? []
    var columns: [ColumnInfo] = []
    columns.reserveCapacity(list.count)
    for (index, value) in list.enumerated() {
      guard let dict = value.asDict else { continue }
      columns.append(try column(dict, node()?["columns"]?.sequence?.dropFirst(index).first))
    }
    return columns
  }

  /// The columns of one version: the model's with `include` and `exclude`, and the version's own.
  static func columns(_ patch: Patch, _ version: Patch.Version) throws -> [ColumnInfo] {
    try entries(patch.values["columns"]?.asList ?? [], version.values["columns"]?.asList).map { try column($0) }
  }

  /// The column entries of a version, by the rules of include and exclude.
  static func entries(_ base: [ConfigValue], _ own: [ConfigValue]?) -> [ConfigDict] {
    let all = base.compactMap(\.asDict)
    guard let own else { return all }
    var include: ConfigValue?
    var exclude: [String] = []
    var redefined: [ConfigDict] = []
    for entry in own.compactMap(\.asDict) {
      if entry["include"] != nil || entry["exclude"] != nil {
        include = entry["include"]
        exclude = entry["exclude"]?.asStrings ?? []
      } else {
        redefined.append(entry)
      }
    }
    let wanted: Set<String>?
    switch include {
    case nil: wanted = nil
    case .string(let word)? where word == "all" || word == "*": wanted = nil
    case let list?: wanted = Set(list.asStrings ?? [])
    }
    // Inherited columns keep their places; those the version redefines are replaced there, new ones come last.
    var out = all.filter { column in
      let name = column["name"]?.asString ?? ""
      return (wanted?.contains(name) ?? true) && !exclude.contains(name)
    }
    for column in redefined {
      if let i = out.firstIndex(where: { $0["name"] == column["name"] }) { out[i] = column } else { out.append(column) }
    }
    return out
  }

  static func column(_ dict: ConfigDict, _ node: @autoclosure () -> YAMLNode? = nil) throws -> ColumnInfo {
    var column = ColumnInfo(name: dict["name"]?.text ?? "")
    column.description = dict["description"]?.asString ?? ""
    column.dataType = dict["data_type"]?.asString
    column.quote = dict["quote"]?.asBool
    column.granularity = dict["granularity"]?.asString
    column.constraints = try constraints(dict["constraints"], node()?["constraints"])
    var meta = dict["meta"]?.asDict ?? ConfigDict()
    var tags = dict["tags"]?.asStrings ?? []
    if let config = dict["config"]?.asDict {
      meta.update(config["meta"]?.asDict ?? ConfigDict())
      for tag in config["tags"]?.asStrings ?? [] where !tags.contains(tag) { tags.append(tag) }
      for entry in config where entry.key != "meta" && entry.key != "tags" {
        column.configExtra[entry.key] = entry.value
      }
    }
    (column.meta, column.configMeta) = (meta, meta)
    (column.tags, column.configTags) = (tags, tags)
    for entry in dict where !frequent.contains(entry.key) && !known.contains(entry.key) {
      column.extra[entry.key] = entry.value
    }
    return column
  }

  /// What most columns have, looked for before all that is known.
  private static let frequent = ["name", "description", "data_tests", "data_type"]
  private static let known: Set<String> = [
    "name", "description", "data_type", "quote", "granularity", "constraints", "config", "meta", "tags", "tests",
    "data_tests", "doc_blocks", "docs", "policy_tags", "dimension", "entity",
  ]

  /// - Parameter node: the list as it stands in its file, asked for when something is wrong.
  static func constraints(
    _ value: ConfigValue?, _ node: @autoclosure () -> YAMLNode? = nil
  ) throws -> [Constraint] {
    try (value?.asList ?? []).enumerated().compactMap { index, item in
      guard let dict = item.asDict else { return nil }
      let word = dict["type"]?.asString ?? ""
      guard let kind = Constraint.Kind(rawValue: word) else {
        let places = node()?.sequence ?? []
        throw Diagnostic(
          "constraint-type", .parsing,
          "Invalid constraint type '\(word)'. Type must be one of "
            + Constraint.Kind.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", "),
          range: index < places.count ? (places[index]["type"] ?? places[index]).range : nil,
          hint: NearestName.of(word, among: Constraint.Kind.allCases.map(\.rawValue)).map { "Did you mean '\($0)'?" })
      }
      var out = Constraint(type: kind)
      out.name = dict["name"]?.asString
      out.expression = dict["expression"]?.text
      out.warnUnenforced = dict["warn_unenforced"]?.asBool ?? true
      out.warnUnsupported = dict["warn_unsupported"]?.asBool ?? true
      out.to = dict["to"]?.asString
      out.toColumns = dict["to_columns"]?.asStrings ?? []
      out.columns = dict["columns"]?.asStrings ?? []
      return out
    }
  }
}

extension ConfigValue {
  /// Text of a scalar; nil for null and containers.
  public var text: String? {
    switch self {
    case .string(let s): s
    case .int(let i): String(i)
    case .double(let d): "\(d)"
    case .bool(let b): b ? "True" : "False"
    case .bigInt(let digits): digits
    case .date(let d): d
    case .datetime(let d): d
    default: nil
    }
  }
}
