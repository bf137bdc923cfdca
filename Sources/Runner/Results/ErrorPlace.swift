import Compiler
import Diagnostics

/// Where PostgreSQL's error lies in the compiled file, which the statement that was sent has wrapped in other SQL.
enum ErrorPlace {
  /// `:2:3 (SQLSTATE 42703)`, to stand behind the file's path. Line and column (in Unicode scalars, from 1) are left out
  /// where the server gave no position, or one outside of the file's SQL; nil for an error that is not the server's.
  static func text(_ error: ExecutionError, compiled: String?) -> String? {
    guard let database = error.database, let state = database.sqlState else { return nil }
    var text = " (SQLSTATE \(state))"
    if let position = database.position, let statement = error.statement, let compiled,
      let place = find(position, in: statement, compiled)
    {
      text = ":\(place.line):\(place.column)" + text
    }
    return text
  }

  /// The line of the compiled file with carets under the word at fault, and the lines around it; empty where no place is
  /// known.
  static func snippet(_ error: ExecutionError, compiled: String?) -> [String] {
    guard let position = error.database?.position, let statement = error.statement, let compiled,
      let place = find(position, in: statement, compiled)
    else { return [] }
    let bytes = Array(compiled.utf8)
    var end = place.offset
    while end < bytes.count, isWord(bytes[end]) { end += 1 }
    let source = SourceText(name: "", utf8: bytes)
    let range = SourceRange(source: source, offsets: place.offset..<max(end, min(place.offset + 1, bytes.count)))
    return Array(DiagnosticRenderer().snippet(range).dropFirst())
  }

  /// Part of a name, which may have its table's before it.
  private static func isWord(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "\"")
      || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
  }

  private static func find(_ position: Int, in statement: String, _ compiled: String) -> SourcePosition? {
    var code = compiled[...]
    while let last = code.last, last.isWhitespace { code.removeLast() }
    guard !code.isEmpty, let range = statement.utf8.firstRange(of: code.utf8) else { return nil }
    let scalars = statement.unicodeScalars
    guard position > 0,
      let index = scalars.index(scalars.startIndex, offsetBy: position - 1, limitedBy: scalars.endIndex),
      range.contains(index)
    else { return nil }
    let offset = statement.utf8.distance(from: range.lowerBound, to: index)
    return SourceText(name: "", text: compiled).position(at: offset)
  }
}
