import ArgumentParser
import Diagnostics

/// For whom a command runs when it runs for many.
struct FleetOptions: ParsableArguments {
  @Option(help: "Run for many tenants: all, a,b,c, 'acme*' or @file.") var tenants: String?
  @Option(
    name: .customLong("fleet-threads"),
    help: "How many connections the fleet's tenants use together; never more than the servers have to give.")
  var threads: Int?
  @Flag(name: .customLong("fleet-fail-fast"), help: "Stop the whole fleet once a tenant has failed.") var failFast =
    false
  @Option(help: "Run this many tenants first, the others only if these pass.") var canary = 0
  @Flag(help: "Go on with a fleet run that was interrupted, without what it has done.") var resume = false
  @Flag(name: .customLong("create"), help: "Make the tenants named that are not there yet.") var creates = false

  /// Whether the command is for a fleet; options of a fleet alone are a mistake.
  func isFleet() throws -> Bool {
    if let threads, threads < 1 {
      throw Diagnostic("fleet-threads", .usage, "--fleet-threads is \(threads); a fleet needs a connection at least.")
    }
    if canary < 0 { throw Diagnostic("canary", .usage, "--canary is \(canary); it is a number of tenants.") }
    if tenants != nil { return true }
    let given = [
      threads != nil ? "--fleet-threads" : nil, failFast ? "--fleet-fail-fast" : nil, canary > 0 ? "--canary" : nil,
      resume ? "--resume" : nil, creates ? "--create" : nil,
    ]
    guard let option = given.compactMap({ $0 }).first else { return false }
    throw Diagnostic(
      "no-tenants", .usage, "\(option) is for a fleet, and no --tenants are named.",
      hint: "Say for whom: --tenants all")
  }
}
