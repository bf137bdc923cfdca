import Postgres
import TestServer
import Testing

@testable import Tenants

import Glibc

/// Real connections, small statements: node n makes table tn from what it depends on.
private final class SQLWork: FleetWork, @unchecked Sendable {
  let provisioner: Provisioner
  let names: [TenantName]
  let graph: FleetGraph
  let statement: @Sendable (Int, Int) -> String
  private let lock = TestLock()
  private var connections: [Int: Connection] = [:]
  private(set) var opened = 0
  private(set) var ended: [Int: TenantStatus] = [:]
  private(set) var messages: [String] = []

  init(
    _ provisioner: Provisioner, _ names: [TenantName], _ graph: FleetGraph,
    _ statement: @escaping @Sendable (Int, Int) -> String
  ) {
    self.provisioner = provisioner
    self.names = names
    self.graph = graph
    self.statement = statement
  }

  private func connection(_ slot: Int) -> Connection? { lock.hold { connections[slot] } }

  private func connect(_ slot: Int, _ tenant: Int) throws {
    connection(slot)?.close()
    let configuration = try provisioner.configuration(names[tenant])
    let connection = try Connection.open(TestServer.shared().parameters(database: configuration.database))
    try TenantGuard.verify(connection, configuration)
    lock.hold {
      connections[slot] = connection
      opened += 1
    }
  }

  func prepare(slot: Int, tenant: Int) -> FleetPreparation {
    do {
      try provisioner.create(names[tenant])
      try connect(slot, tenant)
      return .ready
    } catch {
      lock.hold { messages.append("\(error)") }
      return .failed
    }
  }

  func run(slot: Int, tenant: Int, node: Int, connect needed: Bool) -> FleetNodeResult {
    do {
      if needed { try connect(slot, tenant) }
      try connection(slot)?.execute(statement(tenant, node))
      return .ended(.success)
    } catch {
      lock.hold { messages.append("\(error)") }
      if let error = error as? PostgresError, error.connectionLost { return .connectionLost(.error) }
      return .ended(.error)
    }
  }

  var busy: Int { lock.hold { connections.values.count(where: \.isRunning) } }

  func conclude(slot: Int, tenant: Int) -> Bool { true }

  func release(slot: Int) {
    connection(slot)?.close()
    provisioner.closeCurrent()
  }

  func cancel(slot: Int) { connection(slot)?.cancel() }
  func skipped(tenant: Int, node: Int, because: Int?) {}
  func tenantEnded(tenant: Int, status: TenantStatus, counts: TenantCounts) { lock.hold { ended[tenant] = status } }
}

@Suite(.serialized) struct FleetDriverTests {
  private func setUp(
    _ count: Int, threads: Int, _ dependencies: [[Int]], _ statement: @escaping @Sendable (Int, Int) -> String
  ) throws -> (FleetDriver<SQLWork>, SQLWork) {
    let stem = UInt32.random(in: 0 ... .max)
    let names = try (0..<count).map { try TenantName("fleet-\(stem)-\($0)") }
    let graph = try #require(FleetGraph(dependencies: dependencies))
    let work = SQLWork(Provisioner(try TestServer.shared().parameters()), names, graph, statement)
    let scheduler = FleetScheduler(
      graph: graph, tenants: names.map { FleetScheduler.Tenant($0) }, configuration: .init(threads: threads))
    return (FleetDriver(scheduler, work), work)
  }

  private func tearDown(_ work: SQLWork) throws {
    let provisioner = Provisioner(try TestServer.shared().parameters())
    for name in work.names { try provisioner.drop(name) }
    provisioner.close()
    work.provisioner.close()
  }

  @Test func tenantsRunSideBySide() throws {
    let (driver, work) = try setUp(12, threads: 4, [[], [0], [0, 1]]) { tenant, node in
      tenant == 5 && node == 1
        ? "SELECT 1/0" : "CREATE TABLE public_public.t\(node) AS SELECT '\(tenant)'::text AS tenant_name"
    }
    let end = driver.run()
    #expect(end.isEnded)
    #expect(work.ended.count == 12)
    #expect(work.ended.filter { $0.value == .success }.count == 11)
    #expect(work.ended[5] == .error)
    #expect(end.counts[5] == TenantCounts(success: 1, error: 1, skipped: 1))
    #expect(work.messages == ["division by zero"])
    #expect(work.opened < 12 + 6)
    let a = try work.provisioner.configuration(work.names[0])
    let b = try work.provisioner.configuration(work.names[5])
    let differences = try TenantDiff.run(a, b, leftServer: TestServer.shared().parameters()).differences
    #expect(differences.map(\.kind) == [.missingRelation, .missingRelation])
    #expect(differences.map(\.relation) == ["public_public.t1", "public_public.t2"])
    try tearDown(work)
  }

  @Test func interrupting() throws {
    let (driver, work) = try setUp(6, threads: 3, [[], [0]]) { _, _ in "SELECT pg_sleep(30)" }
    let start = Self.seconds()
    let thread = TestThread {
      for _ in 0..<200 where work.busy < 3 { usleep(50_000) }
      usleep(200_000)
      driver.interrupt()
    }
    let end = driver.run()
    thread.join()
    #expect(end.isEnded)
    #expect(Self.seconds() - start < 15)
    #expect(work.ended.values.count { $0 == .interrupted } == 3)
    #expect(work.ended.values.count { $0 == .notRun } == 3)
    try tearDown(work)
  }

  private static func seconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
  }

  @Test func differences() {
    let left: [String: TenantDiff.Relation] = [
      "a.x": .init(kind: "table", columns: ["id": "integer", "old": "text"], rows: 3), "a.y": .init(kind: "view"),
    ]
    let right: [String: TenantDiff.Relation] = [
      "a.x": .init(kind: "table", columns: ["id": "bigint", "new": "text"], rows: 4), "a.y": .init(kind: "table"),
      "a.z": .init(kind: "view"),
    ]
    let found = TenantDiff.compare(left, right).map {
      "\($0.kind.rawValue) \($0.relation) \($0.left ?? "-") \($0.right ?? "-")"
    }
    #expect(
      found == [
        "column-type a.x integer bigint", "missing-column a.x - text", "missing-column a.x text -", "row-count a.x 3 4",
        "relation-kind a.y view table", "missing-relation a.z - view",
      ])
    #expect(TenantDiff.compare(left, left).isEmpty)
  }

  @Test func results() {
    let tenants = [
      FleetResults.Tenant(
        name: "a", database: "a_db", server: "h:1", status: .success, counts: TenantCounts(success: 3), elapsed: 1.0349),
      FleetResults.Tenant(
        name: "b", database: "b_db", server: "h:1", status: .unreachable, counts: TenantCounts(skipped: 3), elapsed: 0,
        message: "said \"no\"\n"),
    ]
    let results = FleetResults(
      command: "build", invocationID: "i", generatedAt: "2024-01-01T00:00:00Z", elapsed: 2, tenants: tenants)
    #expect(results.exitCode == 1)
    #expect(
      results.json == """
        {
          "metadata": {"format": 1, "command": "build", "invocation_id": "i", "generated_at": "2024-01-01T00:00:00Z"},
          "elapsed": 2.000,
          "totals": {"success": 1, "warn": 0, "error": 0, "unreachable": 1, "not_run": 0, "interrupted": 0, "cancelled": 0},
          "tenants": [
            {"tenant": "a", "database": "a_db", "server": "h:1", "status": "success", "success": 3, "warn": 0, "error": 0, "skipped": 0, "elapsed": 1.035, "artifacts": null, "message": null},
            {"tenant": "b", "database": "b_db", "server": "h:1", "status": "unreachable", "success": 0, "warn": 0, "error": 0, "skipped": 3, "elapsed": 0.000, "artifacts": null, "message": "said \\"no\\"\\n"}
          ]
        }

        """)
  }
}
