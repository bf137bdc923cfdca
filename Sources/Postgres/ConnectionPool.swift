import Diagnostics
import Glibc

/// One connection for each worker thread, kept from node to node.
///
/// dbt opens a connection for every node; here a thread's connection is used again, after `release()` has reset it, so
/// that no setting, temporary table or open transaction passes from one node to the next. A lost connection is replaced
/// by a new one at the next `connection(named:)`, also when it was lost while nobody used it.
public final class ConnectionPool: Sendable {
  /// Another login to go on with, found out by looking into the database.
  public struct Login: Sendable {
    public var parameters: ConnectionParameters
    /// What to do when the server refuses it.
    public var hint: String

    public init(_ parameters: ConnectionParameters, hint: String) {
      self.parameters = parameters
      self.hint = hint
    }
  }

  public let parameters: ConnectionParameters
  public let retries: Int
  private let onOpen: (@Sendable (Connection) throws -> Login?)?
  /// What `onOpen` asked for; from then on every connection is opened with it.
  private let login = Locked<Login?>(nil)
  private let onRetry: (@Sendable (PostgresError, Int) -> Void)?
  private let byThread = Locked<[UInt: Connection]>([:])
  private let lost = Locked(0)

  /// - Parameter onOpen: runs right after each connect, before anything else (a tenant guard, say); when it throws, the
  ///   connection is closed and the error passed on. What it returns is connected with instead, and asked again.
  public init(
    _ parameters: ConnectionParameters, retries: Int = 1, onOpen: (@Sendable (Connection) throws -> Login?)? = nil,
    onRetry: (@Sendable (PostgresError, Int) -> Void)? = nil
  ) {
    self.parameters = parameters
    self.retries = retries
    self.onOpen = onOpen
    self.onRetry = onRetry
  }

  /// The calling thread's connection, opened when there is none or it was lost.
  /// - Throws: `PostgresError` when it cannot be opened, and what `onOpen` throws.
  public func connection(named name: String? = nil) throws -> Connection {
    let thread = Self.currentThread
    if let existing = byThread.withLock({ $0[thread] }) {
      // Without waiting: has the server said goodbye since it was last used?
      if existing.isAlive() {
        if let name { existing.name = name }
        return existing
      }
      lost.withLock { $0 += 1 }
      existing.close()
      byThread.withLock { _ = $0.removeValue(forKey: thread) }
    }
    let connection = try open(name)
    byThread.withLock { $0[thread] = connection }
    return connection
  }

  private func open(_ name: String?) throws -> Connection {
    // One change of the login at most: another is a mistake of `onOpen`'s, not a reason to go on for ever.
    for _ in 0..<2 {
      let login = login.withLock { $0 }
      let connection: Connection
      do {
        connection = try Connection.open(
          login?.parameters ?? parameters, retries: retries, name: name, onRetry: onRetry)
      } catch let error as PostgresError {
        throw login.map { error.advising($0.hint) } ?? error
      }
      do {
        guard let other = try onOpen?(connection) else { return connection }
        self.login.withLock { $0 = other }
        connection.close()
      } catch {
        connection.close()
        throw error
      }
    }
    throw PostgresError("the connection's login changed twice")
  }

  /// The calling thread's connection if it has one.
  public var current: Connection? { byThread.withLock { $0[Self.currentThread] } }

  /// Ends the use of the calling thread's connection: rolls back, resets the session and keeps it for the next use;
  /// closes it when that fails (a connection that died while idle is noticed here and not by the next node).
  public func release() {
    guard let connection = current else { return }
    do {
      guard connection.isAlive() else { throw PostgresError("connection lost", connectionLost: true) }
      try connection.reset()
      connection.name = nil
    } catch {
      closeCurrent()
    }
  }

  /// Closes the calling thread's connection. A worker calls this before it ends.
  public func closeCurrent() {
    guard let connection = byThread.withLock({ $0.removeValue(forKey: Self.currentThread) }) else { return }
    if connection.isBroken { lost.withLock { $0 += 1 } }
    connection.close()
  }

  /// Closes all connections. Only when no worker uses one any more.
  public func closeAll() {
    let all = byThread.withLock { connections in
      defer { connections = [:] }
      return Array(connections.values)
    }
    for connection in all { connection.close() }
  }

  /// Cancels what this pool's connections run, and no other's; as `ConnectionRegistry.cancelAll`.
  @discardableResult
  public func cancelAll() -> [String] {
    let own = byThread.withLock { connections in Set(connections.values.map(ObjectIdentifier.init)) }
    return ConnectionRegistry.shared.cancelAll { own.contains(ObjectIdentifier($0)) }
  }

  /// How many connections ended without having been closed here: the server or the network went away.
  public var lostCount: Int { lost.withLock { $0 } }

  public var openCount: Int { byThread.withLock { $0.count } }

  private static var currentThread: UInt {
    UInt(pthread_self())
  }
}
