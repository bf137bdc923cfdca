import Diagnostics

/// Where and how to connect: the fields of a PostgreSQL profile, handed to libpq one by one.
///
/// They travel as keyword arrays (`PQconnectStartParams`), never as one connection string, so that no value can
/// escape its place and no password appears in a process title. What is nil is left to libpq's own defaults
/// (`PGHOST`, `PGSSLMODE`, `~/.pgpass`, …).
public struct ConnectionParameters: Sendable, Hashable, CustomStringConvertible {
  /// Host names, addresses or socket folders (absolute paths); tried in order. Empty: libpq's default.
  public var hosts: [String]
  /// One port for all hosts, or one for each host. Empty: libpq's default.
  public var ports: [Int]
  public var user: String?
  public var password: Secret?
  public var database: String?
  /// Seconds for each host; 0 waits for ever (dbt's default is 10).
  public var connectTimeout: Int = 10
  /// Seconds of silence before TCP asks whether the peer still lives; 0 leaves the system's default.
  public var keepalivesIdle: Int = 0
  public var sslMode: String?
  public var sslCertificate: String?
  public var sslKey: String?
  public var sslRootCertificate: String?
  /// A comma list of schemas; names with spaces need no escaping here.
  public var searchPath: String?
  /// Taken with `SET ROLE` right after connecting.
  public var role: String?
  public var applicationName: String?
  /// Further command-line options for the server's session (`-c name=value`), as libpq's `options`.
  public var options: String?
  /// `any`, `read-write`, `read-only`, `primary`, `standby` or `prefer-standby`: which of several hosts will do.
  public var targetSessionAttributes: String?

  /// `host` may be a comma list, as libpq allows; `port` then counts for all of them.
  public init(
    host: String? = nil, port: Int? = nil, user: String? = nil, password: String? = nil, database: String? = nil
  ) {
    hosts = (host ?? "").split(separator: ",").map { Self.trimmed(String($0)) }.filter { !$0.isEmpty }
    ports = port.map { [$0] } ?? []
    self.user = user
    self.password = password.map(Secret.init)
    self.database = database
  }

  private static func trimmed(_ text: String) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  /// The same server and user, another database.
  public func with(database: String) -> ConnectionParameters {
    var copy = self
    copy.database = database
    return copy
  }

  /// For people: `user@host:port/database`; never the password.
  public var description: String {
    let place = hosts.isEmpty ? "(default host)" : hosts.joined(separator: ",")
    let port = ports.isEmpty ? "" : ":" + ports.map(String.init).joined(separator: ",")
    return "\(user.map { $0 + "@" } ?? "")\(place)\(port)/\(database ?? "")"
  }

  /// The hosts to try, each with its port; one entry with nils when nothing was named.
  var endpoints: [(host: String?, port: Int?)] {
    if hosts.isEmpty { return [(nil, ports.first)] }
    return hosts.enumerated().map { index, host in
      (host, ports.count == 1 ? ports[0] : index < ports.count ? ports[index] : nil)
    }
  }

  /// The options string: search_path as dbt passes it (spaces escaped for the server's option parser), then `options`.
  var serverOptions: String? {
    var parts: [String] = []
    if let searchPath, !searchPath.isEmpty {
      var escaped = ""
      for character in searchPath {
        if character == " " || character == "\\" { escaped.append("\\") }
        escaped.append(character)
      }
      parts.append("-c search_path=\(escaped)")
    }
    if let options, !options.isEmpty { parts.append(options) }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }

  /// libpq's keywords and values for one endpoint. The password is among them: hand it to libpq and nothing else.
  func keywords(host: String?, port: Int?, sessionAttributes: String?) -> [(String, String)] {
    var pairs: [(String, String)] = []
    func add(_ keyword: String, _ value: String?) {
      if let value { pairs.append((keyword, value)) }
    }
    add("host", host)
    add("port", port.map(String.init))
    add("user", user)
    add("password", password?.reveal())
    add("dbname", database)
    // libpq rounds 1 up to 2 in its blocking calls; we poll ourselves and pass it for the record only.
    add("connect_timeout", String(connectTimeout))
    if keepalivesIdle > 0 { add("keepalives_idle", String(keepalivesIdle)) }
    if let sslMode, !sslMode.isEmpty { add("sslmode", sslMode) }
    add("sslcert", sslCertificate)
    add("sslkey", sslKey)
    add("sslrootcert", sslRootCertificate)
    if let applicationName, !applicationName.isEmpty { add("application_name", applicationName) }
    add("fallback_application_name", "tenon")
    add("client_encoding", "UTF8")
    add("options", serverOptions)
    add("target_session_attrs", sessionAttributes)
    return pairs
  }
}
