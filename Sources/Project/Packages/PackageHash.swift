import Crypto
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
    case .string(let text): return quoted(text)
    case .date(let date): return quoted(date.description)
    case .dateTime(let time): return quoted(time.description)
    case .binary(let bytes): return quoted(String(decoding: bytes, as: UTF8.self))
    case .sequence(let items): return "[" + items.map(json).joined(separator: ", ") + "]"
    case .mapping(let pairs):
      let entries = pairs.map { pair -> (key: String, value: YAMLValue) in
        if case .string(let key) = pair.key { return (key, pair.value) }
        return (json(pair.key), pair.value)
      }
      let sorted = entries.sorted { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) }
      return "{" + sorted.map { "\(quoted($0.key)): \(json($0.value))" }.joined(separator: ", ") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var out = "\""
    for unit in text.utf16 {
      switch unit {
      case 0x22: out += "\\\""
      case 0x5C: out += "\\\\"
      case 0x0A: out += "\\n"
      case 0x0D: out += "\\r"
      case 0x09: out += "\\t"
      case 0x08: out += "\\b"
      case 0x0C: out += "\\f"
      case 0x20...0x7E: out.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
      default:
        let digits = String(unit, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      }
    }
    return out + "\""
  }
}
