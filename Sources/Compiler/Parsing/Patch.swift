import Diagnostics
import Manifest
import YAML

/// One entry of a properties file under `models:`, `seeds:`, `snapshots:`, `analyses:`, `functions:`, `macros:` or
/// `data_tests:`, rendered, ready to be applied to what it describes.
final class Patch: @unchecked Sendable {
  let key: String
  let name: String
  let package: String
  let file: ParseFile
  private(set) var node: YAMLNode
  /// Rendered, keys that moved into `config` moved there.
  private(set) var values: ConfigDict
  /// What rendering its file read of the tenant.
  let reads: TenantReads
  /// Set when something was found that it describes.
  var used = false

  init(
    key: String, name: String, package: String, file: ParseFile, node: YAMLNode, values: ConfigDict, reads: TenantReads
  ) {
    self.key = key
    self.name = name
    self.package = package
    self.file = file
    self.node = node
    self.values = values
    self.reads = reads
  }

  /// For another tenant, with nothing found yet.
  func copy() -> Patch {
    Patch(key: key, name: name, package: package, file: file, node: node, values: values, reads: reads)
  }

  /// Lets go of everything but the name and the configuration, when all that it describes was made: properties are a
  /// large part of what a project takes while it is read. Where descriptions are rendered later, their places stay.
  func forgetContents() {
    let columns = values["columns"]?.asList ?? []
    let rendersLater =
      values["versions"] != nil || description.hasJinja
      || columns.contains { $0.asDict?["description"]?.asString?.hasJinja ?? false }
    if !rendersLater { node = node["name"] ?? node }
    var kept = ConfigDict()
    if let config = values["config"] { kept.append("config", config) }
    values = kept
  }

  var fileID: String { "\(package)://\(file.originalPath)" }
  var config: ConfigDict { values["config"]?.asDict ?? ConfigDict() }
  var description: String { values["description"]?.asString ?? "" }
  var range: SourceRange { (node["name"] ?? node).range }

  struct Version {
    let version: NodeVersion
    let values: ConfigDict
    let node: YAMLNode?
  }

  var versions: [Version] {
    let nodes = node["versions"]?.sequence ?? []
    return (values["versions"]?.asList ?? []).enumerated().compactMap { i, value in
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
  static func columns(_ values: ConfigDict, _ node: YAMLNode? = nil) throws -> [ColumnInfo] {
    let places = node?["columns"]?.sequence ?? []
    return try (values["columns"]?.asList ?? []).enumerated().compactMap { index, value in
      guard let dict = value.asDict else { return nil }
      return try column(dict, index < places.count ? places[index] : nil)
    }
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

  static func column(_ dict: ConfigDict, _ node: YAMLNode? = nil) throws -> ColumnInfo {
    var column = ColumnInfo(name: dict["name"]?.text ?? "")
    column.description = dict["description"]?.asString ?? ""
    column.dataType = dict["data_type"]?.asString
    column.quote = dict["quote"]?.asBool
    column.granularity = dict["granularity"]?.asString
    column.constraints = try constraints(dict["constraints"], node?["constraints"])
    let config = dict["config"]?.asDict ?? ConfigDict()
    let ownMeta = dict["meta"]?.asDict ?? ConfigDict()
    let configMeta = config["meta"]?.asDict ?? ConfigDict()
    var meta = ownMeta
    meta.update(configMeta)
    column.meta = meta
    column.configMeta = meta
    var tags = dict["tags"]?.asStrings ?? []
    for tag in config["tags"]?.asStrings ?? [] where !tags.contains(tag) { tags.append(tag) }
    column.tags = tags
    column.configTags = tags
    for entry in config where entry.key != "meta" && entry.key != "tags" { column.configExtra[entry.key] = entry.value }
    for entry in dict where !known.contains(entry.key) { column.extra[entry.key] = entry.value }
    return column
  }

  private static let known: Set<String> = [
    "name", "description", "data_type", "quote", "granularity", "constraints", "config", "meta", "tags", "tests",
    "data_tests", "doc_blocks", "docs", "policy_tags", "dimension", "entity",
  ]

  static func constraints(_ value: ConfigValue?, _ node: YAMLNode? = nil) throws -> [Constraint] {
    let places = node?.sequence ?? []
    return try (value?.asList ?? []).enumerated().compactMap { index, item in
      guard let dict = item.asDict else { return nil }
      let word = dict["type"]?.asString ?? ""
      guard let kind = Constraint.Kind(rawValue: word) else {
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
