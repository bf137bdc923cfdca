import Diagnostics
import Postgres

/// Whose rows are in a tenant's database: the check after every tenant run.
public struct TenantCheck: Sendable, Equatable {
  public struct Row: Sendable, Equatable {
    public var tenantName: String?
    public var bucket: String?
    public var prefix: String?
    public var count: Int
  }

  /// `schema.table` as it was found, quoted.
  public var relation: String
  public var rows: [Row]

  /// Every row is the tenant's own.
  public func isClean(for tenant: TenantName) -> Bool { rows.allSatisfy { $0.tenantName == tenant.text } }

  public static func sql(relation: String) -> String {
    """
    SELECT tenant_name, source_s3_bucket, source_s3_prefix, count(*) AS count
    FROM \(relation)
    GROUP BY tenant_name, source_s3_bucket, source_s3_prefix
    ORDER BY tenant_name, source_s3_bucket, source_s3_prefix
    """
  }

  /// Counts the rows of `stg_customers_tenant` by tenant, in the first of `schemas` that has it, else in any.
  /// - Throws: `Diagnostic` `tenant-check` when there is no such relation; `PostgresError`.
  public static func run(_ connection: Connection, schemas: [String] = ["public_public"]) throws -> TenantCheck {
    let found = try connection.query(
      """
      SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relname = 'stg_customers_tenant' AND c.relkind IN ('r', 'v', 'm', 'p')
        AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1
      """
    ).textRows.compactMap { $0[0] }
    guard let schema = schemas.first(where: found.contains) ?? found.first else {
      throw Diagnostic(
        "tenant-check", .validation, "There is no stg_customers_tenant in the tenant's database.",
        hint: "Run the models first.")
    }
    let relation = "\(try SQL.identifier(schema)).stg_customers_tenant"
    let result = try connection.query(sql(relation: relation))
    return TenantCheck(
      relation: relation,
      rows: result.textRows.map { row in
        Row(tenantName: row[0], bucket: row[1], prefix: row[2], count: row[3].flatMap(Int.init) ?? 0)
      })
  }
}
