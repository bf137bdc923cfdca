import Testing

@testable import Events

@Suite struct FleetBoardTests {
  @Test func theWholeFleetThenTheTenantsUnderWay() {
    let lines = FleetBoard.text(
      ended: 10, failed: 1, total: 40, elapsed: 20, rows: [("acme", "orders", 3), ("b", "", 0)])
    #expect(
      lines == [
        "[10/40] tenants, 1 failed, about 1:00 left",
        "  acme  3 done, orders",
        "  b     0 done",
      ])
  }

  @Test func moreTenantsThanLines() {
    let lines = FleetBoard.text(
      ended: 0, failed: 0, total: 40, elapsed: 1, rows: (0..<20).map { ("t\($0)", "", 0) })
    #expect(lines.first == "[0/40] tenants")
    #expect(lines.count == 14)
    #expect(lines.last == "  and 8 more")
  }

  @Test func stepsAskForADrawingOnlyNowAndThen() {
    let board = FleetBoard(total: 2)
    board.begin("acme")
    #expect(!board.step("other"))
    #expect(board.step("acme", node: "orders"))
    #expect(!board.step("acme"))
  }
}
