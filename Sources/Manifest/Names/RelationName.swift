import Project

/// Rendered names of relations, `"database"."schema"."identifier"`.
public enum RelationName {
  /// Parts that are nil are left out; a part is quoted unless its policy says false.
  /// Quotes inside a name are doubled: a name can't end the quoting.
  public static func render(
    database: String?, schema: String?, identifier: String?, quoting: Quoting = Quoting()
  ) -> String {
    var out = ""
    func add(_ part: String?, _ quoted: Bool) {
      guard let part else { return }
      if !out.isEmpty { out += "." }
      if quoted {
        out += "\""
        out += part.hasByte(UInt8(ascii: "\"")) ? doubled(part) : part
        out += "\""
      } else {
        out += part
      }
    }
    add(database, quoting.database ?? true)
    add(schema, quoting.schema ?? true)
    add(identifier, quoting.identifier ?? true)
    return out
  }

  private static func doubled(_ text: String) -> String {
    var out = ""
    for character in text.unicodeScalars {
      out.unicodeScalars.append(character)
      if character == "\"" { out.unicodeScalars.append(character) }
    }
    return out
  }

  /// PostgreSQL keeps 63 bytes of an identifier (NAMEDATALEN - 1).
  public static let maximumLength = 63

  /// What `generate_alias_name` gives when the project does not override it.
  public static func defaultAlias(configured: String?, name: String, version: NodeVersion?) -> String {
    if let configured, !configured.isEmpty { return strip(configured) }
    if let version { return "\(name)_v" + version.text.map { $0 == "." ? "_" : String($0) }.joined() }
    return name
  }

  /// What `generate_schema_name` gives when the project does not override it.
  public static func defaultSchema(configured: String?, target: String) -> String {
    guard let configured else { return target }
    return "\(target)_\(strip(configured))"
  }

  /// What `generate_database_name` gives when the project does not override it.
  public static func defaultDatabase(configured: String?, target: String) -> String {
    guard let configured else { return target }
    return strip(configured)
  }

  private static func strip(_ text: String) -> String {
    var text = text[...]
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
