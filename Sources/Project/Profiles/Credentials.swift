import Diagnostics
import YAML

/// One output of a profile: how to reach a PostgreSQL database (dbt-postgres' keys and defaults).
public struct Credentials: Sendable {
  /// A host name, an address, a socket's folder, or several separated by commas.
  public var host: String
  public var user: String
  public var port: Int
  public var password: Secret
  public var database: String
  public var schema: String
  /// Seconds.
  public var connectTimeout = 10
  public var role: String?
  public var searchPath: String?
  /// Seconds; 0 for the system's default.
  public var keepalivesIdle = 0
  public var sslMode: String?
  public var sslCertificate: String?
  public var sslKey: String?
  public var sslRootCertificate: String?
  public var applicationName: String? = "dbt"
  public var autocommit: Bool? = false
  /// How often opening a connection is tried again.
  public var retries = 1
  /// libpq's `target_session_attrs`, such as `read-write`; an addition to dbt's keys.
  public var targetSessionAttributes: String?
  /// The servers that tenants live on, when there are several; an addition to dbt's keys.
  public var servers: [ProfileServer] = []
  /// Keys that are none of the above, as written.
  public var extra: [YAMLMapping.Entry] = []

  public init(
    host: String, user: String, port: Int, password: Secret, database: String, schema: String
  ) {
    self.host = host
    self.user = user
    self.port = port
    self.password = password
    self.database = database
    self.schema = schema
  }

  /// What templates see of it, in dbt's order; nothing secret. Missing values are null.
  public var connectionInfo: [(key: String, value: YAMLValue)] {
    func text(_ value: String?) -> YAMLValue { value.map(YAMLValue.string) ?? .null }
    return [
      ("host", .string(host)), ("port", .int(port)), ("user", .string(user)), ("database", .string(database)),
      ("schema", .string(schema)), ("connect_timeout", .int(connectTimeout)), ("role", text(role)),
      ("search_path", text(searchPath)), ("keepalives_idle", .int(keepalivesIdle)), ("sslmode", text(sslMode)),
      ("sslcert", text(sslCertificate)), ("sslkey", text(sslKey)), ("sslrootcert", text(sslRootCertificate)),
      ("application_name", text(applicationName)), ("autocommit", autocommit.map(YAMLValue.bool) ?? .null),
      ("retries", .int(retries)), ("dbname", .string(database)),
    ]
  }
}

/// Types the rendered mapping of an output.
struct CredentialsReader {
  static let aliases = ["pass": "password", "dbname": "database"]
  static let required = ["host", "user", "port", "password", "database", "schema"]
  static let known: Set<String> = [
    "type", "threads", "host", "user", "port", "password", "pass", "database", "dbname", "schema", "connect_timeout",
    "role", "search_path", "keepalives_idle", "sslmode", "sslcert", "sslkey", "sslrootcert", "application_name",
    "autocommit", "retries", "target_session_attrs", "servers",
  ]

  /// At once and after 1, 4 and 9 seconds.
  private static let retriesOfSeveralHosts = 4

  let profile: String
  let target: String

  func read(_ node: YAMLNode) throws(Diagnostics) -> (credentials: Credentials, warnings: [Diagnostic]) {
    var fields = FieldReader(node, subject: "output '\(target)' of profile '\(profile)'", kind: .profile)
    checkType(&fields, node)
    // What another database needs says nothing.
    try fields.problems.throwErrors()
    for (old, new) in Self.aliases where fields.mapping[old] != nil && fields.mapping[new] != nil {
      fields.report(
        Diagnostic(
          "two-names", .profile, "`\(old)` and `\(new)` mean the same and can't both be given",
          range: fields.mapping.entry(old)?.key.range))
    }
    for key in Self.required {
      let names = [key] + Self.aliases.filter { $0.value == key }.map(\.key)
      guard names.allSatisfy({ fields.value($0) == nil }) else { continue }
      fields.report(
        Diagnostic(
          "missing-key", .profile,
          "Credentials in profile \"\(profile)\", target \"\(target)\" invalid: '\(key)' is a required property",
          range: node.range, hint: names.count > 1 ? "it may also be called `\(names[1])`" : nil))
    }
    var result = Credentials(
      host: fields.string("host") ?? "", user: fields.string("user") ?? "", port: port(&fields) ?? 5432,
      password: Secret(fields.string("password") ?? fields.string("pass") ?? ""),
      database: fields.string("database") ?? fields.string("dbname") ?? "", schema: fields.string("schema") ?? "")
    result.connectTimeout = fields.int("connect_timeout") ?? result.connectTimeout
    result.role = fields.string("role")
    result.searchPath = fields.string("search_path")
    result.keepalivesIdle = fields.int("keepalives_idle") ?? result.keepalivesIdle
    result.sslMode = fields.string("sslmode")
    result.sslCertificate = fields.string("sslcert")
    result.sslKey = fields.string("sslkey")
    result.sslRootCertificate = fields.string("sslrootcert")
    if fields.mapping["application_name"] != nil { result.applicationName = fields.string("application_name") }
    if fields.mapping["autocommit"] != nil { result.autocommit = fields.bool("autocommit") }
    // Where several hosts stand for one server, another takes over within seconds rather than at once.
    result.retries = fields.int("retries") ?? (result.host.contains(",") ? Self.retriesOfSeveralHosts : result.retries)
    result.targetSessionAttributes = fields.string("target_session_attrs")
    result.servers = ProfileServersReader(base: result).read(&fields)
    result.extra = fields.mapping.entries.filter { !Self.known.contains($0.key.scalar?.text ?? "") }
    try fields.problems.throwErrors()
    // dbt lets any further key pass; only one that looks like a slip is worth a word.
    for entry in result.extra {
      guard let name = entry.key.string, let near = NearestName.of(name, among: Self.known) else { continue }
      fields.report(
        Diagnostic(
          "unknown-key", .profile, "`\(name)` means nothing to PostgreSQL connections", severity: .warning,
          range: entry.key.range, hint: "did you mean `\(near)`?"))
    }
    return (result, fields.problems)
  }

  private func checkType(_ fields: inout FieldReader, _ node: YAMLNode) {
    guard fields.value("type") != nil else {
      fields.report(
        Diagnostic(
          "missing-key", .profile,
          "required field \"type\" not found in profile \(profile) and target \(target)", range: node.range,
          hint: "add `type: postgres`"))
      return
    }
    guard let type = fields.string("type"), type != "postgres" else { return }
    fields.report(
      Diagnostic(
        "unknown-adapter", .profile,
        "Credentials in profile \"\(profile)\", target \"\(target)\" invalid: Could not find adapter type \(type)! Only "
          + "`postgres` is supported.",
        range: fields.value("type")?.range))
  }

  private func port(_ fields: inout FieldReader) -> Int? {
    guard let port = fields.int("port") else { return nil }
    if !(0...65535).contains(port) {
      fields.report(
        Diagnostic(
          "wrong-type", .profile, "`port` must be between 0 and 65535, but is \(port)",
          range: fields.value("port")?.range))
    }
    return port
  }
}
