import LocalServer
import Postgres
import Glibc

/// One real PostgreSQL for all tests of a test process: started at the first use, removed when the process ends.
public final class TestServer: Sendable {
  private let server: LocalServer
  public let endpoint: ServerEndpoint

  private static let started: Result<TestServer, any Error> = Result {
    var template = Array("/tmp/tenon-tests-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw PostgresError("no temporary folder") }
    chmod(&template, 0o755)
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    var server = LocalServer(stateDirectory: "\(folder)/server", durability: .none)
    // Away from where people's servers are.
    server.firstPort = .random(in: 15_000...30_000)
    let started = TestServer(server, try server.start())
    atexit {
      if case .success(let started)? = TestServer.atEnd { started.remove() }
    }
    return started
  }

  // Only what has been started is looked at when the process ends.
  private static var atEnd: Result<TestServer, any Error>? { started }

  /// The server; throws what kept it from starting.
  public static func shared() throws -> TestServer { try started.get() }

  private init(_ server: LocalServer, _ endpoint: ServerEndpoint) {
    self.server = server
    self.endpoint = endpoint
  }

  private func remove() {
    try? server.reset()
    let path = server.logPath
    let state = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
    let folder = String(state[..<(state.lastIndex(of: "/") ?? state.endIndex)])
    for file in ["server.log", "lock", ".gitignore"] { unlink("\(state)/\(file)") }
    rmdir(state)
    rmdir(folder)
  }

  /// The superuser's parameters for a database.
  public func parameters(database: String = "postgres") -> ConnectionParameters {
    ConnectionParameters(
      host: endpoint.host, port: endpoint.port, user: endpoint.user, password: endpoint.password, database: database)
  }

  public func connect(database: String = "postgres") throws -> Connection {
    try Connection.open(parameters(database: database))
  }

  /// A database of its own for one test, dropped afterwards.
  public func withDatabase<R>(_ body: (ConnectionParameters) throws -> R) throws -> R {
    // Names are of one length: error messages have them in lines with a caret below.
    let name = "test_\(UInt64.random(in: 1_000_000_000_000...9_999_999_999_999))"
    let admin = try connect()
    defer { admin.close() }
    try admin.execute("CREATE DATABASE \(SQL.identifier(name))")
    defer { _ = try? admin.execute("DROP DATABASE IF EXISTS \"\(name)\" WITH (FORCE)") }
    return try body(parameters(database: name))
  }
}

/// A plain thread: blocking database calls do not belong on Swift's cooperative pool.
public struct TestThread {
  private final class Box {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }

  private let id: pthread_t

  public init(_ body: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(Box(body)).toOpaque()
    var id = pthread_t()
    pthread_create(
      &id, nil,
      { argument in
        if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, box)
    self.id = id
  }

  public func join() { pthread_join(id, nil) }
}

/// A mutex for what tests share between threads.
public final class TestLock: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  public init() {
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  public func hold<Result>(_ body: () throws -> Result) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body()
  }
}
