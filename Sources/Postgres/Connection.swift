import Diagnostics
import CLibPQ
import Diagnostics
import Glibc

/// A session with a PostgreSQL server, over libpq, in blocking calls.
///
/// **One thread at a time.** A connection belongs to the worker thread that uses it; calls block that thread, so never
/// call them on Swift's cooperative pool. Only `cancel()`, `name`, `backendPID` and `isRunning` may be used from other
/// threads.
///
/// `@unchecked Sendable`: libpq allows a `PGconn` to be used by any thread as long as no two use it at the same time,
/// which the rule above demands of callers; the parts other threads may touch (`cancellation`, `shared`) are locked.
public final class Connection: @unchecked Sendable {
  public let parameters: ConnectionParameters
  /// The server process that serves this session (`pg_backend_pid()`).
  public let backendPID: Int
  /// A PGconn; nil after `close()`.
  var handle: OpaquePointer?
  /// When false, the first statement outside a transaction is preceded by `BEGIN`, as psycopg2 does for dbt.
  public var autocommit = true
  /// Notices and warnings of the server, while a statement runs; called on the thread that runs it.
  public var onNotice: (@Sendable (PostgresError) -> Void)? {
    get { notices.handler }
    set { notices.handler = newValue }
  }

  private let notices: NoticeBox
  private let cancellation: Locked<OpaquePointer?>
  private let shared = Locked(Shared())

  struct Shared {
    var name: String?
    var running = false
  }

  final class NoticeBox {
    var handler: (@Sendable (PostgresError) -> Void)?
  }

  /// Takes over an open PGconn.
  init(taking handle: OpaquePointer, parameters: ConnectionParameters, name: String?) {
    self.handle = handle
    self.parameters = parameters
    backendPID = Int(libpq.PQbackendPID(handle))
    cancellation = Locked(libpq.PQgetCancel(handle))
    notices = NoticeBox()
    // Set before anything is sent: libpq's default receiver would write to standard error.
    _ = libpq.PQsetNoticeReceiver(
      handle,
      { context, result in
        guard let context, let result else { return }
        let box = Unmanaged<NoticeBox>.fromOpaque(context).takeUnretainedValue()
        box.handler?(PostgresError(result: result, connection: nil).asNotice)
      }, Unmanaged.passUnretained(notices).toOpaque())
    shared.withLock { $0.name = name }
    ConnectionRegistry.shared.add(self)
  }

  deinit { close() }

  /// What the session is used for, for messages (`model.shop.orders`).
  public var name: String? {
    get { shared.withLock { $0.name } }
    set { shared.withLock { $0.name = newValue } }
  }

  /// A statement is being executed.
  public var isRunning: Bool { shared.withLock { $0.running } }

  /// `PQserverVersion`: 150004 for 15.4.
  public var serverVersion: Int { handle.map { Int(libpq.PQserverVersion($0)) } ?? 0 }

  /// A setting the server reports by itself (`DateStyle`, `TimeZone`, `server_version`, `in_hot_standby`, …).
  public func serverParameter(_ name: String) -> String? {
    handle.flatMap { libpq.PQparameterStatus($0, name) }.map { String(cString: $0) }
  }

  public enum TransactionStatus: Sendable { case idle, active, inTransaction, failed, unknown }

  public var transactionStatus: TransactionStatus {
    guard let handle else { return .unknown }
    switch libpq.PQtransactionStatus(handle) {
    case PQTRANS_IDLE: return .idle
    case PQTRANS_ACTIVE: return .active
    case PQTRANS_INTRANS: return .inTransaction
    case PQTRANS_INERROR: return .failed
    default: return .unknown
    }
  }

  /// Closed, or known to be lost. (A loss shows only when a statement is tried.)
  public var isBroken: Bool { handle.map { libpq.PQstatus($0) == CONNECTION_BAD } ?? true }
  public var isOpen: Bool { !isBroken }

  /// Whether the connection still stands: reads what the server may have sent (a goodbye, say) without waiting.
  public func isAlive() -> Bool {
    guard let handle, libpq.PQstatus(handle) == CONNECTION_OK else { return false }
    // Its last words come first, the end of the connection after them.
    for _ in 0..<16 {
      var descriptor = pollfd(fd: libpq.PQsocket(handle), events: Int16(POLLIN), revents: 0)
      guard poll(&descriptor, 1, 0) > 0 else { break }
      guard libpq.PQconsumeInput(handle) == 1, libpq.PQstatus(handle) == CONNECTION_OK else { return false }
    }
    return true
  }

  /// Asks the server to stop the running statement, which then fails with 57014. From any thread, also in a signal's
  /// watcher; opens a short connection of its own. Harmless when nothing runs.
  /// - Returns: false when the request could not be sent (or the connection is closed).
  @discardableResult
  public func cancel() -> Bool {
    cancellation.withLock { cancel in
      guard let cancel else { return false }
      return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
        libpq.PQcancel(cancel, buffer.baseAddress, 256) == 1
      }
    }
  }

  /// A password as the server stores it (SCRAM, or what `password_encryption` says), so that it is never part of a
  /// statement that may be logged.
  public func encrypted(_ password: Secret, user: String) throws -> String {
    guard let handle, let text = libpq.PQencryptPasswordConn(handle, password.reveal(), user, nil) else {
      throw PostgresError(handle.map { LibPQ.text(libpq.PQerrorMessage($0)) } ?? "the connection is closed")
    }
    defer { libpq.PQfreemem(text) }
    return String(cString: text)
  }

  /// Ends the session; an open transaction is rolled back by the server. May be called twice.
  public func close() {
    guard let handle else { return }
    self.handle = nil
    ConnectionRegistry.shared.remove(self)
    cancellation.withLock { cancel in
      if let cancel { libpq.PQfreeCancel(cancel) }
      cancel = nil
    }
    libpq.PQfinish(handle)
  }

  /// Marks the session as running a statement for as long as `body` takes.
  func running<Result>(_ body: () throws -> Result) rethrows -> Result {
    shared.withLock { $0.running = true }
    defer { shared.withLock { $0.running = false } }
    return try body()
  }
}

extension PostgresError {
  /// A notice has the fields of an error but loses no connection; its severity stays in `severity`.
  fileprivate var asNotice: PostgresError {
    var copy = self
    copy.connectionLost = false
    return copy
  }
}
