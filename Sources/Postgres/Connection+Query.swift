import CLibPQ
import Glibc

extension Connection {
  /// Runs a text of one or more statements (simple protocol) and gives the last one's result; `allTags` has all tags.
  ///
  /// Several statements in one text form one transaction unless they say otherwise, as always with the simple
  /// protocol. An empty text, or one of comments only, is an error, as in psycopg2.
  /// - Throws: `PostgresError`; afterwards the connection can be used again unless `isBroken`.
  @discardableResult
  public func execute(_ sql: String) throws -> QueryResult {
    let handle = try ready()
    try checkNul(sql)
    try beginImplicitly()
    return try running {
      guard libpq.PQsendQuery(handle, sql) == 1 else { throw PostgresError(result: nil, connection: handle) }
      return try results()
    }
  }

  /// The same as `execute`: for reading, where a result is wanted.
  public func query(_ sql: String) throws -> QueryResult { try execute(sql) }

  /// Runs one statement with parameters `$1`, `$2`, … (text format; nil is NULL; the server infers their types).
  @discardableResult
  public func query(_ sql: String, _ parameters: [String?]) throws -> QueryResult {
    let handle = try ready()
    try checkNul(sql)
    for parameter in parameters {
      if let parameter { try checkNul(parameter) }
    }
    try beginImplicitly()
    let copies = parameters.map { $0.flatMap { strdup($0) } }
    defer { for copy in copies { free(copy) } }
    let values: [UnsafePointer<CChar>?] = copies.map { $0.map { UnsafePointer($0) } }
    return try running {
      guard libpq.PQsendQueryParams(handle, sql, Int32(values.count), nil, values, nil, nil, 0) == 1 else {
        throw PostgresError(result: nil, connection: handle)
      }
      return try results()
    }
  }

  /// Runs one statement and hands over its rows one by one, in constant memory.
  ///
  /// Each call gets a result of one row that must not be kept. When `body` throws, the statement is cancelled and the
  /// error passed on.
  public func forEachRow(_ sql: String, _ body: (QueryResult) throws -> Void) throws {
    let handle = try ready()
    try checkNul(sql)
    try beginImplicitly()
    try running {
      guard libpq.PQsendQuery(handle, sql) == 1 else { throw PostgresError(result: nil, connection: handle) }
      _ = libpq.PQsetSingleRowMode(handle)
      var failure: (any Error)?
      while let result = libpq.PQgetResult(handle) {
        let status = libpq.PQresultStatus(result)
        if status == PGRES_SINGLE_TUPLE {
          let row = QueryResult(taking: result, earlier: [])
          if failure == nil {
            do { try body(row) } catch {
              failure = error
              cancel()
            }
          }
          continue
        }
        if status != PGRES_TUPLES_OK, status != PGRES_COMMAND_OK, failure == nil {
          failure = takeFailure(result, status)
        } else {
          if Self.isCopy(status) { _ = takeFailure(nil, status) }
          libpq.PQclear(result)
        }
      }
      if let failure { throw failure }
    }
  }

  // MARK: - Underneath

  func ready() throws -> OpaquePointer {
    guard let handle else { throw PostgresError("connection already closed", connectionLost: true) }
    return handle
  }

  func checkNul(_ text: String) throws {
    if text.utf8.contains(0) {
      throw PostgresError("a NUL character cannot be sent to PostgreSQL", sqlState: "22021")
    }
  }

  func beginImplicitly() throws {
    if !autocommit, transactionStatus == .idle { try command("BEGIN") }
  }

  /// A statement of our own that never begins a transaction by itself.
  @discardableResult
  func command(_ sql: String) throws -> QueryResult {
    let handle = try ready()
    return try running {
      guard libpq.PQsendQuery(handle, sql) == 1 else { throw PostgresError(result: nil, connection: handle) }
      return try results()
    }
  }

  /// Reads all results of what was sent: the last one, or the first error after everything has been read.
  func results() throws -> QueryResult {
    let handle = try ready()
    var tags: [CommandTag] = []
    var last: OpaquePointer?
    var failure: PostgresError?
    while let result = libpq.PQgetResult(handle) {
      let status = libpq.PQresultStatus(result)
      switch status {
      case PGRES_COMMAND_OK, PGRES_TUPLES_OK:
        if let last {
          tags.append(QueryResult.tag(of: last))
          libpq.PQclear(last)
        }
        last = result
      default:
        let found = takeFailure(result, status)
        // A server that says goodbye and goes gives two errors; both are worth reading.
        if failure != nil, found.connectionLost { failure?.message += "\n\(found.message)" }
        if failure == nil { failure = found }
      }
    }
    if var failure {
      if let last { libpq.PQclear(last) }
      if libpq.PQstatus(handle) == CONNECTION_BAD { failure.connectionLost = true }
      throw failure
    }
    guard let last else { throw PostgresError(result: nil, connection: handle) }
    return QueryResult(taking: last, earlier: tags)
  }

  static func isCopy(_ status: ExecStatusType) -> Bool {
    status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH
  }

  /// Turns a result that is no success into an error, frees it, and ends a COPY that nobody serves.
  private func takeFailure(_ result: OpaquePointer?, _ status: ExecStatusType) -> PostgresError {
    defer { if let result { libpq.PQclear(result) } }
    guard let handle else { return PostgresError("connection already closed", connectionLost: true) }
    switch status {
    case PGRES_EMPTY_QUERY:
      return PostgresError("can't execute an empty query")
    case PGRES_COPY_IN:
      _ = libpq.PQputCopyEnd(handle, "COPY FROM STDIN needs data, and none comes with a statement")
      return PostgresError("can't use COPY FROM STDIN as a statement: it needs data")
    case PGRES_COPY_OUT, PGRES_COPY_BOTH:
      var buffer: UnsafeMutablePointer<CChar>?
      while libpq.PQgetCopyData(handle, &buffer, 0) > 0 { libpq.PQfreemem(buffer) }
      return PostgresError("can't use COPY TO STDOUT as a statement: nothing takes its data")
    default:
      return PostgresError(result: result, connection: handle)
    }
  }
}
