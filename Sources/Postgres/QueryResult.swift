import CLibPQ

/// A column of a result.
public struct ResultColumn: Sendable, Hashable {
  public var name: String
  /// `pg_type.oid`.
  public var typeOID: UInt32
  /// `atttypmod`: length + 4 of a varchar, precision and scale of a numeric; -1 when there is none.
  public var typeModifier: Int
  /// The table and its column (`attnum`) a value comes from; 0 for expressions.
  public var tableOID: UInt32
  public var tableColumn: Int

  /// psycopg2's name for the type (`INTEGER`, `STRING`, …); see `PostgresTypes.dbapiName`.
  public var dbapiName: String? { PostgresTypes.dbapiName(typeOID) }
}

/// What a statement did, as its command tag tells: `SELECT 10`, `CREATE VIEW`, `INSERT 0 5`.
public struct CommandTag: Sendable, Hashable, CustomStringConvertible {
  /// The tag as sent (dbt's `_message`); empty for an empty statement.
  public var message: String
  /// Rows returned or changed; -1 when the command does not count any (as psycopg2's `rowcount`).
  public var rowsAffected: Int

  public init(message: String, rowsAffected: Int) {
    self.message = message
    self.rowsAffected = rowsAffected
  }

  /// The words of the tag that are not numbers (dbt's `code`): `INSERT`, `CREATE VIEW`.
  public var code: String {
    message.split(separator: " ").filter { !$0.utf8.allSatisfy { (0x30...0x39).contains($0) } }.joined(separator: " ")
  }

  public var description: String { message }
}

/// The rows and the tag of one statement. Values are decoded when asked for.
///
/// `@unchecked Sendable`: a `PGresult` is never changed after libpq has handed it over, reading it from several
/// threads is allowed, and it lives exactly as long as this object.
public final class QueryResult: @unchecked Sendable {
  private let result: OpaquePointer
  public let columns: [ResultColumn]
  public let rowCount: Int
  public let tag: CommandTag
  /// The tags of all statements of the text that was sent, in order; the last is `tag`.
  public let allTags: [CommandTag]

  /// Takes over `result`.
  init(taking result: OpaquePointer, earlier: [CommandTag]) {
    self.result = result
    rowCount = Int(libpq.PQntuples(result))
    columns = (0..<libpq.PQnfields(result)).map { index in
      ResultColumn(
        name: libpq.PQfname(result, index).map { String(cString: $0) } ?? "", typeOID: libpq.PQftype(result, index),
        typeModifier: Int(libpq.PQfmod(result, index)), tableOID: libpq.PQftable(result, index),
        tableColumn: Int(libpq.PQftablecol(result, index)))
    }
    tag = Self.tag(of: result)
    allTags = earlier + [tag]
  }

  deinit { libpq.PQclear(result) }

  static func tag(of result: OpaquePointer) -> CommandTag {
    let message = libpq.PQcmdStatus(result).map { String(cString: $0) } ?? ""
    if libpq.PQresultStatus(result) == PGRES_TUPLES_OK {
      return CommandTag(message: message, rowsAffected: Int(libpq.PQntuples(result)))
    }
    let count = libpq.PQcmdTuples(result).flatMap { Int(String(cString: $0)) }
    return CommandTag(message: message, rowsAffected: count ?? -1)
  }

  /// Whether the statement gives rows at all (a SELECT without hits does, a CREATE does not).
  public var hasRows: Bool { libpq.PQresultStatus(result) == PGRES_TUPLES_OK }

  public func isNull(_ row: Int, _ column: Int) -> Bool {
    precondition(row >= 0 && row < rowCount && column >= 0 && column < columns.count, "no such field")
    return libpq.PQgetisnull(result, Int32(row), Int32(column)) != 0
  }

  /// The field as PostgreSQL writes it, without a copy; nil for NULL. Only valid inside `body`.
  public func withBytes<R>(_ row: Int, _ column: Int, _ body: (UnsafeBufferPointer<UInt8>?) throws -> R) rethrows -> R {
    if isNull(row, column) { return try body(nil) }
    let length = Int(libpq.PQgetlength(result, Int32(row), Int32(column)))
    guard let start = libpq.PQgetvalue(result, Int32(row), Int32(column)) else { return try body(nil) }
    return try start.withMemoryRebound(to: UInt8.self, capacity: length) {
      try body(UnsafeBufferPointer(start: $0, count: length))
    }
  }

  /// The field's text; nil for NULL.
  public func text(_ row: Int, _ column: Int) -> String? {
    withBytes(row, column) { bytes in bytes.map { String(decoding: $0, as: UTF8.self) } }
  }

  /// The field as psycopg2 would give it to Python; see `PostgresValue`.
  public func value(_ row: Int, _ column: Int) -> PostgresValue {
    withBytes(row, column) { bytes in
      guard let bytes else { return .null }
      return PostgresValue(text: bytes, typeOID: columns[column].typeOID)
    }
  }

  public func textRow(_ row: Int) -> [String?] { columns.indices.map { text(row, $0) } }
  public func row(_ row: Int) -> [PostgresValue] { columns.indices.map { value(row, $0) } }
  public var textRows: [[String?]] { (0..<rowCount).map(textRow) }
  public var rows: [[PostgresValue]] { (0..<rowCount).map(row) }

  /// The one field of a result that should have one: the first row's first column; nil when there is no row or it is
  /// NULL.
  public var scalar: String? { rowCount > 0 && !columns.isEmpty ? text(0, 0) : nil }
}
