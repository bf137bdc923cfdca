import Diagnostics
import YAML

/// Takes typed values out of a mapping and collects what is wrong with it, so that all of it is reported together.
struct FieldReader {
  let mapping: YAMLMapping
  /// What the mapping is, for messages: `dbt_project.yml`, `output "dev"`.
  let subject: String
  let kind: Diagnostic.Kind
  private(set) var problems: [Diagnostic] = []

  init(_ node: YAMLNode, subject: String, kind: Diagnostic.Kind) {
    mapping = node.mapping ?? YAMLMapping([])
    self.subject = subject
    self.kind = kind
  }

  mutating func report(_ diagnostic: Diagnostic) { problems.append(diagnostic) }

  private mutating func wrongType(_ key: String, _ wanted: String, _ node: YAMLNode, hint: String? = nil) {
    problems.append(
      Diagnostic(
        "wrong-type", kind, "`\(key)` in \(subject) must be \(wanted), but is \(node.kindName)", range: node.range,
        hint: hint))
  }

  /// A value that is there and not null.
  func value(_ key: String) -> YAMLNode? {
    guard let node = mapping[key], !node.isNull else { return nil }
    return node
  }

  mutating func string(_ key: String) -> String? {
    guard let node = value(key) else { return nil }
    if let string = node.string { return string }
    let quoted = node.scalar.map { "quote it: \(key): \"\($0.text)\"" }
    wrongType(key, "a string", node, hint: quoted)
    return nil
  }

  mutating func bool(_ key: String) -> Bool? {
    guard let node = value(key) else { return nil }
    if let bool = node.bool { return bool }
    wrongType(key, "true or false", node, hint: node.string.map { _ in "write it without quotes" })
    return nil
  }

  mutating func int(_ key: String) -> Int? {
    guard let node = value(key) else { return nil }
    if let int = node.int { return int }
    if let double = node.double, let int = Int(exactly: double) { return int }
    wrongType(
      key, "an integer", node,
      hint: node.string.map {
        $0.contains("{") || Int($0) == nil
          ? "of a template's result make a number with `| as_number`" : "write it without quotes"
      })
    return nil
  }

  mutating func mappingNode(_ key: String) -> YAMLNode? {
    guard let node = value(key) else { return nil }
    if node.mapping != nil { return node }
    wrongType(key, "a mapping", node)
    return nil
  }

  /// A list of strings; `orOne` lets a bare string stand for a list of one.
  mutating func strings(_ key: String, orOne: Bool = false) -> [String]? {
    locatedStrings(key, orOne: orOne)?.map(\.text)
  }

  mutating func locatedStrings(_ key: String, orOne: Bool = false) -> [LocatedString]? {
    guard let node = value(key) else { return nil }
    if orOne, let string = node.string { return [LocatedString(text: string, range: node.range)] }
    guard let items = node.sequence else {
      wrongType(key, "a list", node, hint: node.string.map { "write [\"\($0)\"]" })
      return nil
    }
    var out: [LocatedString] = []
    for item in items {
      guard let string = item.string else {
        wrongType(key, "a list of strings", item)
        continue
      }
      out.append(LocatedString(text: string, range: item.range))
    }
    return out
  }

  /// Every key that is not known, with the nearest one that is.
  mutating func rejectUnknownKeys(_ known: Set<String>, severity: Diagnostic.Severity = .error) {
    for entry in mapping.entries {
      let name = entry.key.scalar?.text ?? ""
      if known.contains(name) { continue }
      problems.append(
        Diagnostic(
          "unknown-key", kind, "\(subject) has no key `\(name)`", severity: severity, range: entry.key.range,
          hint: NearestName.of(name, among: known).map { "did you mean `\($0)`?" }))
    }
  }
}

/// A string and where it was written.
public struct LocatedString: Sendable {
  public var text: String
  public var range: SourceRange
}

extension [Diagnostic] {
  /// Throws when one of them is an error.
  func throwErrors() throws(Diagnostics) {
    if contains(where: { $0.severity == .error }) { throw Diagnostics(self) }
  }
}
