import Glibc

/// What a running server writes into `postmaster.pid` in its data folder.
struct PostmasterFile: Sendable, Equatable {
  var pid: pid_t
  var dataDirectory: String
  var port: Int
  var socketDirectory: String
  /// `starting`, `ready`, `stopping`, `standby`.
  var state: String

  static func path(in data: String) -> String { "\(data)/postmaster.pid" }

  static func read(in data: String) -> PostmasterFile? {
    guard let text = StateFiles.read(path(in: data), limit: 8192) else { return nil }
    return parse(text)
  }

  /// Lines: pid, data folder, start time, port, socket folder, listen address, shared memory, state. A server writes
  /// them in steps; what is not there yet is empty.
  static func parse(_ text: String) -> PostmasterFile? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    func line(_ index: Int) -> String { index < lines.count ? trimmed(lines[index]) : "" }
    guard let pid = pid_t(line(0)), pid > 1 else { return nil }
    return PostmasterFile(
      pid: pid, dataDirectory: line(1), port: Int(line(3)) ?? 0, socketDirectory: line(4), state: line(7))
  }

  private static func trimmed(_ line: String) -> String {
    String(line.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  var isReady: Bool { state == "ready" || state == "standby" }

  /// Whether the process is there and is a PostgreSQL server: after a crash or a reboot its number may belong to
  /// anybody.
  var isAlive: Bool {
    var status: Int32 = 0
    // Should it be a child of ours that has ended, this lets it go.
    waitpid(pid, &status, WNOHANG)
    guard kill(pid, 0) == 0 || errno == EPERM else { return false }
    if let line = StateFiles.read("/proc/\(pid)/stat", limit: 1024), let end = line.lastIndex(of: ")") {
      let rest = line[end...].dropFirst(2)
      if rest.first == "Z" || rest.first == "X" { return false }
    }
    guard let command = StateFiles.read("/proc/\(pid)/cmdline", limit: 8192), !command.isEmpty else { return true }
    return command.split(separator: "\0").first.map { $0.hasSuffix("postgres") || $0.hasSuffix("postmaster") } ?? true
      || command.contains(dataDirectory)
  }
}
