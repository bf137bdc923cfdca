import Diagnostics
import Jinja
import Manifest

/// The comment put before (or after) every statement: `query-comment` of dbt_project.yml
/// (https://docs.getdbt.com/reference/project-configs/query-comment).
public struct QueryComment: Sendable {
  public enum Source: Sendable {
    /// dbt's own JSON comment.
    case standard
    /// Jinja of the project.
    case template(String)
    /// Set to nothing.
    case none
  }

  public var source: Source
  public var append: Bool

  public init(_ source: Source = .standard, append: Bool = false) {
    self.source = source
    self.append = append
  }

  /// A comment ready to be added.
  struct Rendered {
    var text: String
    var append: Bool

    func added(to sql: String) -> String {
      if text.isEmpty { return sql }
      if append {
        let body = sql.trimmingTrailingWhitespace
        if body.hasSuffix(";") { return "\(body.dropLast())\n/* \(text) */;" }
        return "\(body)\n/* \(text) */"
      }
      return "/* \(text) */\n\(sql)"
    }
  }

  func render(session: DatabaseSession) throws -> Rendered {
    let text: String
    switch source {
    case .none: text = ""
    case .standard:
      let adapter = session.adapter
      var pairs = [
        ("app", "dbt"), ("dbt_version", adapter.dbtVersion), ("profile_name", adapter.profileName),
        ("target_name", adapter.targetName),
      ]
      pairs.append(session.nodeID.map { ("node_id", $0) } ?? ("connection_name", session.name))
      text = "{" + pairs.map { "\(JSONString.quote($0.0)): \(JSONString.quote($0.1))" }.joined(separator: ", ") + "}"
    case .template(let template):
      text = try session.adapter.renderComment(template, session).trimmingSpace
    }
    if text.contains("*/") {
      throw ExecutionError(.runtime, "query comment contains illegal value \"*/\": \(text)")
    }
    return Rendered(text: text, append: append)
  }
}

extension String {
  /// Python's `strip()` for ASCII white space.
  public var trimmingSpace: String {
    let trimmed = trimmingTrailingWhitespace
    guard
      let first = trimmed.unicodeScalars.firstIndex(where: { !($0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r") })
    else { return "" }
    return String(trimmed[first...])
  }
}
