import Testing

@testable import Tenants

@Suite struct FleetBudgetTests {
  private func budget(
    _ wanted: Int, threads: Int? = nil, tenants: Int = 100, creates: Bool = false, servers: [Int] = [97]
  ) -> FleetBudget {
    FleetBudget(
      wanted: wanted, threadsPerTenant: threads, profileThreads: 4, tenants: tenants, creates: creates, servers: servers
    )
  }

  @Test func manyTenantsHaveOneConnectionEach() {
    let budget = budget(8)
    #expect(budget.threadsPerTenant == 1)
    #expect(budget.tenantsAtOnce == 8)
  }

  @Test func fewTenantsShareWhatThereIs() {
    #expect(budget(8, tenants: 2).threadsPerTenant == 3)
    #expect(budget(64, tenants: 2).threadsPerTenant == 4)
    #expect(budget(2, tenants: 2).threadsPerTenant == 1)
  }

  @Test func serversAreNeverAskedForMoreThanTheyHave() {
    for available in 1...30 {
      for creates in [false, true] {
        for threads in [nil, 1, 2, 5] {
          let budget = budget(64, threads: threads, creates: creates, servers: [available])
          let each = (budget.threadsPerTenant > 1 ? budget.threadsPerTenant + 1 : 1) + (creates ? 2 : 0)
          #expect(budget.tenantsAtOnce == 1 || budget.tenantsAtOnce * each < available)
          #expect(budget.tenantsAtOnce >= 1)
        }
      }
    }
  }

  @Test func severalServersAddUp() {
    let budget = budget(64, servers: [11, 5])
    #expect(budget.tenantsOfServers == [10, 4])
    #expect(budget.tenantsAtOnce == 14)
  }
}
