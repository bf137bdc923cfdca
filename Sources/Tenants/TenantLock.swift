import Postgres

/// Mutual exclusion for one tenant among all tenons that work with the same server.
///
/// A transaction's advisory lock in the maintenance database, held by a connection that does nothing else: it ends with
/// its process, and, unlike a session's lock, works through a pooler that hands out sessions by the transaction.
enum TenantLock {
  /// Runs `body` while the tenants' locks are held, taken in one order so that two calls cannot block each other.
  /// - Parameter commits: `body` uses the same connection, and what it did there is to stay.
  static func hold<Result>(
    _ databases: [String], _ connection: Connection, seconds: Int = 300, commits: Bool = false,
    _ body: () throws -> Result
  ) throws -> Result {
    try connection.begin()
    defer { try? connection.rollback() }
    try connection.execute("SET LOCAL lock_timeout = '\(seconds)s'; SET LOCAL idle_in_transaction_session_timeout = 0")
    for key in Set(databases.map(key)).sorted() {
      try connection.query("SELECT pg_catalog.pg_advisory_xact_lock($1::int, $2::int)", [String(space), String(key)])
    }
    let result = try body()
    if commits { try connection.commit() }
    return result
  }

  /// "teno": our corner of the keys' space.
  private static let space = 0x7465_6E6F

  /// FNV-1a, folded. Two tenants with the same key wait for each other needlessly, and that is all.
  static func key(_ database: String) -> Int32 {
    var hash: UInt32 = 0x811C_9DC5
    for byte in database.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
    return Int32(bitPattern: hash)
  }
}
