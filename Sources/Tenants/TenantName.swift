import Diagnostics

/// A tenant's name: 1 to 50 of the ASCII letters, the digits, `-` and `_`.
///
/// A value of this type is always valid, so whatever is made from one (a database, a bucket, a path) is safe to make.
public struct TenantName: Sendable, Hashable, Comparable, CustomStringConvertible {
  public static let limit = 50

  public let text: String

  /// - Throws: `Diagnostic` `invalid-tenant-name`, which says what is wrong and shows a right call.
  public init(_ text: String) throws {
    let problem: String?
    if text.unicodeScalars.allSatisfy({ $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" }) {
      problem = "The tenant's name is empty."
    } else if let scalar = text.unicodeScalars.first(where: { !Self.isAllowed($0) }) {
      problem = "The tenant's name \(Self.printable(text)) holds \(Self.printable(String(scalar)))."
    } else if text.utf8.count > Self.limit {
      problem =
        "The tenant's name \(Self.printable(text)) has \(text.utf8.count) characters; "
        + "at most \(Self.limit) are allowed."
    } else {
      problem = nil
    }
    if let problem {
      throw Diagnostic(
        "invalid-tenant-name", .validation, problem,
        hint: "Use 1 to \(Self.limit) letters (A-Z, a-z), digits, '-' and '_', for example: "
          + "tenon tenant create my_company")
    }
    self.text = text
  }

  /// For names already known to be valid, such as those read back from a mark; nil when it is not.
  public init?(valid text: String) {
    guard let name = try? TenantName(text) else { return nil }
    self = name
  }

  public var description: String { text }

  public static func < (a: TenantName, b: TenantName) -> Bool { a.text < b.text }

  /// Letters of other alphabets that look alike are refused with everything else.
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "-", "_": return true
    default: return false
    }
  }

  /// In quotes, cut when very long, nothing in it that steers a terminal or hides.
  private static func printable(_ text: String) -> String {
    var out = "'"
    for scalar in text.unicodeScalars.prefix(60) {
      let visible =
        scalar.value >= 0x20 && scalar.value != 0x7F && !(0x80...0xA0).contains(scalar.value)
        && scalar.properties.generalCategory != .format && scalar.properties.generalCategory != .lineSeparator
        && scalar.properties.generalCategory != .paragraphSeparator
      out += visible ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
    }
    return out + (text.unicodeScalars.count > 60 ? "…'" : "'")
  }
}
