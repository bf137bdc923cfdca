import Diagnostics
import Postgres
import TestServer
import Testing

@testable import Tenants

@Suite struct FleetPlacementTests {
  private func server(_ name: String, _ patterns: [String] = []) -> FleetPlacement.Server {
    FleetPlacement.Server(name: name, parameters: ConnectionParameters(host: name), patterns: patterns)
  }

  private func names(_ names: String...) -> [TenantName] { names.compactMap { TenantName(valid: $0) } }

  @Test func registryThenPatternThenLoad() throws {
    let placement = FleetPlacement(
      [server("a"), server("b"), server("big", ["vip*", "acme"])], registered: [["x", "y"], ["acme"], []])
    #expect(try placement.place(names("acme", "x", "vip1", "new1", "new2", "new3")) == [1, 0, 2, 1, 0, 1])
  }

  @Test func problems() {
    let twice = FleetPlacement([server("a"), server("b")], registered: [["x"], ["x"]])
    #expect(throws: Diagnostics.self) { try twice.place(names("x")) }
    let silent = FleetPlacement([server("a"), server("b")], registered: [["x"], nil])
    #expect(throws: Diagnostics.self) { try silent.place(names("new")) }
    #expect((try? silent.place(names("x"))) == [0])
    let none = FleetPlacement([server("a", ["vip*"])], registered: [[]])
    #expect(throws: Diagnostics.self) { try none.place(names("other")) }
  }

  @Test func connectionsToHave() throws {
    let connection = try TestServer.shared().connect()
    let available = try FleetPlacement.availableConnections(connection)
    #expect(available > 50 && available < 200)
    connection.close()
  }

  /// Workers without databases: one of three servers goes away after a while.
  private final class Pretence: FleetWork, @unchecked Sendable {
    private let lock = TestLock()
    private var preparations = 0
    private var ended: [Int: TenantStatus] = [:]
    var statuses: [Int: TenantStatus] { lock.hold { ended } }

    func prepare(slot: Int, tenant: Int) -> FleetPreparation {
      lock.hold { preparations += 1 }
      if tenant % 3 == 1, lock.hold({ preparations }) > 20 { return .serverDown }
      if tenant == 5, lock.hold({ preparations }) < 12 { return .serverFull }
      return .ready
    }
    func run(slot: Int, tenant: Int, node: Int, connect: Bool) -> FleetNodeResult {
      tenant % 3 == 1 && lock.hold({ preparations }) > 20 ? .connectionLost(.error) : .ended(.success)
    }
    func conclude(slot: Int, tenant: Int) -> Bool { true }
    func release(slot: Int) {}
    func cancel(slot: Int) {}
    func skipped(tenant: Int, node: Int, because: Int?) {}
    func tenantEnded(tenant: Int, status: TenantStatus, counts: TenantCounts) { lock.hold { ended[tenant] = status } }
  }

  @Test func aServerKilledInMidRun() throws {
    let graph = try #require(FleetGraph(dependencies: [[], [0], [1]]))
    let tenants = try (0..<60).map { try FleetScheduler.Tenant(TenantName("t\($0)"), server: $0 % 3) }
    let work = Pretence()
    let scheduler = FleetScheduler(
      graph: graph, tenants: tenants, configuration: .init(threads: 6, servers: [2, 2, 2]))
    let end = FleetDriver(scheduler, work).run()
    #expect(end.isEnded)
    let statuses = work.statuses
    #expect(statuses.count == 60)
    #expect((0..<60).allSatisfy { $0 % 3 == 1 || statuses[$0] == .success })
    #expect(statuses.values.contains(.unreachable))
  }

  @Test func moreThreadsThanWork() throws {
    let graph = try #require(FleetGraph(dependencies: [[]]))
    let scheduler = FleetScheduler(
      graph: graph, tenants: [FleetScheduler.Tenant(try TenantName("t"))],
      configuration: .init(threads: 500, threadsPerTenant: 2))
    #expect(FleetDriver(scheduler, Pretence()).run().status == [.success])
    let none = FleetScheduler(graph: graph, tenants: [], configuration: .init(threads: 2))
    #expect(FleetDriver(none, Pretence()).run().isEnded)
  }
}
