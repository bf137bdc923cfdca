import Diagnostics
import Files
import Glibc

/// PostgreSQL's client programs (`pg_dump`, `pg_restore`, `psql`) and how to run them.
public enum PostgresTools {
  /// The newest program of that name whose major version is at least `major` (pg_dump refuses newer servers).
  /// - Throws: `Diagnostic` `tool-missing`.
  public static func find(_ name: String, atLeast major: Int = 0) throws -> String {
    var best: (path: String, version: (major: Int, minor: Int))?
    var others: Set<Int> = []
    for path in ServerBinaries.candidates().map({ "\($0)/\(name)" }) where FileSystem.isExecutable(path) {
      guard let answer = try? ChildProcess.run([path, "--version"], environment: ChildProcess.cleanEnvironment),
        answer.status == 0, let version = ServerBinaries.parse(version: answer.output)
      else { continue }
      others.insert(version.major)
      guard version.major >= major else { continue }
      if let found = best, found.version >= version { continue }
      best = (path, version)
    }
    if let best { return best.path }
    let there = others.isEmpty ? "" : " (only version \(others.sorted().map(String.init).joined(separator: ", ")))"
    throw Diagnostic(
      "tool-missing", .runtime, "\(name)\(major > 0 ? " \(major) or later" : "") is not installed\(there).",
      hint: "Debian, Ubuntu: apt-get install postgresql-client.")
  }

  /// Runs a program to its end, without a shell.
  /// - Parameter environment: added to a clean one. Passwords go here (`PGPASSWORD`): arguments are seen by everybody.
  /// - Returns: the exit status (128 and the signal's number for a death by signal) and what it said.
  public static func run(_ arguments: [String], environment: [String: String]) throws -> (status: Int32, output: String)
  {
    let merged = ChildProcess.cleanEnvironment.merging(environment) { $1 }
    return try ChildProcess.run(arguments, environment: merged)
  }
}
