import Foundation
import Postgres
import TestServer

/// The built `tenon`, run as a user runs it: in a folder, by a shell, with an environment.
struct TenonProcess {
  struct Outcome {
    /// Standard output and standard error as a terminal would mix them.
    var text: String
    /// 128 + the signal's number when a signal ended it, as shells say it.
    var code: Int32
  }

  struct TimedOut: Error, CustomStringConvertible {
    var command: String
    var description: String { "not done in time: \(command)" }
  }

  /// `tenon` lies beside the tests' bundle, wherever that was built.
  static let folder: String = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path

  /// What would make a run depend on the machine it is on.
  private static let unwanted = ["PG", "DBT_", "TENON", "TENANT", "NO_COLOR", "COLUMNS"]

  static func environment(_ database: ConnectionParameters?, adding extra: [String: String] = [:]) -> [String: String] {
    var out = ProcessInfo.processInfo.environment.filter { entry in !unwanted.contains { entry.key.hasPrefix($0) } }
    out["PATH"] = "\(folder):\(out["PATH"] ?? "/usr/bin:/bin")"
    out["TENON_SERVER"] = "external"
    if let database {
      out["PGHOST"] = database.hosts.first
      out["PGPORT"] = database.ports.first.map(String.init)
      out["PGUSER"] = database.user
      out["PGPASSWORD"] = database.password?.reveal()
      out["PGDATABASE"] = database.database
    } else {
      // A port nobody listens on.
      out["PGPORT"] = "1"
    }
    return out.merging(extra) { $1 }
  }

  /// Runs a command line in a folder and waits for it.
  /// - Parameter seconds: throws `TimedOut` when it takes longer; a hang must not stop the suite.
  static func run(
    _ command: String, in folder: String, database: ConnectionParameters? = nil, adding extra: [String: String] = [:],
    seconds: Double = 60
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = environment(database, adding: extra)
    process.standardInput = FileHandle.nullDevice
    let output = folder + ".out"
    guard FileManager.default.createFile(atPath: output, contents: nil),
      let handle = FileHandle(forWritingAtPath: output)
    else { throw CocoaError(.fileWriteUnknown) }
    defer { try? FileManager.default.removeItem(atPath: output) }
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    let deadline = Date().addingTimeInterval(seconds)
    while process.isRunning {
      guard Date() < deadline else {
        kill(process.processIdentifier, SIGKILL)
        throw TimedOut(command: command)
      }
      usleep(2000)
    }
    process.waitUntilExit()
    let code = process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0)
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: output)), as: UTF8.self)
    return Outcome(text: text, code: code)
  }
}

/// A folder of its own, removed afterwards.
func withTemporaryFolder<R>(_ body: (String) throws -> R) throws -> R {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tenon-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path)
}
