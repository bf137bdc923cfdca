import Diagnostics

/// Names and values as SQL text: the only two functions that quote and escape.
public enum SQL {
  /// NAMEDATALEN - 1: PostgreSQL cuts longer names off, silently but for a notice. Counted in bytes.
  public static let identifierLimit = 63

  /// The name in double quotes, inner double quotes doubled.
  /// - Throws: `Diagnostic` for an empty name, one with a NUL, or one over 63 bytes (which PostgreSQL would cut off,
  ///   so that two different names could mean the same thing).
  public static func identifier(_ name: String) throws -> String {
    guard !name.isEmpty else {
      throw Diagnostic("empty-identifier", .database, "A name in SQL cannot be empty.")
    }
    guard !name.utf8.contains(0) else {
      throw Diagnostic("nul-in-identifier", .database, "A name in SQL cannot hold a NUL character: \(printable(name))")
    }
    guard name.utf8.count <= identifierLimit else {
      throw Diagnostic(
        "identifier-too-long", .database,
        "The name \(printable(name)) has \(name.utf8.count) bytes; PostgreSQL keeps \(identifierLimit).",
        hint: "Choose a shorter name (\(identifierLimit) bytes; characters other than ASCII take two to four each).")
    }
    return quoted(name, "\"")
  }

  /// The text as a string literal, safe whether `standard_conforming_strings` is on or off: quotes are doubled, and
  /// a text with a backslash becomes an `E''` string with backslashes doubled.
  /// - Throws: `Diagnostic` for a text with a NUL, which no PostgreSQL text can hold.
  public static func literal(_ text: String) throws -> String {
    guard !text.utf8.contains(0) else {
      throw Diagnostic("nul-in-literal", .database, "A text in SQL cannot hold a NUL character: \(printable(text))")
    }
    guard text.utf8.contains(UInt8(ascii: "\\")) else { return quoted(text, "'") }
    var out = "E'"
    for scalar in text.unicodeScalars {
      if scalar == "'" || scalar == "\\" { out.unicodeScalars.append(scalar) }
      out.unicodeScalars.append(scalar)
    }
    return out + "'"
  }

  /// A literal, or `NULL` for nil.
  public static func literal(_ text: String?) throws -> String {
    guard let text else { return "NULL" }
    return try literal(text) as String
  }

  /// A name that fits into `limit` bytes: itself when it does, else a prefix cut between characters, `_` and eight
  /// hexadecimal digits that depend on the whole name. The same name always gives the same result.
  public static func shortened(_ name: String, limit: Int = identifierLimit) -> String {
    guard name.utf8.count > limit else { return name }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let folded = UInt32(truncatingIfNeeded: hash ^ (hash >> 32))
    let digits = String(folded, radix: 16)
    let tail = "_" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
    var head = ""
    for scalar in name.unicodeScalars {
      if head.utf8.count + String(scalar).utf8.count > limit - tail.utf8.count { break }
      head.unicodeScalars.append(scalar)
    }
    return head + tail
  }

  // Scalars, not characters: in Swift a quote followed by a combining mark is one character that equals neither.
  private static func quoted(_ text: String, _ mark: Unicode.Scalar) -> String {
    var out = String.UnicodeScalarView()
    out.append(mark)
    for scalar in text.unicodeScalars {
      if scalar == mark { out.append(mark) }
      out.append(scalar)
    }
    out.append(mark)
    return String(out)
  }

  private static func printable(_ name: String) -> String {
    var out = "\""
    for scalar in name.unicodeScalars.prefix(80) {
      out += scalar.value < 0x20 || scalar.value == 0x7F ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
    }
    return out + (name.unicodeScalars.count > 80 ? "…\"" : "\"")
  }
}
