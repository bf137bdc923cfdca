import Diagnostics
import TestServer
import Testing

@testable import Postgres

import Glibc

@Suite(.serialized) struct ConnectionTests {
  @Test func resultsAreTyped() throws {
    let connection = try TestServer.shared().connect()
    let result = try connection.query(
      """
      SELECT 1 AS a, 2::bigint AS b, 'x'::varchar(10) AS c, 1.50::numeric(10,2) AS d, NULL::text AS e, true AS f,
        date '2024-02-29' AS g, ARRAY['p', 'q,r', NULL] AS h, interval '-1 day 2 hours' AS i, 0.1::float8 AS j,
        timestamptz '2024-02-29 12:00:00+00' AT TIME ZONE 'UTC' AS k, '\\x0aff'::bytea AS l
      """)
    #expect(result.columns.map(\.name) == ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"])
    #expect(
      result.columns.map { $0.dbapiName ?? "-" } == [
        "INTEGER", "LONGINTEGER", "STRING", "DECIMAL", "STRING", "BOOLEAN", "DATE", "STRINGARRAY", "INTERVAL", "FLOAT",
        "DATETIME", "BINARY",
      ])
    #expect(result.columns[2].typeModifier == 14)
    #expect(
      result.row(0) == [
        .integer(1), .integer(2), .text("x"), .numeric("1.50"), .null, .bool(true),
        .date(CivilDate(year: 2024, month: 2, day: 29)), .array([.text("p"), .text("q,r"), .null]),
        .interval(PostgresInterval(months: 0, days: -1, microseconds: 7_200_000_000)), .double(0.1),
        .timestamp(CivilDate(year: 2024, month: 2, day: 29), CivilTime(hour: 12, minute: 0, second: 0)),
        .bytes([0x0A, 0xFF]),
      ])
    #expect(result.tag == CommandTag(message: "SELECT 1", rowsAffected: 1))
  }

  @Test func severalStatements() throws {
    let connection = try TestServer.shared().connect()
    let result = try connection.execute(
      "CREATE TEMP TABLE t AS SELECT g FROM generate_series(1, 10) g; INSERT INTO t VALUES (1), (2); CREATE TEMP VIEW v AS SELECT * FROM t"
    )
    #expect(result.allTags.map(\.message) == ["SELECT 10", "INSERT 0 2", "CREATE VIEW"])
    #expect(result.allTags.map(\.rowsAffected) == [10, 2, -1])
    #expect(result.tag.code == "CREATE VIEW")
    #expect(!result.hasRows)
    #expect(try connection.query("SELECT * FROM t WHERE g > $1 ORDER BY g", ["8"]).textRows == [["9"], ["10"]])
    #expect(try connection.query("SELECT $1::text || $2::text", [nil, "x"]).textRows == [[nil]])
    #expect(throws: PostgresError.self) { try connection.execute("-- nothing") }
    #expect(throws: PostgresError.self) { try connection.execute("SELECT 1\0; DROP TABLE t") }
  }

  @Test func errorsReadAsPsycopgs() throws {
    let connection = try TestServer.shared().connect()
    do {
      try connection.execute("select 1\n  from nowhere")
      Issue.record("no error")
    } catch let error as PostgresError {
      #expect(error.sqlState == "42P01")
      #expect(error.message == "relation \"nowhere\" does not exist\nLINE 2:   from nowhere\n               ^")
      #expect(error.primary == "relation \"nowhere\" does not exist")
      #expect(error.position == 17)
      #expect(!error.connectionLost)
    }
    try connection.execute("CREATE TEMP TABLE u (id int PRIMARY KEY)")
    do {
      try connection.execute("INSERT INTO u VALUES (1), (1)")
      Issue.record("no error")
    } catch let error as PostgresError {
      #expect(
        error.message
          == "duplicate key value violates unique constraint \"u_pkey\"\nDETAIL:  Key (id)=(1) already exists.")
      #expect(error.constraint == "u_pkey")
      #expect(error.table == "u")
    }
    // Later statements of the same text are not run, and the connection goes on.
    #expect(throws: PostgresError.self) { try connection.execute("SELECT 1/0; CREATE TABLE never ()") }
    #expect(try connection.query("SELECT to_regclass('never')").scalar == nil)
  }

  @Test func refusalsHaveTheirState() throws {
    let server = try TestServer.shared()
    func state(_ parameters: ConnectionParameters) -> String? {
      do {
        try Connection.open(parameters, retries: 0).close()
        return "opened"
      } catch { return (error as? PostgresError)?.sqlState }
    }
    #expect(state(server.parameters(database: "absent")) == "3D000")
    var wrong = server.parameters()
    wrong.password = Secret("wrong")
    #expect(state(wrong) == "28P01")
    do {
      _ = try Connection.open(wrong)
    } catch {
      #expect("\(error)".contains("password authentication failed for user \"postgres\""))
      #expect(!"\(error)".contains("LOCATION"))
      #expect(!"\(error)".contains("28P01"))
    }
    var nobody = server.parameters()
    nobody.ports = [1]
    var retried = 0
    #expect(throws: PostgresError.self) { try Connection.open(nobody, retries: 1) { _, _ in retried += 1 } }
    #expect(retried == 1)
    // Several hosts: the first that answers.
    var several = server.parameters()
    several.hosts = ["127.0.0.1", "127.0.0.1"]
    several.ports = [1, server.endpoint.port]
    several.targetSessionAttributes = "read-write"
    #expect(state(several) == "opened")
    several.targetSessionAttributes = "standby"
    #expect(state(several) != "opened")
  }

  @Test func sessionsAreSetUp() throws {
    let server = try TestServer.shared()
    let admin = try server.connect()
    try admin.execute("CREATE ROLE \"Odd \"\"role\"")
    defer { _ = try? admin.execute("DROP ROLE \"Odd \"\"role\"") }
    var parameters = server.parameters()
    parameters.role = "Odd \"role"
    parameters.searchPath = "\"my schema\", public"
    parameters.applicationName = "app"
    parameters.options = "-c datestyle=German"
    let connection = try Connection.open(parameters)
    #expect(try connection.query("SELECT current_user").scalar == "Odd \"role")
    #expect(try connection.query("SHOW search_path").scalar == "\"my schema\", public")
    #expect(try connection.query("SHOW application_name").scalar == "app")
    #expect(try connection.query("SELECT date '2024-02-29'").scalar == "2024-02-29")
    try connection.execute("SET work_mem = '5MB'; CREATE TEMP TABLE mine (); SET ROLE NONE")
    try connection.reset()
    #expect(try connection.query("SELECT current_user").scalar == "Odd \"role")
    #expect(try connection.query("SELECT to_regclass('mine')").scalar == nil)
    #expect(try connection.query("SELECT date '2024-02-29'").scalar == "2024-02-29")
    connection.close()
  }

  @Test func transactions() throws {
    let connection = try TestServer.shared().connect()
    #expect(connection.transactionStatus == .idle)
    try connection.execute("CREATE TEMP TABLE x (a int)")
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try connection.transaction {
        try connection.execute("INSERT INTO x VALUES (1)")
        throw Stop()
      }
    }
    #expect(connection.transactionStatus == .idle)
    #expect(try connection.query("SELECT count(*) FROM x").scalar == "0")
    connection.autocommit = false
    try connection.execute("INSERT INTO x VALUES (1)")
    #expect(connection.transactionStatus == .inTransaction)
    #expect(throws: PostgresError.self) { try connection.execute("SELECT 1/0") }
    #expect(connection.transactionStatus == .failed)
    do {
      try connection.commit()
      Issue.record("no error")
    } catch let error as PostgresError { #expect(error.sqlState == "25P02") }
    try connection.execute("INSERT INTO x VALUES (2)")
    try connection.commit()
    #expect(try connection.query("SELECT a FROM x").scalar == "2")
    try connection.rollback()
    #expect(connection.transactionStatus == .idle)
  }

  @Test func notices() throws {
    let connection = try TestServer.shared().connect()
    let seen = Locked<[String]>([])
    connection.onNotice = { notice in seen.withLock { $0.append("\(notice.severity ?? "-") \(notice.primary)") } }
    try connection.execute("DROP TABLE IF EXISTS nothing_there; DO $$ BEGIN RAISE WARNING 'careful'; END $$")
    #expect(
      seen.withLock { $0 } == ["NOTICE table \"nothing_there\" does not exist, skipping", "WARNING careful"])
  }

  @Test func cancellingFromAnotherThread() throws {
    let connection = try TestServer.shared().connect()
    connection.name = "sleeper"
    let names = Locked<[String]>([])
    let thread = TestThread {
      for _ in 0..<200 {
        if connection.isRunning {
          usleep(50_000)
          names.withLock { $0 = ConnectionRegistry.shared.cancelAll { $0.name == "sleeper" } }
          return
        }
        usleep(10_000)
      }
    }
    do {
      try connection.execute("SELECT pg_sleep(20)")
      Issue.record("not cancelled")
    } catch let error as PostgresError { #expect(error.isCanceled) }
    thread.join()
    #expect(names.withLock { $0 } == ["sleeper"])
    #expect(try connection.query("SELECT 1").scalar == "1")
    connection.close()
    #expect(connection.cancel() == false)
  }

  @Test func statementTimeout() throws {
    let connection = try TestServer.shared().connect()
    try connection.setStatementTimeout(milliseconds: 50)
    do {
      try connection.execute("SELECT pg_sleep(5)")
      Issue.record("no timeout")
    } catch let error as PostgresError { #expect(error.isCanceled) }
    try connection.setStatementTimeout(milliseconds: nil)
    try connection.execute("SELECT pg_sleep(0.1)")
  }

  @Test func lostConnections() throws {
    let server = try TestServer.shared()
    let admin = try server.connect()
    let pool = ConnectionPool(server.parameters())
    let first = try pool.connection(named: "model.a")
    #expect(try pool.connection(named: "model.b") === first)
    #expect(first.name == "model.b")
    try admin.query("SELECT pg_terminate_backend($1)", [String(first.backendPID)])
    do {
      try first.execute("SELECT 1")
      Issue.record("still there")
    } catch let error as PostgresError {
      #expect(error.connectionLost)
      #expect(error.isRetryable)
    }
    #expect(first.isBroken)
    let second = try pool.connection()
    #expect(second !== first)
    #expect(try second.query("SELECT 1").scalar == "1")
    // One that dies while nobody uses it is noticed when it is given back.
    try admin.query("SELECT pg_terminate_backend($1)", [String(second.backendPID)])
    usleep(100_000)
    pool.release()
    #expect(pool.openCount == 0)
    // And one that dies between two uses when it is taken out again.
    let idle = try pool.connection()
    try admin.query("SELECT pg_terminate_backend($1)", [String(idle.backendPID)])
    usleep(100_000)
    let third = try pool.connection()
    #expect(third !== idle)
    try third.execute("BEGIN; CREATE TEMP TABLE left_over ()")
    pool.release()
    #expect(try pool.connection() === third)
    #expect(third.transactionStatus == .idle)
    #expect(try third.query("SELECT to_regclass('left_over')").scalar == nil)
    pool.closeAll()
    #expect(third.isBroken)
    #expect(throws: PostgresError.self) { try third.execute("SELECT 1") }
  }

  @Test func aThreadHasItsOwnConnection() throws {
    let pool = try ConnectionPool(TestServer.shared().parameters())
    let pids = Locked<[Int]>([])
    // All three at once: thread ids are used again after a join.
    let threads = (0..<3).map { _ in
      TestThread {
        if let connection = try? pool.connection(), (try? connection.execute("SELECT pg_sleep(0.2)")) != nil {
          pids.withLock { $0.append(connection.backendPID) }
        }
      }
    }
    for thread in threads { thread.join() }
    #expect(Set(pids.withLock { $0 }).count == 3)
    pool.closeAll()
  }

  @Test func theGuardOfAPoolClosesWhatItRefuses() throws {
    struct Refused: Error {}
    let pool = try ConnectionPool(TestServer.shared().parameters(), onOpen: { _ in throw Refused() })
    #expect(throws: Refused.self) { try pool.connection() }
    #expect(pool.openCount == 0)
  }

  @Test func copyInAndOut() throws {
    let connection = try TestServer.shared().connect()
    try connection.execute("CREATE TEMP TABLE c (id int, name text)")
    let tag = try connection.copyIn("COPY c FROM STDIN WITH (FORMAT csv)") { writer in
      for id in 1...50_000 { try writer.write("\(id),\"名前, \(id)\"\n") }
    }
    #expect(tag.message == "COPY 50000")
    #expect(try connection.query("SELECT name FROM c WHERE id = 50000").scalar == "名前, 50000")
    var lines = 0
    try connection.copyOut("COPY c TO STDOUT") { _ in lines += 1 }
    #expect(lines == 50_000)

    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try connection.copyIn("COPY c FROM STDIN WITH (FORMAT csv)") { writer in
        try writer.write("1,x\n")
        throw Stop()
      }
    }
    #expect(throws: Stop.self) { try connection.copyOut("COPY c TO STDOUT") { _ in throw Stop() } }
    #expect(try connection.query("SELECT count(*) FROM c").scalar == "50000")

    // A refusal stops the writer long before all the data has been sent.
    var written = 0
    do {
      try connection.copyIn("COPY c FROM STDIN WITH (FORMAT csv)") { writer in
        try writer.write("not a number,x\n")
        let block = String(repeating: "1,x\n", count: 16 * 1024)
        for _ in 0..<2000 {
          try writer.write(block)
          written = writer.byteCount
        }
      }
      Issue.record("no error")
    } catch let error as PostgresError {
      #expect(error.sqlState == "22P02")
      #expect(error.message.contains("invalid input syntax for type integer"))
    }
    #expect(written < 100 << 20)
    #expect(throws: PostgresError.self) { try connection.copyIn("SELECT 1") { _ in } }
    #expect(throws: PostgresError.self) { try connection.copyIn("COPY c TO STDOUT") { _ in } }
    #expect(throws: PostgresError.self) { try connection.execute("COPY c FROM STDIN") }
    #expect(throws: PostgresError.self) { try connection.execute("COPY c TO STDOUT") }
    #expect(throws: PostgresError.self) { try connection.copyIn("COPY nowhere FROM STDIN") { _ in } }
    #expect(try connection.query("SELECT count(*) FROM c").scalar == "50000")
  }

  @Test func rowsOneByOne() throws {
    let connection = try TestServer.shared().connect()
    var sum = 0
    try connection.forEachRow("SELECT g FROM generate_series(1, 1000) g") { row in
      if case .integer(let value) = row.value(0, 0) { sum += Int(value) }
    }
    #expect(sum == 500_500)
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try connection.forEachRow("SELECT g FROM generate_series(1, 1000000) g") { _ in throw Stop() }
    }
    #expect(throws: PostgresError.self) {
      try connection.forEachRow("SELECT 1/g FROM generate_series(1, -1, -1) g") { _ in }
    }
    #expect(try connection.query("SELECT 1").scalar == "1")
  }
}
