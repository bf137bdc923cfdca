import Crypto
import Diagnostics
import YAML

/// The `sha1_hash` of a lock file: whether the packages asked for are those that were locked.
enum PackageHash {
  /// dbt's: SHA-1 of each package as JSON with sorted keys, the lines sorted.
  static func sha1(_ packages: [PackageSpec]) -> String {
    let lines = packages.map { json(dictionary($0)) }
    let text = lines.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: "\n")
    return hex(Insecure.SHA1.hash(data: Array(text.utf8)))
  }

  /// The fields dbt's contract of a package has, with its defaults; `name` only when given.
  private static func dictionary(_ package: PackageSpec) -> YAMLValue {
    let given = package.node
    func field(_ name: String, _ fallback: YAMLValue = .null) -> YAMLPair {
      YAMLPair(.string(name), given[name]?.value ?? fallback)
    }
    let warn = YAMLPair(
      .string("warn-unpinned"), given["warn-unpinned"]?.value ?? given["warn_unpinned"]?.value ?? .null)
    var pairs: [YAMLPair]
    switch package.source {
    case .registry: pairs = [field("package"), field("version"), field("install_prerelease", .bool(false))]
    case .git: pairs = [field("git"), field("revision"), warn, field("subdirectory")]
    case .local: pairs = [field("local")]
    case .tarball: pairs = [field("tarball")]
    case .privateRepository:
      pairs = [field("private"), field("provider"), field("revision"), warn, field("subdirectory")]
    }
    if let name = given["name"], !name.isNull { pairs.append(YAMLPair(.string("name"), name.value)) }
    pairs.append(YAMLPair(.string("unrendered"), package.unrendered.value))
    return .mapping(pairs)
  }

  /// Python's `json.dumps(value, sort_keys=True)`.
  static func json(_ value: YAMLValue) -> String {
    switch value {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .int(let value): return String(value)
    case .bigInt(let digits): return digits
    case .float(let value):
      if value.isNaN { return "NaN" }
      if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
      return PythonNumbers.repr(value)
    case .string(let text): return JSONString.quote(text)
    case .date(let date): return JSONString.quote(date.description)
    case .dateTime(let time): return JSONString.quote(time.description)
    case .binary(let bytes): return JSONString.quote(String(decoding: bytes, as: UTF8.self))
    case .sequence(let items): return "[" + items.map(json).joined(separator: ", ") + "]"
    case .mapping(let pairs):
      let entries = pairs.map { pair -> (key: String, value: YAMLValue) in
        if case .string(let key) = pair.key { return (key, pair.value) }
        return (json(pair.key), pair.value)
      }
      let sorted = entries.sorted { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) }
      return "{" + sorted.map { "\(JSONString.quote($0.key)): \(json($0.value))" }.joined(separator: ", ") + "}"
    }
  }
}
