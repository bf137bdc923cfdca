import Diagnostics
import Glibc

/// The last lines of a terminal while a fleet runs: how far it is, and what each tenant under way is doing. Lines of
/// the log go above.
public final class FleetBoard: TerminalOverlay, @unchecked Sendable {
  private struct Row {
    let tenant: String
    var node = ""
    var done = 0
  }

  private struct State {
    var ended = 0
    var failed = 0
    var rows: [Row] = []
    /// Lines on the screen now.
    var shown = 0
    var drawnAt = 0.0
  }

  private let total: Int
  private let start = monotonicSeconds()
  private let state = Locked(State())
  /// Seconds between drawings that nothing but a node's progress asks for.
  private static let interval = 0.1
  private static let mostRows = 12

  public init(total: Int) { self.total = total }

  public func begin(_ tenant: String) { state.withLock { $0.rows.append(Row(tenant: tenant)) } }

  /// A node of a tenant has begun or ended.
  /// - Returns: whether the board should be drawn again.
  public func step(_ tenant: String, node: String? = nil) -> Bool {
    state.withLock { state in
      guard let i = state.rows.firstIndex(where: { $0.tenant == tenant }) else { return false }
      if let node { state.rows[i].node = node } else { state.rows[i].done += 1 }
      let now = monotonicSeconds()
      guard now - state.drawnAt >= Self.interval else { return false }
      state.drawnAt = now
      return true
    }
  }

  public func end(_ tenant: String, failed: Bool) {
    state.withLock { state in
      state.ended += 1
      if failed { state.failed += 1 }
      state.rows.removeAll { $0.tenant == tenant }
    }
  }

  public func lift() {
    state.withLock { state in
      guard state.shown > 0 else { return }
      // Up to the first line of the board, then everything below goes.
      TerminalScreen.write("\r" + (state.shown > 1 ? "\u{1B}[\(state.shown - 1)A" : "") + "\u{1B}[J")
      state.shown = 0
    }
  }

  public func restore() {
    state.withLock { state in
      let lines = Self.lines(state, total: total, elapsed: monotonicSeconds() - start)
      let columns = TerminalScreen.columns
      TerminalScreen.write(lines.map { ProgressLine.fitted($0, columns: columns) }.joined(separator: "\n"))
      state.shown = lines.count
      state.drawnAt = monotonicSeconds()
    }
  }

  private static func lines(_ state: State, total: Int, elapsed: Double) -> [String] {
    text(
      ended: state.ended, failed: state.failed, total: total, elapsed: elapsed,
      rows: state.rows.map { ($0.tenant, $0.node, $0.done) })
  }

  /// The board's lines: the whole fleet, then the tenants under way.
  static func text(
    ended: Int, failed: Int, total: Int, elapsed: Double, rows: [(tenant: String, node: String, done: Int)]
  ) -> [String] {
    var first = "[\(ended)/\(total)] tenants"
    if failed > 0 { first += ", \(failed) failed" }
    if ended > 0, elapsed > 0 {
      let left = Int((elapsed / Double(ended) * Double(total - ended)).rounded(.up))
      if left > 0 { first += ", about \(left / 60):\(left % 60 < 10 ? "0" : "")\(left % 60) left" }
    }
    let width = rows.prefix(mostRows).map { $0.tenant.utf8.count }.max() ?? 0
    var lines = [first]
    for row in rows.prefix(mostRows) {
      let space = String(repeating: " ", count: width - row.tenant.utf8.count)
      lines.append("  \(row.tenant)\(space)  \(row.done) done\(row.node.isEmpty ? "" : ", \(row.node)")")
    }
    if rows.count > mostRows { lines.append("  and \(rows.count - mostRows) more") }
    return lines
  }
}

/// The terminal on standard output.
enum TerminalScreen {
  static var columns: Int {
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  static func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in _ = Glibc.write(1, bytes.baseAddress, bytes.count) }
  }
}
