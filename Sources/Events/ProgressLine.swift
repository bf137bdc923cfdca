import Diagnostics

/// The last line of a terminal while nodes run: how many are done, and what is running now. Lines of the log go above.
public final class ProgressLine: TerminalOverlay, @unchecked Sendable {
  private struct State {
    var done = 0
    var running: [String] = []
    var shown = false
  }

  private let total: Int
  private let state = Locked(State())

  public init(total: Int) { self.total = total }

  /// A node has begun; the line changes with the next line of the log.
  public func begin(_ name: String) { state.withLock { $0.running.append(name) } }

  public func end(_ name: String) {
    state.withLock { state in
      state.done += 1
      if let i = state.running.firstIndex(of: name) { state.running.remove(at: i) }
    }
  }

  public func lift() {
    state.withLock { state in
      if state.shown { TerminalScreen.write("\r\u{1B}[2K") }
      state.shown = false
    }
  }

  public func restore() {
    state.withLock { state in
      let names = state.running.joined(separator: ", ")
      TerminalScreen.write(Self.fitted("[\(state.done)/\(total)] \(names)", columns: TerminalScreen.columns))
      state.shown = true
    }
  }

  /// Cut so that it stays on one line.
  static func fitted(_ text: String, columns: Int) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count >= columns, columns > 1 else { return text }
    return String(String.UnicodeScalarView(scalars.prefix(columns - 2))) + "…"
  }
}
