import Diagnostics
import YAML

/// One of the servers that a target's tenants may live on: an entry of `servers:`, an addition to dbt's keys.
public struct ProfileServer: Sendable {
  public var name: String
  /// The target's, with what the entry says instead.
  public var credentials: Credentials
  /// Globs of the tenants that belong there; none: any tenant.
  public var patterns: [String]
  /// The most connections to it at once; nil: what the server allows.
  public var connectionLimit: Int?

  public init(name: String, credentials: Credentials, patterns: [String] = [], connectionLimit: Int? = nil) {
    self.name = name
    self.credentials = credentials
    self.patterns = patterns
    self.connectionLimit = connectionLimit
  }
}

/// Types the entries of `servers:`.
struct ProfileServersReader {
  static let known: Set<String> = [
    "name", "host", "port", "user", "password", "pass", "connect_timeout", "role", "search_path", "sslmode", "sslcert",
    "sslkey", "sslrootcert", "retries", "target_session_attrs", "tenants", "connections",
  ]

  /// The target's own credentials, which entries differ from.
  let base: Credentials

  func read(_ fields: inout FieldReader) -> [ProfileServer] {
    guard let node = fields.value("servers") else { return [] }
    guard let items = node.sequence else {
      fields.report(
        Diagnostic(
          "wrong-type", .profile, "`servers` in \(fields.subject) must be a list, but is \(node.kindName)",
          range: node.range, hint: "begin each server with a dash: `- name: …`"))
      return []
    }
    var servers: [ProfileServer] = []
    for item in items {
      var entry = FieldReader(item, subject: "a server of \(fields.subject)", kind: .profile)
      entry.rejectUnknownKeys(Self.known)
      if let server = server(&entry, item) {
        if servers.contains(where: { $0.name == server.name }) {
          entry.report(
            Diagnostic(
              "duplicate-server", .profile, "two servers of \(fields.subject) have the name '\(server.name)'",
              range: item.range))
        }
        servers.append(server)
      }
      for problem in entry.problems { fields.report(problem) }
    }
    return servers
  }

  private func server(_ entry: inout FieldReader, _ item: YAMLNode) -> ProfileServer? {
    guard let name = entry.string("name") else {
      entry.report(
        Diagnostic("missing-key", .profile, "\(entry.subject) has no `name`", range: item.range))
      return nil
    }
    var credentials = base
    credentials.host = entry.string("host") ?? base.host
    credentials.port = entry.int("port") ?? base.port
    credentials.user = entry.string("user") ?? base.user
    if let password = entry.string("password") ?? entry.string("pass") { credentials.password = Secret(password) }
    credentials.connectTimeout = entry.int("connect_timeout") ?? base.connectTimeout
    credentials.role = entry.string("role") ?? base.role
    credentials.searchPath = entry.string("search_path") ?? base.searchPath
    credentials.sslMode = entry.string("sslmode") ?? base.sslMode
    credentials.sslCertificate = entry.string("sslcert") ?? base.sslCertificate
    credentials.sslKey = entry.string("sslkey") ?? base.sslKey
    credentials.sslRootCertificate = entry.string("sslrootcert") ?? base.sslRootCertificate
    credentials.retries = entry.int("retries") ?? base.retries
    credentials.targetSessionAttributes = entry.string("target_session_attrs") ?? base.targetSessionAttributes
    return ProfileServer(
      name: name, credentials: credentials, patterns: entry.strings("tenants", orOne: true) ?? [],
      connectionLimit: entry.int("connections"))
  }
}
