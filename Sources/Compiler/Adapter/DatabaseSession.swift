import Events
import Jinja
import Postgres

/// One thread's way to the database: its connection, whether dbt thinks a transaction is open, the comment put
/// before statements, and the events about all that.
///
/// Transactions follow psycopg2, which dbt-postgres uses: the first statement opens one, `COMMIT` or `ROLLBACK` ends
/// it. Used by one thread.
public final class DatabaseSession {
  public let adapter: Adapter
  /// What logs call the connection: a node's unique id, `master`, …
  public private(set) var name: String
  /// dbt's own bookkeeping, which macros and hooks rely on.
  public private(set) var isTransactionOpen = false
  private var hasConnection = false
  /// Whether the connection was asked for since the last release: only then is there anything to forget.
  private var isUsed = false
  private var wasAcquired = false
  /// The comment for the node at hand; computed at its first statement.
  private var comment: QueryComment.Rendered?
  /// The node whose statements are sent now.
  public var nodeID: String? { didSet { comment = nil } }

  public init(_ adapter: Adapter, name: String) {
    self.adapter = adapter
    self.name = name
  }

  var log: EventLog { adapter.log }

  /// Takes the connection for a purpose; what is left open by the one before is rolled back.
  public func acquire(_ name: String, nodeID: String? = nil) {
    let old = self.name
    self.name = name
    self.nodeID = nodeID
    comment = nil
    log.emit(wasAcquired ? .connectionReused(name, from: old) : .newConnection(name))
    wasAcquired = true
  }

  /// Ends what is open and forgets session settings, temporary tables and the like.
  public func release() {
    isTransactionOpen = false
    standsAlone = false
    guard isUsed else { return }
    isUsed = false
    log.emit(.connectionClosed(name))
    adapter.pool.release()
    if adapter.pool.current == nil { hasConnection = false }
  }

  /// Closes the connection.
  public func close() {
    isTransactionOpen = false
    hasConnection = false
    isUsed = false
    adapter.pool.closeCurrent()
  }

  /// The open connection; opened when there is none.
  public func connection() throws -> Connection {
    if adapter.isStopping { throw ExecutionError(.runtime, "The run was interrupted.") }
    if let refusal = adapter.refusal { throw ExecutionError(.runtime, refusal) }
    if !hasConnection { log.emit(.connectionOpening("init")) }
    isUsed = true
    do {
      let connection = try adapter.pool.connection(named: name)
      connection.autocommit = false
      hasConnection = true
      return connection
    } catch let error as PostgresError {
      throw ExecutionError(error)
    }
  }

  /// A COMMIT was sent. psycopg2, which dbt-postgres uses, begins a transaction at a connection's first statement and
  /// then takes it for open until it is told otherwise, which dbt never does: after a COMMIT statements stand alone
  /// until a transaction is begun in order. `vacuum` and hooks outside of transactions live on that.
  private var standsAlone = false
  /// No statement begins a transaction, whatever it asks for.
  private var neverBegins = false

  private func open() {
    isTransactionOpen = true
    if !neverBegins { standsAlone = false }
  }

  /// Sends one text of SQL (the comment is added) and gives its last result.
  public func execute(_ sql: String, autoBegin: Bool = false) throws -> QueryResult {
    try send(try commented(sql), autoBegin: autoBegin)
  }

  /// Sends SQL as it is.
  public func send(_ sql: String, autoBegin: Bool) throws -> QueryResult {
    if autoBegin, !isTransactionOpen { open() }
    let connection = try connection()
    if standsAlone { connection.autocommit = true }
    log.emit(.connectionUsed(name))
    log.emit(.sqlQuery(name, sql))
    let start = monotonicSeconds()
    do {
      let result = try connection.execute(sql)
      if connection.transactionStatus == .idle { standsAlone = true }
      log.emit(.sqlStatus(result.tag.message, seconds: monotonicSeconds() - start))
      return result
    } catch let error as PostgresError {
      log.emit(.adapterMessage("Postgres error: \(error.message)"))
      rollbackIfOpen()
      var failure = ExecutionError(error)
      failure.statement = sql
      throw failure
    }
  }

  /// Runs a `COPY … FROM STDIN` whose data `body` writes; the statement is logged (its data is not).
  /// - Throws: an ExecutionError; what `body` throws is passed on, after a rollback.
  public func copyIn(_ sql: String, _ body: (CopyWriter) throws -> Void) throws {
    open()
    let connection = try connection()
    if standsAlone { connection.autocommit = true }
    let sql = try commented(sql)
    log.emit(.connectionUsed(name))
    log.emit(.sqlQuery(name, sql))
    let start = monotonicSeconds()
    do {
      let tag = try connection.copyIn(sql, body)
      log.emit(.sqlStatus(tag.message, seconds: monotonicSeconds() - start))
    } catch {
      rollbackIfOpen()
      guard let error = error as? PostgresError else { throw error }
      log.emit(.adapterMessage("Postgres error: \(error.message)"))
      throw ExecutionError(error)
    }
  }

  public func begin() throws {
    if isTransactionOpen {
      throw ExecutionError(
        .internal, "Tried to begin a new transaction on connection \"\(name)\", but it already had one open!")
    }
    open()
  }

  public func commit() throws {
    guard isTransactionOpen else {
      throw ExecutionError(
        .internal, "Tried to commit transaction on connection \"\(name)\", but it does not have one open!")
    }
    isTransactionOpen = false
    standsAlone = true
    try finish("COMMIT")
  }

  /// Ends whatever is open, so that the next statements stand alone until a transaction begins.
  /// - Parameter forGood: none ever begins: every statement of an operation commits itself.
  public func clearTransaction(forGood: Bool = false) {
    rollbackIfOpen()
    neverBegins = forGood
    standsAlone = true
  }

  /// Commits whatever the connection has open, dbt's transaction or an implicit one.
  public func commitIfAny() throws {
    isTransactionOpen = false
    guard hasConnection, let connection = adapter.pool.current, connection.transactionStatus != .idle else { return }
    standsAlone = true
    try finish("COMMIT")
  }

  private func finish(_ word: String) throws {
    if word == "COMMIT" { log.emit(.commit(name)) }
    log.emit(.connectionUsed(name))
    log.emit(.sqlQuery(name, word))
    let start = monotonicSeconds()
    do {
      let connection = try connection()
      if word == "COMMIT" { try connection.commit() } else { try connection.rollback() }
    } catch let error as PostgresError {
      throw ExecutionError(error)
    }
    log.emit(.sqlStatus(word, seconds: monotonicSeconds() - start))
  }

  public func rollbackIfOpen() {
    isTransactionOpen = false
    standsAlone = neverBegins
    guard hasConnection, let connection = adapter.pool.current else { return }
    if connection.isBroken {
      adapter.pool.closeCurrent()
      hasConnection = false
    } else if connection.transactionStatus != .idle {
      log.emit(.rollback(name))
      try? connection.rollback()
    }
  }

  private func commented(_ sql: String) throws -> String {
    let rendered: QueryComment.Rendered
    if let comment {
      rendered = comment
    } else {
      rendered = try adapter.queryComment.render(session: self)
      comment = rendered
    }
    return rendered.added(to: sql)
  }
}
