import Testing

@testable import Tenants

/// Plays the workers: does what the scheduler says, in an order that a seed decides, and checks the rules on the way.
struct FleetPlay {
  var scheduler: FleetScheduler
  var pending: [(slot: Int, tenant: Int, work: String, node: Int?)] = []
  var ran: [[Int]]
  var prepared: [Int] = []
  var skipped: [[Int]]
  var ended: [Int: TenantStatus] = [:]
  var connections = 0
  var maximumRunning = 0
  var maximumOfServer: [Int]
  var finished = false
  private var connected: [Int: Int] = [:]
  private var random: SplitMix

  init(_ scheduler: FleetScheduler, seed: UInt64 = 1) {
    self.scheduler = scheduler
    ran = scheduler.tenants.map { _ in [] }
    skipped = scheduler.tenants.map { _ in [] }
    maximumOfServer = scheduler.configuration.servers.map { _ in 0 }
    random = SplitMix(state: seed)
  }

  mutating func send(_ event: FleetScheduler.Event) {
    for action in scheduler.handle(event) {
      switch action {
      case .prepare(let slot, let tenant):
        connect(slot, tenant)
        prepared.append(tenant)
        pending.append((slot, tenant, "prepare", nil))
      case .run(let slot, let tenant, let node, let needsConnection):
        #expect(needsConnection == (connected[slot] != tenant))
        connect(slot, tenant)
        for needed in scheduler.graph.dependencies[node] {
          #expect(ran[tenant].contains(needed) || scheduler.tenants[tenant].done[needed] != nil)
        }
        #expect(!pending.contains { $0.tenant == tenant && $0.node == node })
        pending.append((slot, tenant, "node", node))
      case .conclude(let slot, let tenant):
        connect(slot, tenant)
        #expect(!pending.contains { $0.tenant == tenant })
        pending.append((slot, tenant, "conclude", nil))
      case .skip(let tenant, let node, _): skipped[tenant].append(node)
      case .tenantEnded(let tenant, let status, let counts):
        #expect(ended[tenant] == nil)
        #expect(counts.total >= scheduler.graph.count)
        ended[tenant] = status
      case .release(let slot): connected[slot] = nil
      case .cancel(let slot): #expect(pending.contains { $0.slot == slot })
      case .end:
        #expect(pending.isEmpty)
        finished = true
      }
    }
    #expect(Set(pending.map(\.slot)).count == pending.count)
    maximumRunning = max(maximumRunning, pending.count)
    for server in maximumOfServer.indices {
      maximumOfServer[server] = max(
        maximumOfServer[server], connected.values.count { scheduler.tenants[$0].server == server })
    }
  }

  private mutating func connect(_ slot: Int, _ tenant: Int) {
    if connected[slot] != tenant { connections += 1 }
    connected[slot] = tenant
  }

  /// Lets one of the workers finish.
  mutating func step(
    _ outcome: (Int, Int) -> NodeOutcome = { _, _ in .success }, prepare: (Int) -> Bool = { _ in true },
    conclude: (Int) -> Bool = { _ in true }
  ) {
    let (slot, tenant, work, node) = pending.remove(at: Int(random.next() % UInt64(pending.count)))
    if let node {
      let result = outcome(tenant, node)
      if result.letsOthersRun { ran[tenant].append(node) }
      send(.finished(slot: slot, result))
    } else if work == "prepare" {
      let ok = prepare(tenant)
      if !ok { connected[slot] = nil }
      send(.prepared(slot: slot, ok: ok))
    } else {
      send(.concluded(slot: slot, ok: conclude(tenant)))
    }
  }

  mutating func play(
    _ outcome: (Int, Int) -> NodeOutcome = { _, _ in .success }, prepare: (Int) -> Bool = { _ in true },
    conclude: (Int) -> Bool = { _ in true }
  ) {
    send(.start)
    while !pending.isEmpty { step(outcome, prepare: prepare, conclude: conclude) }
  }
}

struct SplitMix {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite struct FleetSchedulerTests {
  /// 0 -> 1 -> 3, 0 -> 2 -> 3, 4
  private static let diamond: [[Int]] = [[], [0], [0], [1, 2], []]

  private func scheduler(
    _ count: Int, threads: Int = 4, dependencies: [[Int]] = diamond, servers: [Int] = [.max],
    _ change: (inout FleetScheduler.Configuration) -> Void = { _ in }, done: (Int) -> [Int: NodeOutcome] = { _ in [:] },
    concluded: (Int) -> Bool = { _ in false }
  ) throws -> FleetScheduler {
    var configuration = FleetScheduler.Configuration(threads: threads, servers: servers)
    change(&configuration)
    let tenants = try (0..<count).map {
      try FleetScheduler.Tenant(
        TenantName("t\($0)"), server: $0 % servers.count, done: done($0), concluded: concluded($0))
    }
    return FleetScheduler(
      graph: try #require(FleetGraph(dependencies: dependencies)), tenants: tenants, configuration: configuration)
  }

  @Test func graphs() throws {
    #expect(FleetGraph(dependencies: [[1], [0]]) == nil)
    #expect(FleetGraph(dependencies: [[7]]) == nil)
    #expect(try #require(FleetGraph(dependencies: Self.diamond)).priority == [3, 2, 2, 1, 1])
  }

  @Test func aTranscript() throws {
    var scheduler = try scheduler(2, threads: 1, dependencies: [[], [0]])
    #expect(scheduler.handle(.start) == [.prepare(slot: 0, tenant: 0)])
    #expect(scheduler.handle(.prepared(slot: 0, ok: true)) == [.run(slot: 0, tenant: 0, node: 0, connect: false)])
    #expect(scheduler.handle(.finished(slot: 0, .success)) == [.run(slot: 0, tenant: 0, node: 1, connect: false)])
    #expect(scheduler.underWay.map(\.ended) == [1])
    #expect(scheduler.handle(.finished(slot: 0, .warn)) == [.conclude(slot: 0, tenant: 0)])
    #expect(
      scheduler.handle(.concluded(slot: 0, ok: true)) == [
        .tenantEnded(tenant: 0, .warn, TenantCounts(success: 1, warn: 1)), .prepare(slot: 0, tenant: 1),
      ])
    #expect(
      scheduler.handle(.prepared(slot: 0, ok: false)) == [
        .tenantEnded(tenant: 1, .error, TenantCounts(skipped: 2)), .end,
      ])
    #expect(scheduler.handle(.interrupt) == [])
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func everythingRunsOnce(seed: UInt64) throws {
    var play = FleetPlay(try scheduler(50, threads: 7), seed: seed)
    play.play()
    #expect(play.finished)
    #expect(play.ran.allSatisfy { $0.sorted() == [0, 1, 2, 3, 4] })
    #expect(play.ended.count == 50)
    #expect(play.ended.values.allSatisfy { $0 == .success })
    #expect(play.maximumRunning == 7)
    // While there are more tenants than slots a tenant needs one connection; only the last ones share slots.
    #expect(play.connections <= 50 + 30)
  }

  @Test func helpersComeWhenTenantsRunOut() throws {
    var play = FleetPlay(try scheduler(1, threads: 8, dependencies: [[], [], [], [], []]) { $0.threadsPerTenant = 3 })
    play.play()
    #expect(play.maximumRunning == 3)
    #expect(play.finished)
  }

  @Test func oneTenantsFailureStopsNobodyElse() throws {
    var play = FleetPlay(try scheduler(10))
    play.play { tenant, node in tenant == 3 && node == 1 ? .error : .success }
    #expect(play.ended[3] == .error)
    #expect(play.skipped[3] == [3])
    #expect(play.ran[3].sorted() == [0, 2, 4])
    #expect(play.ended.values.count { $0 == .success } == 9)
    #expect(play.scheduler.counts[3] == TenantCounts(success: 3, error: 1, skipped: 1))
  }

  @Test func failFastStopsOneTenant() throws {
    var play = FleetPlay(try scheduler(3, threads: 1) { $0.failFast = true })
    play.play { tenant, node in tenant == 1 && node == 0 ? .error : .success }
    #expect(play.ended == [0: .success, 1: .error, 2: .success])
    #expect(play.skipped[1].sorted() == [1, 2, 3, 4])
  }

  @Test func fleetFailFastStopsAll() throws {
    var play = FleetPlay(try scheduler(20, threads: 2) { $0.fleetFailFast = true })
    play.play { tenant, _ in tenant == 4 ? .error : .success }
    #expect(play.finished)
    #expect(play.ended[4] == .error)
    #expect(play.ended.count == 20)
    #expect((10..<20).allSatisfy { play.ended[$0] == .notRun })
    #expect(play.prepared.max() ?? 0 < 10)
  }

  @Test func aFirstFailureCancelsTheOthersAtOnce() throws {
    var scheduler = try scheduler(6, threads: 3, dependencies: [[]]) { $0.fleetFailFast = true }
    _ = scheduler.handle(.start)
    for slot in 0..<3 { _ = scheduler.handle(.prepared(slot: slot, ok: true)) }
    let actions = scheduler.handle(.failing(tenant: 1))
    #expect(actions.count { if case .cancel = $0 { true } else { false } } == 3)
    #expect(scheduler.status[3...].allSatisfy { $0 == .notRun })
    // A second one changes nothing: what fails now, fails because it was cancelled.
    #expect(scheduler.handle(.failing(tenant: 2)).isEmpty)
    while !scheduler.isEnded {
      for slot in 0..<3 {
        _ = scheduler.handle(.finished(slot: slot, .error))
        _ = scheduler.handle(.concluded(slot: slot, ok: true))
      }
    }
    #expect(Array(scheduler.status[0..<3]) == [.cancelled, .error, .cancelled])
  }

  @Test func aTenantThatCannotBePreparedAlsoStopsAFailFastFleet() throws {
    var play = FleetPlay(try scheduler(6, threads: 1) { $0.fleetFailFast = true })
    play.play(prepare: { $0 != 2 })
    #expect(play.ended[2] == .error)
    #expect(play.ended[3] == .notRun)
    #expect(play.finished)
  }

  @Test func canariesGoFirst() throws {
    var play = FleetPlay(try scheduler(10, threads: 8) { $0.canaries = 2 })
    play.send(.start)
    while play.ended.count < 2 {
      #expect(play.pending.allSatisfy { $0.tenant < 2 })
      play.step()
    }
    while !play.pending.isEmpty { play.step() }
    #expect(play.ended.values.allSatisfy { $0 == .success })
    #expect(play.ended.count == 10)

    var failing = FleetPlay(try scheduler(10, threads: 8) { $0.canaries = 2 })
    failing.play { tenant, node in tenant == 1 && node == 4 ? .error : .success }
    #expect(failing.finished)
    #expect(failing.ended[0] == .success)
    #expect(failing.ended[1] == .error)
    #expect((2..<10).allSatisfy { failing.ended[$0] == .notRun })
    #expect(Set(failing.prepared) == [0, 1])

    // More canaries than tenants: nothing is held.
    var few = FleetPlay(try scheduler(3) { $0.canaries = 5 })
    few.play()
    #expect(few.ended.count == 3 && few.finished)
  }

  @Test func resumeRunsOnlyWhatIsLeft() throws {
    var play = FleetPlay(
      try scheduler(
        3,
        done: { $0 == 0 ? [0: .success, 1: .warn, 2: .success, 3: .success, 4: .success] : [0: .success, 1: .error] }))
    play.play()
    #expect(play.ran[0] == [])
    #expect(play.ended[0] == .warn)
    #expect(play.ran[1].sorted() == [1, 2, 3, 4])
    #expect(play.scheduler.counts[1] == TenantCounts(success: 5))
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func serversHaveLimits(seed: UInt64) throws {
    var play = FleetPlay(try scheduler(30, threads: 8, servers: [3, 2, 8]), seed: seed)
    play.play()
    #expect(play.finished)
    #expect(play.ended.values.allSatisfy { $0 == .success })
    #expect(play.maximumOfServer[0] <= 3 && play.maximumOfServer[1] <= 2)
    #expect(play.maximumRunning == 8)
  }

  @Test func aFullServerLowersItsLimit() throws {
    var play = FleetPlay(try scheduler(12, threads: 6))
    play.send(.start)
    #expect(play.pending.count == 6)
    let refused = play.pending.removeLast()
    play.send(.serverFull(slot: refused.slot))
    #expect(play.scheduler.configuration.servers == [5])
    #expect(play.pending.count == 5)
    while !play.pending.isEmpty { play.step() }
    #expect(play.finished)
    #expect(play.ended.values.allSatisfy { $0 == .success })
    #expect(play.ended.count == 12)
  }

  @Test func aServerThatIsGoneTakesOnlyItsTenants() throws {
    var play = FleetPlay(try scheduler(20, threads: 4, servers: [2, 2]))
    play.send(.start)
    play.step()
    play.send(.serverDown(1))
    while !play.pending.isEmpty {
      play.step({ tenant, _ in tenant % 2 == 1 ? .error : .success }, prepare: { $0 % 2 == 0 })
    }
    #expect(play.finished)
    for tenant in 0..<20 {
      #expect(play.ended[tenant].map { tenant % 2 == 0 ? $0 == .success : $0.isFailure } == true)
    }
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func interrupting(seed: UInt64) throws {
    var play = FleetPlay(try scheduler(10, threads: 3), seed: seed)
    play.send(.start)
    for _ in 0..<Int(seed * 2) where !play.pending.isEmpty { play.step() }
    let before = play.prepared.count
    play.send(.interrupt)
    play.send(.interrupt)
    // Cancelled nodes report errors; then the tenants under way are concluded.
    while !play.pending.isEmpty { play.step({ _, _ in .error }) }
    #expect(play.finished)
    #expect(play.ended.count == 10)
    #expect(play.prepared.count == before)
    #expect(play.ended.values.contains(.interrupted))
  }

  /// What was done before an interruption is not done again, and in the end every tenant is whole.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func interruptedAndResumed(seed: UInt64) throws {
    let nodes = ["a", "b", "c", "d", "e"]
    var journal = FleetJournal.header(fingerprint: "build")
    var runs: [String: Int] = [:]
    for round in 0..<30 {
      let known = try #require(FleetJournal(parsing: journal))
      let scheduler = try scheduler(
        8, threads: 3, done: { known.done(TenantName(valid: "t\($0)")!, nodes: nodes) },
        concluded: { known.concluded.contains("t\($0)") })
      var play = FleetPlay(scheduler, seed: seed &* 100 &+ UInt64(round))
      play.send(.start)
      // Killed: the process just ends, with work under way.
      for _ in 0..<12 where !play.pending.isEmpty {
        play.step { tenant, node in
          journal += FleetJournal.line(tenant: scheduler.tenants[tenant].name, node: nodes[node], .success)
          runs["\(tenant)/\(node)", default: 0] += 1
          return .success
        } conclude: { tenant in
          journal += FleetJournal.concludedLine(tenant: scheduler.tenants[tenant].name)
          return true
        }
      }
      if play.finished { break }
    }
    #expect(runs.count == 40)
    #expect(runs.values.allSatisfy { $0 == 1 })
  }

  @Test func aLostConnectionIsOpenedAgain() throws {
    var scheduler = try scheduler(1, threads: 1, dependencies: [[], []])
    _ = scheduler.handle(.start)
    _ = scheduler.handle(.prepared(slot: 0, ok: true))
    #expect(
      scheduler.handle(.finished(slot: 0, .error, connectionLost: true))
        == [.run(slot: 0, tenant: 0, node: 1, connect: true)])
  }

  @Test func journals() {
    let name = TenantName(valid: "acme")
    let text =
      FleetJournal.header(fingerprint: "build\tx") + FleetJournal.line(tenant: name!, node: "model.a", .error)
      + FleetJournal.line(tenant: name!, node: "model.a", .success) + FleetJournal.concludedLine(tenant: name!)
    let journal = FleetJournal(parsing: text + "node\tacme\tmodel.b\tsucc")
    #expect(journal?.fingerprint == "build x")
    #expect(journal?.outcomes == ["acme": ["model.a": .success]])
    #expect(journal?.concluded == ["acme"])
    #expect(journal?.done(name!, nodes: ["model.b", "model.a"]) == [1: .success])
    #expect(FleetJournal(parsing: "") == nil)
    #expect(FleetJournal(parsing: "something else\n") == nil)
  }

  @Test func aThousandTenantsTakeNoTime() throws {
    var play = FleetPlay(try scheduler(1000, threads: 16))
    play.play()
    #expect(play.finished)
    #expect(play.ended.count == 1000)
  }
}

@Suite struct TenantSelectionTests {
  private let known = ["acme_1", "acme_2", "beta", "gamma"].compactMap { TenantName(valid: $0) }

  private func choose(_ text: String, files: [String: String] = [:]) throws -> [String] {
    try TenantSelection.choose(text, known: known) { files[$0] ?? "" }.map(\.text)
  }

  @Test func choices() throws {
    #expect(try choose("all") == ["acme_1", "acme_2", "beta", "gamma"])
    #expect(try choose("gamma, beta,gamma") == ["gamma", "beta"])
    #expect(try choose("acme*") == ["acme_1", "acme_2"])
    #expect(try choose("acme_?,b*") == ["acme_1", "acme_2", "beta"])
    #expect(try choose("@list", files: ["list": "# ours\nbeta # yes\n\nacme*\n"]) == ["beta", "acme_1", "acme_2"])
    for wrong in ["x*", "betta", "not valid", "", "@empty", "@self"] {
      #expect(throws: (any Error).self, "\(wrong)") { try choose(wrong, files: ["self": "@self"]) }
    }
  }

  @Test func globs() {
    #expect(Glob.matches("*", ""))
    #expect(Glob.matches("a*b*c", "aXbXbc"))
    #expect(!Glob.matches("a*b", "abc"))
    #expect(Glob.matches("?", "x"))
    #expect(!Glob.matches("?", ""))
    #expect(!Glob.matches(String(repeating: "a*", count: 30) + "b", String(repeating: "a", count: 200)))
  }
}
