import Postgres

extension IsolationAudit {
  /// What lets SQL leave its database: other servers' data, files, programs.
  static func waysOut(_ connection: Connection) throws -> [Finding] {
    let result = try connection.query(
      """
      SELECT 'extension', extname::text FROM pg_catalog.pg_extension
        WHERE extname IN ('dblink', 'adminpack', 'http', 'pg_net', 'plsh', 'aws_s3', 'pg_cron', 'file_fdw')
      UNION ALL SELECT 'foreign-data wrapper', fdwname::text FROM pg_catalog.pg_foreign_data_wrapper
        WHERE fdwname NOT IN ('dblink_fdw', 'file_fdw')
      UNION ALL SELECT 'foreign server', srvname::text FROM pg_catalog.pg_foreign_server
      UNION ALL SELECT 'untrusted language', lanname::text FROM pg_catalog.pg_language
        WHERE NOT lanpltrusted AND lanname NOT IN ('internal', 'c')
      UNION ALL SELECT 'subscription', subname::text FROM pg_catalog.pg_stat_subscription
      ORDER BY 1, 2
      """)
    return result.textRows.map { row in
      Finding(
        severity: .warning, code: "way-out",
        message: "The \(row[0] ?? "") '\(row[1] ?? "")' lets statements reach data outside of this database.")
    }
  }

  /// Functions of more powerful roles that the tenant's may call, which then act with that power.
  static func definers(_ role: String, _ connection: Connection) throws -> [Finding] {
    let result = try connection.query(
      """
      SELECT p.oid::pg_catalog.regprocedure, o.rolname FROM pg_catalog.pg_proc p
      JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_roles o ON o.oid = p.proowner
      WHERE p.prosecdef AND o.rolname <> $1 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND pg_catalog.has_function_privilege($1, p.oid, 'EXECUTE')
        AND pg_catalog.has_schema_privilege($1, n.oid, 'USAGE')
      ORDER BY 1
      """, [role])
    return result.textRows.map { row in
      Finding(
        severity: .error, code: "definer-function",
        message: "The function \(row[0] ?? "") acts as its owner '\(row[1] ?? "")', whoever calls it.",
        fix: "REVOKE EXECUTE ON FUNCTION \(row[0] ?? "") FROM PUBLIC")
    }
  }
}
