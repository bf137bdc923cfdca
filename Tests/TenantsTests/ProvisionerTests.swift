import Diagnostics
import Postgres
import TestServer
import Testing

@testable import Tenants

import Glibc

/// Collects from several threads.
final class Collected<Element>: @unchecked Sendable {
  private var elements: [Element] = []
  private let lock = TestLock()
  func add(_ element: Element) { lock.hold { elements.append(element) } }
  var all: [Element] { lock.hold { elements } }
}

@Suite(.serialized) struct ProvisionerTests {
  private func provisioner(_ settings: TenancySettings = TenancySettings()) throws -> Provisioner {
    try Provisioner(TestServer.shared().parameters(), settings: settings)
  }

  /// A name no other test uses.
  private func fresh(_ stem: String) throws -> TenantName {
    try TenantName("\(stem)-\(UInt32.random(in: 0 ... .max))")
  }

  private func code(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch { return (error as? Diagnostic)?.code ?? "\(error)" }
  }

  private func errors(_ tenant: TenantConfiguration) throws -> [String] {
    try IsolationAudit.run(tenant, TestServer.shared().parameters()).filter { $0.severity == .error }.map(\.code)
  }

  @Test func lifeOfATenant() throws {
    let provisioner = try provisioner()
    defer { provisioner.close() }
    let server = try TestServer.shared()
    let name = try fresh("My_Company")
    let first = try provisioner.create(name)
    defer { _ = try? provisioner.drop(name) }
    #expect(first.change == .created)
    #expect(first.mark.tenant == name.text)
    #expect(first.mark.createdAt?.hasSuffix("Z") == true)
    let second = try provisioner.create(name)
    #expect(second.change == .unchanged)
    #expect(second.mark == first.mark)

    let connection = try server.connect(database: first.configuration.database)
    #expect(try TenantRegistry.schemas(connection) == ["public", "public_public", "staging"])
    #expect(
      try connection.query(
        "SELECT has_database_privilege('pg_monitor', current_database(), 'CONNECT, TEMPORARY')"
      ).scalar == "f")
    try TenantGuard.verify(connection, first.configuration)
    let other = try TenantConfiguration(fresh("other"))
    #expect(code { try TenantGuard.verify(connection, other) } == "tenant-mismatch")
    #expect(code { try TenantGuard.verify(connection, first.configuration, role: "someone") } == "tenant-mismatch")
    #expect(code { try TenantGuard.verify(server.connect(), TenantConfiguration(name)) } == "tenant-mismatch")
    connection.close()

    try provisioner.recordRun(first.configuration, command: "build", status: "success")
    let admin = try server.connect()
    defer { admin.close() }
    let entry = try #require(try TenantRegistry.list(admin).first { $0.name == name.text })
    #expect(entry.mark.lastRunStatus == "success")
    #expect(entry.mark.lastRunAt != nil)
    #expect(entry.database == first.configuration.database)
    #expect((entry.size ?? 0) > 1_000_000)

    let details = try TenantRegistry.info(first.configuration, server.parameters())
    #expect(details.entry.sessions == 0)
    #expect(details.relations.isEmpty)

    #expect(try provisioner.drop(name))
    #expect(try provisioner.drop(name) == false)
    #expect(code { _ = try TenantRegistry.info(first.configuration, server.parameters()) } == "unknown-tenant")
  }

  @Test func halfProvisionedTenantsAreCompleted() throws {
    let provisioner = try provisioner()
    defer { provisioner.close() }
    let server = try TestServer.shared()
    let name = try fresh("half")
    let database = try provisioner.configuration(name).database
    let admin = try server.connect()
    defer { admin.close() }
    // As a process leaves it that was killed right after CREATE DATABASE.
    try admin.execute("CREATE DATABASE \(SQL.identifier(database))")
    #expect(try TenantRegistry.list(admin).allSatisfy { $0.name != name.text })
    #expect(try provisioner.create(name).change == .completed)
    #expect(try provisioner.create(name).change == .unchanged)
    // Schemas and rights that were lost are put back.
    let inside = try server.connect(database: database)
    try inside.execute("DROP SCHEMA staging; GRANT CONNECT ON DATABASE \(SQL.identifier(database)) TO PUBLIC")
    inside.close()
    #expect(
      try errors(provisioner.configuration(name)) == ["public-connect"])
    try provisioner.create(name)
    #expect(try errors(provisioner.configuration(name)).isEmpty)
    try provisioner.drop(name)
  }

  @Test func databasesOfOthersAreLeftAlone() throws {
    let provisioner = try provisioner()
    defer { provisioner.close() }
    let server = try TestServer.shared()
    let name = try fresh("taken")
    let database = try provisioner.configuration(name).database
    let admin = try server.connect()
    defer { admin.close() }
    try admin.execute("CREATE DATABASE \(SQL.identifier(database))")
    let inside = try server.connect(database: database)
    try inside.execute("CREATE TABLE precious (a int)")
    #expect(code { _ = try provisioner.create(name) } == "database-not-a-tenant")
    #expect(code { _ = try provisioner.drop(name) } == "tenant-unmarked")
    #expect(
      try inside.query("SELECT has_database_privilege('pg_monitor', current_database(), 'CONNECT')").scalar == "t")
    inside.close()
    var options = Provisioner.Options()
    options.adopt = true
    #expect(try provisioner.create(name, options).change == .completed)
    // Somebody else's mark.
    try admin.execute(
      "COMMENT ON DATABASE \(SQL.identifier(database)) IS \(SQL.literal(TenantMark(tenant: "stranger").comment) as String)"
    )
    #expect(code { _ = try provisioner.create(name) } == "tenant-collision")
    #expect(code { _ = try provisioner.drop(name) } == "tenant-mismatch")
    try admin.execute("DROP DATABASE \(SQL.identifier(database)) WITH (FORCE)")
  }

  @Test func namesThatWouldShareABucketAreRefused() throws {
    let provisioner = try provisioner()
    defer { provisioner.close() }
    let stem = UInt32.random(in: 0 ... .max)
    let name = try TenantName("a_\(stem)")
    try provisioner.create(name)
    defer { _ = try? provisioner.drop(name) }
    #expect(code { _ = try provisioner.create(TenantName("A-\(stem)")) } == "tenant-collision")
    #expect(code { _ = try provisioner.rename(name, to: TenantName("a-\(stem)")) } == nil)
    #expect(try provisioner.drop(TenantName("a-\(stem)")))
  }

  @Test func tenantsThatRace() throws {
    let provisioner = try provisioner()
    defer { provisioner.close() }
    let name = try fresh("race")
    let outcomes = Collected<Result<Provisioner.Outcome, any Error>>()
    let threads = (0..<8).map { _ in
      TestThread {
        outcomes.add(Result { try provisioner.create(name) })
        provisioner.closeCurrent()
      }
    }
    for thread in threads { thread.join() }
    let changes = try outcomes.all.map { try $0.get().change }
    #expect(changes.filter { $0 == .created }.count == 1)
    #expect(changes.filter { $0 == .unchanged }.count == 7)
    #expect(try provisioner.drop(name))
  }

  @Test func renaming() throws {
    let provisioner = try provisioner()
    defer { provisioner.close() }
    let server = try TestServer.shared()
    let old = try fresh("old")
    let new = try fresh("new")
    var options = Provisioner.Options()
    options.withRole = true
    try provisioner.create(old, options)
    // In the way, and ended.
    let session = try server.connect(database: provisioner.configuration(old).database)
    let mark = try provisioner.rename(old, to: new)
    session.close()
    #expect(mark.tenant == new.text)
    #expect(mark.role == "\(new.text)_db_role")
    #expect(try provisioner.create(new).change == .unchanged)
    #expect(code { _ = try provisioner.rename(old, to: fresh("x")) } == "unknown-tenant")
    #expect(try errors(provisioner.configuration(new)).isEmpty)
    try provisioner.create(old)
    #expect(code { _ = try provisioner.rename(old, to: new) } == "tenant-exists")
    try provisioner.drop(old)
    try provisioner.drop(new)
  }

  @Test func optionsReachTheServer() throws {
    let provisioner = try provisioner()
    defer { provisioner.close() }
    let server = try TestServer.shared()
    let admin = try server.connect()
    defer { admin.close() }
    let template = "template \(UInt32.random(in: 0 ... .max))"
    try admin.execute("CREATE DATABASE \(SQL.identifier(template))")
    let inside = try server.connect(database: template)
    try inside.execute("CREATE SCHEMA extra; CREATE TABLE extra.t ()")
    inside.close()
    let name = try fresh("options")
    var options = Provisioner.Options()
    options.template = template
    options.connectionLimit = 7
    options.owner = "postgres"
    options.strategy = "file_copy"
    #expect(try provisioner.create(name, options).change == .created)
    let limit = try admin.query(
      "SELECT datconnlimit FROM pg_database WHERE datname = $1", [provisioner.configuration(name).database])
    #expect(limit.scalar == "7")
    #expect(
      try TenantRegistry.info(provisioner.configuration(name), server.parameters()).relations.map(\.name) == ["t"])
    try provisioner.drop(name)
    options.template = "no such template"
    #expect(throws: PostgresError.self) { try provisioner.create(name, options) }
    try admin.execute("DROP DATABASE \(SQL.identifier(template))")
  }

  @Test func aTenantsRoleStaysInItsDatabase() throws {
    let provisioner = try provisioner()
    defer { provisioner.close() }
    let server = try TestServer.shared()
    let mine = try fresh("mine")
    let other = try fresh("theirs")
    var options = Provisioner.Options()
    options.withRole = true
    let outcome = try provisioner.create(mine, options)
    try provisioner.create(other)
    var parameters = server.parameters(database: outcome.configuration.database)
    let session = try TenantLogin.open(outcome.configuration, parameters, key: provisioner.roleKey)
    try TenantGuard.verify(session, outcome.configuration, role: outcome.mark.role)
    parameters = session.parameters
    #expect(parameters.user == outcome.mark.role)
    try session.execute("CREATE TABLE public_public.t (a int); INSERT INTO public_public.t VALUES (1)")
    // Every way out it might try.
    for attack in [
      "RESET ROLE; COPY (SELECT 1) TO PROGRAM 'true'", "SET ROLE postgres", "CREATE DATABASE stolen",
      "CREATE ROLE thief",
      "ALTER ROLE CURRENT_USER SUPERUSER", "CREATE EXTENSION dblink", "CREATE EXTENSION postgres_fdw",
      "SELECT pg_read_file('postgresql.conf')", "SELECT lo_import('/etc/passwd')",
      "COPY public_public.t FROM '/etc/passwd'",
      "SELECT * FROM pg_authid", "COMMENT ON DATABASE \(try SQL.identifier(outcome.configuration.database)) IS 'mine'",
      "GRANT CONNECT ON DATABASE \(try SQL.identifier(provisioner.configuration(other).database)) TO CURRENT_USER",
      "SELECT * FROM \(try SQL.identifier(provisioner.configuration(other).database)).public_public.t",
      "SET SESSION AUTHORIZATION postgres", "RESET SESSION AUTHORIZATION; CREATE ROLE thief",
      "ALTER DATABASE \(try SQL.identifier(provisioner.configuration(other).database)) RENAME TO mine",
      "DO $$ BEGIN EXECUTE 're' || 'set role'; EXECUTE 'create role thief'; END $$",
      "CREATE FUNCTION public_public.f() RETURNS int LANGUAGE plpython3u AS $$ return 1 $$",
      "CREATE FUNCTION public_public.f() RETURNS int LANGUAGE c AS 'system'",
      "ALTER DATABASE \(try SQL.identifier(outcome.configuration.database)) SET session_preload_libraries = 'x'",
      "SELECT pg_ls_dir('.')", "SELECT lo_export(lo_create(0), '/tmp/x')", "GRANT pg_read_server_files TO CURRENT_USER",
      "ALTER SYSTEM SET fsync = on", "CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw",
    ] {
      #expect(throws: PostgresError.self, "\(attack)") { try session.execute(attack) }
      try session.rollback()
    }
    session.close()
    parameters.database = try provisioner.configuration(other).database
    do {
      try Connection.open(parameters).close()
      Issue.record("another tenant's database let it in")
    } catch let error as PostgresError { #expect(error.sqlState == "42501") }
    #expect(try IsolationAudit.run(outcome.configuration, server.parameters()).isEmpty)
    try provisioner.drop(mine)
    try provisioner.drop(other)
    let admin = try server.connect()
    #expect(try admin.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [outcome.mark.role]).rowCount == 0)
    admin.close()
  }

  /// What a tenant left in its database is never executed with an administrator's rights.
  @Test func trapsOfATenantCatchNobody() throws {
    let provisioner = try provisioner()
    defer { provisioner.close() }
    let server = try TestServer.shared()
    let name = try fresh("trap")
    var options = Provisioner.Options()
    let tenant = try provisioner.create(name, options).configuration
    // Made by another login before there was a role: it is handed over.
    let before = try server.connect(database: tenant.database)
    try before.execute("CREATE TABLE public_public.old (id serial, a int); CREATE VIEW staging.v AS SELECT 1 AS x")
    before.close()
    options.withRole = true
    let role = try #require(try provisioner.create(name, options).mark.role)
    let inside = try TenantLogin.open(tenant, server.parameters(), key: provisioner.roleKey)
    try inside.execute(
      """
      DROP TABLE public_public.old; DROP VIEW staging.v;
      CREATE TABLE public_public.caught (who text);
      GRANT ALL ON public_public.caught TO PUBLIC; GRANT USAGE ON SCHEMA public_public TO PUBLIC;
      CREATE FUNCTION public.trap() RETURNS text LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO public_public.caught SELECT current_user WHERE current_user <> '\(role)'; RETURN 'x'; END $$;
      CREATE VIEW public_public.stg_customers_tenant AS
        SELECT public.trap() AS tenant_name, 'b' AS source_s3_bucket, 'p' AS source_s3_prefix;
      CREATE FUNCTION public.like_trap(name, text) RETURNS boolean LANGUAGE sql AS $$ SELECT public.trap() = 'x' $$;
      CREATE OPERATOR public.!~~ (LEFTARG = name, RIGHTARG = text, FUNCTION = public.like_trap);
      CREATE OPERATOR public.= (LEFTARG = name, RIGHTARG = text, FUNCTION = public.like_trap)
      """)
    #expect(try errors(tenant) == ["foreign-rows"])
    _ = try TenantRegistry.info(tenant, server.parameters())
    try provisioner.create(name, options)
    let file = "/tmp/tenon trap \(UInt32.random(in: 0 ... .max)).dump"
    defer { unlink(file) }
    try provisioner.export(name, to: file)
    try provisioner.import(name, from: file, replace: true)
    #expect(
      try TenantDiff.run(tenant, tenant, leftServer: server.parameters(), key: provisioner.roleKey).differences.isEmpty)
    #expect(try inside.query("SELECT count(*) FROM public_public.caught").scalar == "0")
    // A function that acts as its owner, made by an administrator.
    let admin = try server.connect(database: tenant.database)
    try admin.execute(
      "CREATE FUNCTION public.power() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT pg_read_file(''PG_VERSION'')'"
    )
    admin.close()
    #expect(try errors(tenant).contains("definer-function"))
    inside.close()
    // Another key: the role's password is not the one that follows from it, where the server asks for one.
    #expect(TenantRole.password(role, key: Secret("a")) != TenantRole.password(role, key: Secret("b")))
    #expect(
      code { _ = try TenantLogin.open(tenant, server.parameters(), key: Secret("")).close() } == "tenant-role-key")
    let renamed = try fresh("renamed-trap")
    let mark = try provisioner.rename(name, to: renamed)
    #expect(mark.role?.hasPrefix(renamed.text) == true)
    try provisioner.drop(renamed)
  }

  @Test func exportAndImport() throws {
    let provisioner = try provisioner()
    defer { provisioner.close() }
    let server = try TestServer.shared()
    let old = try fresh("export")
    let new = try fresh("import")
    let file = "/tmp/tenon test '\(UInt32.random(in: 0 ... .max)).dump"
    defer { unlink(file) }
    #expect(code { try provisioner.export(old, to: file) } == "unknown-tenant")
    let database = try provisioner.create(old).configuration.database
    let inside = try server.connect(database: database)
    try inside.execute(
      "CREATE TABLE public_public.t AS SELECT g, 'テナント' AS name FROM generate_series(1, 1000) g; CREATE VIEW staging.v AS SELECT * FROM public_public.t"
    )
    inside.close()
    try provisioner.export(old, to: file)
    #expect(code { try provisioner.export(old, to: file) } == "file-exists")
    var options = Provisioner.Options()
    options.withRole = true
    let outcome = try provisioner.import(new, from: file, options)
    let copy = try server.connect(database: outcome.configuration.database)
    #expect(try copy.query("SELECT count(*), min(name) FROM staging.v").textRows == [["1000", "テナント"]])
    #expect(
      try copy.query("SELECT has_schema_privilege($1, 'public_public', 'CREATE')", [outcome.mark.role]).scalar == "t")
    #expect(code { try provisioner.import(new, from: file) } == "tenant-not-empty")
    try copy.execute("DELETE FROM public_public.t")
    try provisioner.import(new, from: file, replace: true)
    #expect(try copy.query("SELECT count(*) FROM staging.v").scalar == "1000")
    copy.close()
    #expect(try IsolationAudit.run(outcome.configuration, server.parameters()).isEmpty)
    #expect(code { try provisioner.import(new, from: "/etc/hostname", replace: true) } == "pg_restore-failed")
    try provisioner.drop(old)
    try provisioner.drop(new)
  }

  @Test func theAuditSeesWhatIsWrong() throws {
    let provisioner = try provisioner()
    defer { provisioner.close() }
    let server = try TestServer.shared()
    let name = try fresh("audit")
    let tenant = try provisioner.configuration(name)
    try provisioner.create(name)
    let inside = try server.connect(database: tenant.database)
    #expect(code { _ = try TenantCheck.run(inside) } == "tenant-check")
    try inside.execute(
      """
      CREATE VIEW public_public.stg_customers_tenant AS
        SELECT tenant_name, 'b'::text AS source_s3_bucket, 'p'::text AS source_s3_prefix
        FROM (VALUES (\(SQL.literal(name.text) as String)), (\(SQL.literal(name.text) as String)), ('tenant_x')) v (tenant_name);
      GRANT ALL ON DATABASE \(SQL.identifier(tenant.database)) TO PUBLIC
      """)
    let check = try TenantCheck.run(inside)
    #expect(check.rows.map(\.count).reduce(0, +) == 3)
    #expect(check.rows.contains(.init(tenantName: name.text, bucket: "b", prefix: "p", count: 2)))
    #expect(!check.isClean(for: name))
    inside.close()
    // The test's user may do anything, and the audit says so.
    #expect(try IsolationAudit.run(tenant, server.parameters()).contains { $0.code == "shared-login" })
    let codes = try errors(tenant)
    #expect(codes == ["public-connect", "public-create", "public-temporary", "foreign-rows"])
    try provisioner.drop(name)
    #expect(code { _ = try IsolationAudit.run(tenant, server.parameters()) } == "unknown-tenant")
  }

  @Test func twoHundredHostileStrings() throws {
    #expect(HostileStrings.all.count >= 200)
    let server = try TestServer.shared()
    let provisioner = try provisioner()
    defer { provisioner.close() }
    let connection = try server.connect()
    defer { connection.close() }
    let before = try connection.query("SELECT datname FROM pg_database ORDER BY 1").textRows
    for text in HostileStrings.all {
      // As a name: refused, or a tenant that can be made, found and dropped.
      if let name = try? TenantName(text) {
        #expect(text.utf8.allSatisfy { $0 == 0x2D || $0 == 0x5F || $0 >= 0x30 && $0 <= 0x7A && $0 != 0x3B })
        let outcome = try provisioner.create(name)
        #expect(
          try connection.query("SELECT 1 FROM pg_database WHERE datname = $1", [outcome.configuration.database])
            .rowCount
            == 1)
        #expect(try provisioner.drop(name))
      }
      // As a value and as an identifier: refused, or exactly the text.
      if let literal = try? SQL.literal(text) as String {
        #expect(try connection.query("SELECT \(literal)").scalar.map { Array($0.utf8) } == Array(text.utf8))
        connection.autocommit = true
        try connection.execute(
          "SET standard_conforming_strings = off; SET backslash_quote = on; SET escape_string_warning = off")
        #expect(try connection.query("SELECT \(literal)").scalar.map { Array($0.utf8) } == Array(text.utf8))
        try connection.execute("RESET ALL")
        #expect(try connection.query("SELECT $1", [text]).scalar.map { Array($0.utf8) } == Array(text.utf8))
      } else {
        #expect(text.utf8.contains(0))
        #expect(throws: PostgresError.self) { try connection.query("SELECT $1", [text]) }
      }
      if let identifier = try? SQL.identifier(text) {
        #expect(
          try connection.query("SELECT 1 AS \(identifier)").columns.map { Array($0.name.utf8) } == [Array(text.utf8)])
      } else {
        #expect(text.utf8.contains(0) || text.isEmpty || text.utf8.count > 63)
      }
      // In a mark.
      #expect(TenantMark(comment: TenantMark(tenant: text).comment)?.tenant == text)
    }
    #expect(try connection.query("SELECT datname FROM pg_database ORDER BY 1").textRows == before)
  }
}
