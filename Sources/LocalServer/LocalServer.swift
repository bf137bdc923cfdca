import Diagnostics
import Files
import Glibc

/// How to reach a running private server.
public struct ServerEndpoint: Sendable, Equatable {
  /// `127.0.0.1`: the server listens there and on its socket only.
  public var host: String
  public var port: Int
  public var user: String
  public var password: String
  public var socketDirectory: String
  public var dataDirectory: String
  public var pid: Int

  /// What profiles and PostgreSQL's own tools read.
  public var environment: [(name: String, value: String)] {
    [("PGHOST", host), ("PGPORT", String(port)), ("PGUSER", user), ("PGPASSWORD", password)]
  }
}

public enum ServerStatus: Sendable, Equatable {
  /// There is no cluster yet.
  case absent
  case stopped
  /// Starting, recovering from a crash, or stopping.
  case busy(String)
  case running(ServerEndpoint)
}

/// The private PostgreSQL of one project, for people who have none running.
///
/// The role is `postgres` with password `postgres` (what the reference project's profile defaults to); connections are
/// accepted on loopback with that password and, without one, through a socket in a folder only the server's account and
/// root can enter. All methods block; `start`, `stop` and `reset` of several processes take turns.
public struct LocalServer: Sendable {
  /// How careful the server is with what it has written.
  public enum Durability: Sendable {
    /// PostgreSQL's default: what is committed survives a power cut.
    case full
    /// No fsync: for tests whose data may be lost.
    case none
  }

  public static let user = "postgres"
  public static let password = "postgres"
  static let host = "127.0.0.1"

  public var durability: Durability
  /// Tried first, and the hundred after it, when no port is remembered. Beside PostgreSQL's 5432, which a server of the
  /// system or Docker may want.
  public var firstPort = 5433
  /// Told what takes a while ("Creating the database cluster …").
  public var onProgress: (@Sendable (String) -> Void)?
  let directory: String

  /// - Parameter stateDirectory: `<project>/.tenon/server`; made by `start()`.
  public init(
    stateDirectory: String, durability: Durability = .full, onProgress: (@Sendable (String) -> Void)? = nil
  ) {
    directory = stateDirectory
    self.durability = durability
    self.onProgress = onProgress
  }

  var state: ServerState { ServerState(directory) }

  /// Starts the server unless it runs, and waits until it accepts connections. Makes the cluster the first time.
  /// - Throws: `Diagnostic`: no server programs, no account to run as, a start that failed (with the log's last lines).
  @discardableResult
  public func start() throws -> ServerEndpoint {
    try state.prepare()
    let state = state
    return try FileLock.hold(state.lock) {
      if case .running(let endpoint) = status() { return endpoint }
      return try ServerStart(server: self, state: state).run()
    }
  }

  /// Stops the server: connections are ended, their transactions rolled back.
  /// - Returns: false when it did not run.
  @discardableResult
  public func stop() throws -> Bool {
    guard FileSystem.exists(state.root) else { return false }
    let state = state
    return try FileLock.hold(state.lock) { try stopLocked(state) }
  }

  private func stopLocked(_ state: ServerState) throws -> Bool {
    guard let postmaster = PostmasterFile.read(in: state.data), postmaster.isAlive else { return false }
    // SIGINT: a "fast" stop; SIGQUIT, if a minute was not enough: at once, with recovery at the next start.
    for (signal, seconds) in [(SIGINT, 60), (SIGQUIT, 20)] {
      guard kill(postmaster.pid, signal) == 0 || errno == ESRCH else {
        throw StateFiles.failure("stop", "the server (process \(postmaster.pid))")
      }
      for _ in 0..<(seconds * 20) {
        if !postmaster.isAlive { return true }
        usleep(50_000)
      }
    }
    throw Diagnostic("server-stop", .runtime, "The server (process \(postmaster.pid)) does not stop.")
  }

  /// What is the case now; takes no lock and starts nothing.
  public func status() -> ServerStatus {
    let state = state
    guard state.hasCluster else { return .absent }
    guard let postmaster = PostmasterFile.read(in: state.data), postmaster.isAlive else { return .stopped }
    guard postmaster.isReady else { return .busy(postmaster.state.isEmpty ? "starting" : postmaster.state) }
    return .running(
      ServerEndpoint(
        host: Self.host, port: postmaster.port, user: Self.user, password: Self.password,
        socketDirectory: postmaster.socketDirectory, dataDirectory: state.data, pid: Int(postmaster.pid)))
  }

  /// The running server's endpoint, for commands that use it if it is there.
  public var endpoint: ServerEndpoint? {
    if case .running(let endpoint) = status() { return endpoint }
    return nil
  }

  /// The last lines of the server's log.
  public func logs(lines: Int = 50) -> [String] {
    guard lines > 0, let text = StateFiles.tail(state.log, bytes: 1 << 20) else { return [] }
    return Array(text.split(separator: "\n", omittingEmptySubsequences: true).suffix(lines).map(String.init))
  }

  /// The log's path, for those who want to follow it.
  public var logPath: String { state.log }

  /// Stops the server and removes its data: all databases are gone. The next `start()` makes a new cluster.
  public func reset() throws {
    guard FileSystem.exists(state.root) else { return }
    let state = state
    try FileLock.hold(state.lock) {
      _ = try stopLocked(state)
      try state.removeEverything()
    }
  }
}
