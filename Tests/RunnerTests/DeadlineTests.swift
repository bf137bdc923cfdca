import Diagnostics
import Testing

@testable import Runner

@Suite struct DeadlineTests {
  @Test func itActsWhenTheTimeIsOver() {
    let acted = Locked(false)
    let deadline = Deadline(seconds: 0) { acted.withLock { $0 = true } }
    while !acted.withLock({ $0 }) {}
    deadline.lift()
    #expect(acted.withLock { $0 })
  }

  @Test func liftedItNeverActs() {
    let acted = Locked(false)
    let deadline = Deadline(seconds: 60) { acted.withLock { $0 = true } }
    deadline.lift()
    #expect(!acted.withLock { $0 })
  }
}
