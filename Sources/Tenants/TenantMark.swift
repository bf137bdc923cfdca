import Postgres

/// What a tenant's database says about itself: JSON in the comment on the database.
///
/// The registry of tenants is the set of these marks, so that a tenant made by another machine is known here, and a
/// database that merely ends in `_db` is not taken for one.
public struct TenantMark: Sendable, Equatable {
  public var tenant: String
  public var bucket: String?
  public var prefix: String?
  /// ISO 8601, UTC, by the server's clock.
  public var createdAt: String?
  public var tool: String
  /// The role that runs are done as, where the tenant has one.
  public var role: String?
  public var lastRunAt: String?
  public var lastRunCommand: String?
  /// `success`, `error`, …
  public var lastRunStatus: String?

  /// The key that tells our comments from others'.
  private static let format = "1"

  public init(tenant: String, tool: String = "tenon") {
    self.tenant = tenant
    self.tool = tool
  }

  /// Nil for a comment that is no mark.
  public init?(comment: String?) {
    guard let comment, let fields = FlatJSON.parse(comment), fields["tenon"] == Self.format,
      let tenant = fields["tenant"]
    else { return nil }
    self.tenant = tenant
    tool = fields["tool"] ?? "tenon"
    bucket = fields["bucket"]
    prefix = fields["prefix"]
    createdAt = fields["created_at"]
    role = fields["role"]
    lastRunAt = fields["last_run_at"]
    lastRunCommand = fields["last_run_command"]
    lastRunStatus = fields["last_run_status"]
  }

  public var comment: String {
    let fields: [(String, String?)] = [
      ("tenon", Self.format), ("tenant", tenant), ("bucket", bucket), ("prefix", prefix), ("created_at", createdAt),
      ("tool", tool), ("role", role), ("last_run_at", lastRunAt), ("last_run_command", lastRunCommand),
      ("last_run_status", lastRunStatus),
    ]
    return FlatJSON.text(fields.compactMap { name, value in value.map { (name, $0) } })
  }

  /// The comment on the connection's own database or a named one.
  static func read(_ connection: Connection, database: String? = nil) throws -> TenantMark? {
    let result = try connection.query(
      """
      SELECT pg_catalog.shobj_description(d.oid, 'pg_database') FROM pg_catalog.pg_database d
      WHERE d.datname = coalesce($1, pg_catalog.current_database())
      """, [database])
    return TenantMark(comment: result.scalar)
  }

  func write(_ connection: Connection, database: String) throws {
    try connection.execute("COMMENT ON DATABASE \(SQL.identifier(database)) IS \(SQL.literal(comment) as String)")
  }

  /// The server's time, as marks have it.
  static func now(_ connection: Connection) throws -> String? {
    try connection.query(
      "SELECT pg_catalog.to_char(pg_catalog.now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
    ).scalar
  }
}
