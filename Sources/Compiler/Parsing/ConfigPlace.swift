import Diagnostics
import Manifest
import YAML

/// Where a configuration was written: the strongest of the places that say something of a key.
struct ConfigPlace {
  let file: ParseFile
  /// What the resource's entry in a properties file was read to.
  let patch: Patch?
  /// The package's dbt_project.yml.
  let project: YAMLNode?

  var properties: YAMLNode? { patch?.node }

  func range(
    of key: String, call: ConfigDict, properties values: ConfigDict, type: ResourceType, fqn: [String]
  ) -> SourceRange? {
    if call[key] != nil, let range = inCall(key) { return range }
    if values[key] != nil, let entry = properties?["config"]?.mapping?.entry(key) ?? properties?.mapping?.entry(key) {
      return entry.value.isNull ? entry.key.range : entry.value.range
    }
    return inProject(key, type, fqn)
  }

  /// The key as an argument of `config()`: a word with `=` or `:` behind it.
  private func inCall(_ key: String) -> SourceRange? {
    let bytes = file.source.utf8
    guard let start = bytes.firstRange(of: Array("config".utf8))?.upperBound else { return nil }
    let wanted = Array(key.utf8)
    var from = start
    while let found = bytes[from...].firstRange(of: wanted) {
      var next = found.upperBound
      while next < bytes.count, [0x20, 0x22, 0x27].contains(bytes[next]) { next += 1 }
      let before = bytes[found.lowerBound - 1]
      if next < bytes.count, bytes[next] == UInt8(ascii: "=") || bytes[next] == UInt8(ascii: ":"),
        !Self.isWord(before)
      {
        return SourceRange(source: file.source, offsets: found)
      }
      from = found.upperBound
    }
    return nil
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
  }

  /// The deepest `+key` (or `key`) on the way down to the resource.
  private func inProject(_ key: String, _ type: ResourceType, _ fqn: [String]) -> SourceRange? {
    let section = type == .test ? ["data_tests", "tests"] : [type.plural]
    var node = section.lazy.compactMap { project?[$0] ?? project?[$0.split(separator: "_").joined(separator: "-")] }
      .first
    var found: SourceRange?
    for part in [""] + fqn {
      if !part.isEmpty { node = node?[part] }
      guard let value = node?["+\(key)"] ?? node?[key] else { continue }
      found = value.range
    }
    return found
  }
}
