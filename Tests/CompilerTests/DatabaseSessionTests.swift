import Diagnostics
import Events
import Jinja
import Postgres
import TestServer
import Testing

@testable import Compiler

/// Transactions as dbt with psycopg2 has them.
struct DatabaseSessionTests {
  private func withSession(_ body: (DatabaseSession) throws -> Void) throws {
    try TestServer.shared().withDatabase { parameters in
      let adapter = Adapter(
        pool: ConnectionPool(parameters), log: EventLog(invocationID: "test"), dbtVersion: "1.11.16",
        profileName: "p", targetName: "t", database: parameters.database ?? "")
      let session = DatabaseSession(adapter, name: "master")
      defer { session.close() }
      try body(session)
    }
  }

  @Test func theFirstStatementBeginsATransaction() throws {
    try withSession { session in
      _ = try session.send("create table t (i int)", autoBegin: false)
      #expect(throws: ExecutionError.self) { try session.send("vacuum t", autoBegin: false) }
    }
  }

  @Test func statementsStandAloneAfterACommit() throws {
    try withSession { session in
      _ = try session.send("create table t (i int)", autoBegin: true)
      try session.commitIfAny()
      _ = try session.send("vacuum t", autoBegin: false)
      _ = try session.send("insert into t values (1)", autoBegin: false)
      session.rollbackIfOpen()
      #expect(try session.send("select i from t", autoBegin: false).rowCount == 1)
    }
  }

  @Test func aTransactionThatIsBegunInOrderIsRolledBack() throws {
    try withSession { session in
      _ = try session.send("create table t (i int)", autoBegin: true)
      try session.commitIfAny()
      _ = try session.send("insert into t values (1)", autoBegin: true)
      session.rollbackIfOpen()
      #expect(try session.send("select i from t", autoBegin: false).rowCount == 0)
    }
  }

  @Test func clearedSessionsCanVacuum() throws {
    try withSession { session in
      session.clearTransaction()
      _ = try session.send("vacuum pg_class", autoBegin: false)
    }
  }
}

/// What a session leaves behind is forgotten; one that was not used has nothing to forget.
struct SessionReleaseTests {
  @Test func onlyWhatWasUsedIsReset() throws {
    try TestServer.shared().withDatabase { parameters in
      var settings = EventLog.Settings()
      settings.consoleIsOff = true
      let log = EventLog(invocationID: "test", settings: settings)
      let names = Locked<[String]>([])
      log.observe { event, _ in names.withLock { $0.append(event.name) } }
      let adapter = Adapter(
        pool: ConnectionPool(parameters), log: log, dbtVersion: "1.11.16", profileName: "p", targetName: "t",
        database: parameters.database ?? "")
      let session = DatabaseSession(adapter, name: "master")
      defer { session.close() }
      session.acquire("first")
      _ = try session.send("set application_name = 'left behind'", autoBegin: false)
      session.release()
      session.acquire("second")
      session.release()
      let seen = names.withLock { $0 }
      #expect(seen.filter { $0 == "ConnectionClosed" }.count == 1)
      #expect(seen.filter { $0 == "NewConnection" }.count == 1)
      #expect(seen.filter { $0 == "ConnectionReused" }.count == 1)
      session.acquire("third")
      let name = try session.send("select current_setting('application_name')", autoBegin: false)
      #expect(name.rowCount == 1)
      #expect(
        try session.send(
          "select 1 where current_setting('application_name') = 'left behind'", autoBegin: false
        ).rowCount == 0)
    }
  }
}

/// dbt's objects behave as Python's mappings and sequences.
struct MappingObjectTests {
  private func render(_ template: String, _ values: [String: Value]) throws -> String {
    try CompiledProject.makeEnvironment().compile(SourceText(name: "t", text: template)).render(values)
  }

  @Test func relationsAreMappings() throws {
    let relation = Value.object(RelationValue(Relation(database: "d", schema: "s", identifier: "i", type: .view)))
    #expect(
      try render(
        "{{ r is mapping }} {{ r.get('metadata').type }} {{ 'type' in r }} {{ r['type'] }} {{ r.get('x', 1) }}",
        ["r": relation]) == "True PostgresRelation True view 1")
  }

  @Test func tablesGiveTheirRowsByNumber() throws {
    let connection = try TestServer.shared().connect()
    defer { connection.close() }
    let table = QueryTable.make(
      try connection.execute("select * from (values (1, 'a'), (2, 'b')) as t (n, s)"), limit: nil)
    #expect(
      try render("{{ t[0]['s'] }}{{ t[-1].n }}{{ t[2] is defined }}", ["t": .object(table)]) == "a2False")
  }
}
