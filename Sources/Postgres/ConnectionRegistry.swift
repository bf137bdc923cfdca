import Diagnostics

/// All open connections of the process, so that Ctrl-C can stop what they run.
public final class ConnectionRegistry: Sendable {
  public static let shared = ConnectionRegistry()

  private struct Weak { weak var connection: Connection? }
  private let open = Locked<[ObjectIdentifier: Weak]>([:])

  func add(_ connection: Connection) {
    open.withLock { $0[ObjectIdentifier(connection)] = Weak(connection: connection) }
  }

  func remove(_ connection: Connection) {
    let key = ObjectIdentifier(connection)
    open.withLock { _ = $0.removeValue(forKey: key) }
  }

  /// The connections open now.
  public var connections: [Connection] { open.withLock { $0.values.compactMap(\.connection) } }

  /// Cancels every running statement; from any thread. A worker may start another one right after: keep the workers from
  /// taking new work first, and call again until they have ended.
  /// - Parameter matching: which ones; all unless said.
  /// - Returns: the names of the connections that were running something, sorted.
  @discardableResult
  public func cancelAll(matching: (Connection) -> Bool = { _ in true }) -> [String] {
    var names: [String] = []
    // Outside the lock: a cancel is a round trip to the server.
    for connection in connections where connection.isRunning && matching(connection) {
      if connection.cancel() { names.append(connection.name ?? "connection \(connection.backendPID)") }
    }
    return names.sorted()
  }
}
