import ArgumentParser

/// For whom a command runs when it runs for many.
struct FleetOptions: ParsableArguments {
  @Option(help: "Run for many tenants: all, a,b,c, 'acme*' or @file.") var tenants: String?
  @Option(name: .customLong("fleet-threads"), help: "How many tenants run at once.") var threads: Int?
  @Flag(name: .customLong("fleet-fail-fast"), help: "Stop the fleet at the first tenant that fails.") var failFast =
    false
  @Option(help: "Run this many tenants first, the others only if these pass.") var canary = 0
  @Flag(help: "Go on with a fleet run that was interrupted, without what it has done.") var resume = false
}
