import Foundation
import Postgres
import TestServer
import Testing

/// What people see for the mistakes people make: see `GoldenProject`.
@Suite struct ErrorMessageTests {
  @Test(arguments: GoldenProject.names) func message(_ name: String) throws {
    let golden = GoldenProject(name)
    let seen = try golden.needsDatabase ? try withDatabase { try run(golden, $0) } : try run(golden, nil)
    if ProcessInfo.processInfo.environment["TENON_RECORD"] == "1" { return try golden.record(seen) }
    #expect(seen == golden.expected)
    for phrase in golden.phrases { #expect(seen.contains(phrase)) }
  }

  private func withDatabase<R>(_ body: (ConnectionParameters) throws -> R) throws -> R {
    try TestServer.shared().withDatabase(body)
  }

  private func run(_ golden: GoldenProject, _ database: ConnectionParameters?) throws -> String {
    try withTemporaryFolder { folder in
      let project = folder + "/shop"
      try golden.copy(to: URL(fileURLWithPath: project))
      let outcome = try TenonProcess.run(golden.command, in: project, database: database)
      #expect(outcome.code < 128, "ended by a signal")
      var names = [(project, "<project>"), (folder, "<folder>")]
      if let database, let name = database.database {
        // As long as the name it stands for: carets are under it.
        names.append((name, "the" + String(repeating: "_", count: name.utf8.count - 11) + "database"))
        names.append(("port \(database.ports[0])", "port 5432"))
      }
      return Normalizer(names: names).apply(outcome.text) + "exit code \(outcome.code)\n"
    }
  }
}
