extension Connection {
  /// - Parameter mode: what follows `BEGIN`, such as `ISOLATION LEVEL REPEATABLE READ`.
  public func begin(_ mode: String? = nil) throws { try command(mode.map { "BEGIN \($0)" } ?? "BEGIN") }

  /// Commits what is open; does nothing outside a transaction.
  /// - Throws: `PostgresError` with 25P02 when the transaction had failed, so that the server rolled back instead.
  public func commit() throws {
    guard transactionStatus != .idle else { return }
    let result = try command("COMMIT")
    if result.tag.message == "ROLLBACK" {
      throw PostgresError("the transaction had failed and was rolled back", sqlState: "25P02")
    }
  }

  /// Rolls back what is open; does nothing outside a transaction or without a connection.
  public func rollback() throws {
    switch transactionStatus {
    case .inTransaction, .failed: try command("ROLLBACK")
    case .idle, .active, .unknown: return
    }
  }

  /// Runs `body` in a transaction: committed when it returns, rolled back when it throws.
  public func transaction<Result>(_ body: () throws -> Result) throws -> Result {
    try begin()
    do {
      let result = try body()
      try commit()
      return result
    } catch {
      try? rollback()
      throw error
    }
  }

  /// The longest a statement may take, for this session; nil or 0: no limit.
  public func setStatementTimeout(milliseconds: Int?) throws {
    try command("SET statement_timeout = \(max(0, milliseconds ?? 0))")
  }

  /// Brings the session back to how it was opened: no transaction, settings, temporary tables, locks or prepared
  /// statements of whoever used it before.
  public func reset() throws {
    try rollback()
    onNotice = nil
    autocommit = true
    try command("DISCARD ALL")
    try prepareSession()
  }
}
