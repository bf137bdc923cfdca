import Diagnostics
import Files
import Glibc

/// A folder with PostgreSQL's server programs.
struct ServerBinaries: Sendable, Equatable {
  var directory: String
  /// 15 for 15.4.
  var major: Int
  var minor: Int

  var initdb: String { "\(directory)/initdb" }
  var postgres: String { "\(directory)/postgres" }
  var version: String { "\(major).\(minor)" }

  /// The newest server found; with `major`, one of that version, because a data folder fits no other.
  static func find(major: Int? = nil, in candidates: [String]? = nil) throws -> ServerBinaries {
    let found = (candidates ?? self.candidates()).compactMap(inspect)
    let usable = found.filter { major == nil || $0.major == major }
    // The first of equals: PATH comes first.
    guard var best = usable.first else { throw missing(major: major, others: found) }
    for other in usable.dropFirst() where (best.major, best.minor) < (other.major, other.minor) { best = other }
    return best
  }

  private static func missing(major: Int?, others: [ServerBinaries]) -> Diagnostic {
    if let major, !others.isEmpty {
      let versions = Set(others.map { String($0.major) }).sorted().joined(separator: ", ")
      return Diagnostic(
        "server-version", .runtime,
        "This project's database files were made by PostgreSQL \(major), but only version \(versions) is installed.",
        hint: "Install PostgreSQL \(major), or start afresh with `tenon server reset` (the data will be lost).")
    }
    return Diagnostic(
      "server-missing", .runtime, "No PostgreSQL server is installed (looked for initdb and postgres).",
      hint: "Debian, Ubuntu: apt-get install postgresql. Or use a server elsewhere by setting PGHOST and PGPORT.")
  }

  private static func inspect(_ directory: String) -> ServerBinaries? {
    let binaries = ServerBinaries(directory: directory, major: 0, minor: 0)
    guard FileSystem.isExecutable(binaries.initdb), FileSystem.isExecutable(binaries.postgres),
      let result = try? ChildProcess.run(
        [binaries.postgres, "--version"], environment: ChildProcess.cleanEnvironment), result.status == 0
    else { return nil }
    return parse(version: result.output).map { ServerBinaries(directory: directory, major: $0.major, minor: $0.minor) }
  }

  /// `postgres (PostgreSQL) 15.4 (Debian …)`, `17beta1`.
  static func parse(version text: String) -> (major: Int, minor: Int)? {
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      guard let first = word.utf8.first, (0x30...0x39).contains(first) else { continue }
      let parts = word.split(separator: ".").map { Int($0.prefix { ("0"..."9").contains($0) }) ?? 0 }
      guard let major = parts.first, major > 0 else { continue }
      return (major, parts.count > 1 ? parts[1] : 0)
    }
    return nil
  }

  /// Folders worth a look, in order, without doubles.
  static func candidates() -> [String] {
    var folders: [String] = []
    if let chosen = getenv("TENON_POSTGRES_BIN") { return [String(cString: chosen)] }
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    let onPath = path.split(separator: ":").map(String.init)
    folders += onPath
    if let tool = onPath.map({ "\($0)/pg_config" }).first(where: FileSystem.isExecutable),
      let answer = try? ChildProcess.run([tool, "--bindir"], environment: ChildProcess.cleanEnvironment),
      answer.status == 0
    {
      folders += answer.output.split(separator: "\n").map(String.init).prefix(1)
    }
    func below(_ parent: String, _ tail: String, _ wanted: (String) -> Bool = { _ in true }) {
      folders += StateFiles.names(in: parent).filter(wanted).map { "\(parent)/\($0)/\(tail)" }
    }
    below("/usr/lib/postgresql", "bin")
    below("/usr", "bin") { $0.hasPrefix("pgsql-") }
    below("/usr/lib64", "bin") { $0.hasPrefix("pgsql") || $0.hasPrefix("postgresql") }
    below("/opt/homebrew/opt", "bin") { $0.hasPrefix("postgresql") }
    below("/usr/local/opt", "bin") { $0.hasPrefix("postgresql") }
    below("/home/linuxbrew/.linuxbrew/opt", "bin") { $0.hasPrefix("postgresql") }
    below("/opt/local/lib", "bin") { $0.hasPrefix("postgresql") }
    below("/Applications/Postgres.app/Contents/Versions", "bin")
    below("/usr/libexec", "") { $0.hasPrefix("postgresql") }
    folders += ["/usr/local/pgsql/bin", "/usr/libexec/postgresql"]
    var seen: Set<String> = []
    return folders.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
      .filter { $0.hasPrefix("/") && seen.insert(FileSystem.canonical($0)).inserted }
  }
}
