import Diagnostics

/// YAML as dbt reads and writes it: libyaml's grammar (1.1), PyYAML's SafeLoader types, SafeDumper's layout.
public enum YAML {
  /// What a document may cost; beyond it a `Diagnostic`, never a crash.
  public enum Limit {
    /// Collections inside collections.
    public static let depth = 1_000
    /// Nodes after aliases are followed ("billion laughs").
    public static let expandedNodes = 10_000_000
  }

  /// Parses a source of at most one document.
  ///
  /// - Parameters:
  ///   - source: the bytes are taken as UTF-8; a byte order mark is skipped.
  ///   - trimmed: white space after the last character is ignored. dbt strips the files it reads, which shows in block
  ///     scalars: `description: |` at the end of a file has no final newline.
  /// - Returns: the root node; nil for an empty document.
  /// - Throws: what is wrong and where; codes begin with `yaml-`.
  public static func parse(_ source: SourceText, trimmed: Bool = false) throws(Diagnostic) -> YAMLNode? {
    try TreeParser(source).parse(trimmed: trimmed)
  }

  /// Parses text and gives the value without positions; `.null` for an empty document.
  public static func value(of text: String, name: String = "<inline>") throws(Diagnostic) -> YAMLValue {
    try parse(SourceText(name: name, text: text))?.value ?? .null
  }
}

extension YAMLNode {
  /// Every repeated key in this node and below, in the order of the text.
  public var duplicateKeys: [YAMLMapping.Duplicate] {
    guard origin.hasDuplicates else { return [] }
    var found: [YAMLMapping.Duplicate] = []
    // Aliased nodes are met once.
    var seen: Set<ObjectIdentifier> = []
    var stack = [self]
    while let node = stack.popLast() {
      switch node.content {
      case .scalar: continue
      case .sequence(let items):
        guard seen.insert(ObjectIdentifier(node)).inserted else { continue }
        stack += items
      case .mapping(let mapping):
        guard seen.insert(ObjectIdentifier(node)).inserted else { continue }
        found += mapping.duplicates
        for entry in mapping.entries {
          stack.append(entry.key)
          stack.append(entry.value)
        }
      }
    }
    return found.sorted { $0.second.start < $1.second.start }
  }
}
