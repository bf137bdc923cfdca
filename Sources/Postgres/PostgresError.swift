import CLibPQ
import Diagnostics

/// What the server (or libpq, when there is no server to ask) said went wrong.
///
/// `message` is the text psycopg2 gives and dbt prints: the primary message and, on lines of their own, `LINE n:` with
/// a caret, `DETAIL:`, `HINT:` and `CONTEXT:`, without the severity in front and without a newline at the end.
public struct PostgresError: Error, Sendable, CustomStringConvertible {
  /// Five characters such as `42P01`; nil when the server said nothing (connection refused, connection lost).
  public var sqlState: String?
  /// `ERROR`, `FATAL` or `PANIC`.
  public var severity: String?
  public var message: String
  /// The message's first part alone.
  public var primary: String
  public var detail: String?
  public var hint: String?
  /// From 1, in characters (Unicode scalars) of the SQL text that was sent.
  public var position: Int?
  /// A position in `internalQuery` (a function's body, for example), counted likewise.
  public var internalPosition: Int?
  public var internalQuery: String?
  public var context: String?
  public var schema: String?
  public var table: String?
  public var column: String?
  public var dataType: String?
  public var constraint: String?
  /// The connection can no longer be used.
  public var connectionLost: Bool

  public init(_ message: String, sqlState: String? = nil, connectionLost: Bool = false) {
    self.message = message
    primary = message.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? message
    self.sqlState = sqlState
    self.connectionLost = connectionLost
  }

  public var description: String { message }

  /// The same with what to do about it, as the server would add it.
  public func advising(_ text: String) -> PostgresError {
    var copy = self
    copy.hint = text
    copy.message += "\nHINT:  \(text)"
    return copy
  }

  /// A later try of the same transaction may succeed: serialization failure, deadlock, lock not available, the server
  /// being shut down or started, trouble with the connection. Everything else would only fail again.
  public var isRetryable: Bool {
    guard let sqlState else { return connectionLost }
    switch sqlState {
    case "40001", "40P01", "55P03", "57P01", "57P02", "57P03": return true
    default: return sqlState.hasPrefix("08")
    }
  }

  /// Whether opening the connection again may help: no answer, server starting, too many connections. A wrong password
  /// or a missing database stays wrong.
  public var isRetryableOnOpen: Bool {
    guard let sqlState else { return true }
    return isRetryable || sqlState == "53300"
  }

  /// The statement was stopped on request (`cancel()`, `statement_timeout`).
  public var isCanceled: Bool { sqlState == "57014" }
  public var isMissingDatabase: Bool { sqlState == "3D000" }
  public var isDuplicateDatabase: Bool { sqlState == "42P04" }

  /// As a diagnostic of kind "Database Error".
  /// - Parameters:
  ///   - source: the SQL text, as the user can find it, in which `position` lies.
  ///   - skipping: scalars that were sent in front of `source`'s text (a query comment).
  public func diagnostic(in source: SourceText? = nil, skipping: Int = 0, hint: String? = nil) -> Diagnostic {
    var range: SourceRange?
    if let source, let position, position > skipping {
      let offset = Self.byteOffset(ofScalar: position - 1 - skipping, in: source.utf8)
      range = SourceRange(source: source, offsets: offset..<Self.endOfWord(at: offset, in: source.utf8))
    }
    return Diagnostic(
      "postgres-\(sqlState ?? "connection")", sqlState == nil ? .connection : .database, message, range: range,
      hint: hint)
  }

  static func byteOffset(ofScalar wanted: Int, in bytes: [UInt8]) -> Int {
    var scalars = 0
    for (offset, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 {
      if scalars == wanted { return offset }
      scalars += 1
    }
    return bytes.count
  }

  /// The end of the identifier or number that starts at `start`; at least one byte further where there is one.
  private static func endOfWord(at start: Int, in bytes: [UInt8]) -> Int {
    var end = start
    if end < bytes.count, bytes[end] == UInt8(ascii: "\"") {
      end += 1
      while end < bytes.count, bytes[end] != UInt8(ascii: "\""), bytes[end] != 0x0A { end += 1 }
      return min(end + 1, bytes.count)
    }
    func isWord(_ byte: UInt8) -> Bool {
      byte >= 0x80 || byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
    }
    while end < bytes.count, isWord(bytes[end]) { end += 1 }
    return min(max(end, start + 1), bytes.count)
  }
}

extension PostgresError {
  /// From a failed result; `connection` tells whether it can go on.
  init(result: OpaquePointer?, connection: OpaquePointer?) {
    let lost = connection.map { libpq.PQstatus($0) == CONNECTION_BAD } ?? true
    guard let result else {
      let text = connection.map { LibPQ.text(libpq.PQerrorMessage($0)) } ?? "connection already closed"
      self.init(Self.stripped(text), connectionLost: lost)
      return
    }
    func field(_ code: Character) -> String? {
      guard let ascii = code.asciiValue, let text = libpq.PQresultErrorField(result, Int32(ascii)) else { return nil }
      return String(cString: text)
    }
    var text = LibPQ.text(libpq.PQresultErrorMessage(result))
    if text.isEmpty, let connection { text = LibPQ.text(libpq.PQerrorMessage(connection)) }
    if let severity = field("S"), text.hasPrefix("\(severity):  ") { text.removeFirst(severity.count + 3) }
    self.init(Self.stripped(text), sqlState: field("C"), connectionLost: lost)
    severity = field("V") ?? field("S")
    primary = field("M") ?? primary
    detail = field("D")
    hint = field("H")
    position = field("P").flatMap(Int.init)
    internalPosition = field("p").flatMap(Int.init)
    internalQuery = field("q")
    context = field("W")
    schema = field("s")
    table = field("t")
    column = field("c")
    dataType = field("d")
    constraint = field("n")
  }

  /// From the text of a connection that failed while libpq was set to be verbose, which is the only way to learn the
  /// SQLSTATE of a refused connection: `… failed: FATAL:  3D000: database "x" does not exist` and a LOCATION line.
  init(connecting text: String) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines.removeAll { $0.hasPrefix("LOCATION:  ") }
    var state: String?
    for (index, line) in lines.enumerated() {
      guard let found = Self.sqlState(in: line) else { continue }
      state = found.state
      lines[index] = found.line
    }
    self.init(Self.stripped(lines.joined(separator: "\n")), sqlState: state, connectionLost: true)
    severity = state == nil ? nil : "FATAL"
  }

  /// Finds `:  XXXXX: ` and gives the line without the code.
  private static func sqlState(in line: String) -> (state: String, line: String)? {
    let bytes = Array(line.utf8)
    let colon = UInt8(ascii: ":")
    let space = UInt8(ascii: " ")
    guard bytes.count > 9 else { return nil }
    for start in 0..<(bytes.count - 9)
    where bytes[start] == colon && bytes[start + 1] == space && bytes[start + 2] == space && bytes[start + 8] == colon
      && bytes[start + 9] == space
    {
      let code = bytes[(start + 3)..<(start + 8)]
      guard code.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }) else { continue }
      let rest = bytes[..<(start + 3)] + bytes[(start + 10)...]
      return (String(decoding: code, as: UTF8.self), String(decoding: rest, as: UTF8.self))
    }
    return nil
  }

  static func stripped(_ text: String) -> String {
    let blank: (Unicode.Scalar) -> Bool = { $0 == "\n" || $0 == "\r" || $0 == " " || $0 == "\t" }
    let scalars = text.unicodeScalars.drop(while: blank)
    return String(String.UnicodeScalarView(scalars.reversed().drop(while: blank).reversed()))
  }
}
