/// What S3 accepts as a bucket's name.
///
/// The rules are those of "General purpose bucket naming rules" in Amazon's S3 user guide: 3 to 63 characters;
/// lower-case letters, digits, dots and hyphens; a letter or digit at both ends; no two dots together; not an IPv4
/// address; no reserved prefixes and suffixes.
public enum BucketName {
  private static let reservedPrefixes = ["xn--", "sthree-", "amzn-s3-demo-"]
  private static let reservedSuffixes = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"]

  /// Why S3 would refuse the name; nil when it would not.
  public static func problem(_ name: String) -> String? {
    let count = name.unicodeScalars.count
    if count < 3 { return "it is shorter than 3 characters" }
    if count > 63 { return "it has \(count) characters, 63 are allowed" }
    if name.unicodeScalars.contains(where: { ("A"..."Z").contains($0) }) { return "it has capital letters" }
    if name.unicodeScalars.contains("_") { return "it has underscores" }
    if !name.unicodeScalars.allSatisfy({ isPlain($0) || $0 == "." || $0 == "-" }) {
      return "it has characters other than lower-case letters, digits, dots and hyphens"
    }
    if let first = name.unicodeScalars.first, let last = name.unicodeScalars.last, !isPlain(first) || !isPlain(last) {
      return "it does not start and end with a letter or digit"
    }
    if name.contains("..") { return "it has two dots in a row" }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count == 4, parts.allSatisfy({ UInt8($0) != nil }) { return "it looks like an IP address" }
    if let prefix = reservedPrefixes.first(where: { name.hasPrefix($0) }) {
      return "names with '\(prefix)' are reserved"
    }
    if let suffix = reservedSuffixes.first(where: { name.hasSuffix($0) }) {
      return "names with '\(suffix)' are reserved"
    }
    return nil
  }

  /// The nearest name S3 accepts: the name itself when it is fine. Two names with the same result would share a bucket.
  public static func accepted(_ name: String) -> String {
    if problem(name) == nil { return name }
    var scalars = String.UnicodeScalarView()
    for scalar in name.lowercased().unicodeScalars {
      if isPlain(scalar) || (scalar == "." && scalars.last != ".") {
        scalars.append(scalar)
      } else {
        scalars.append("-")
      }
    }
    var text = trimmed(String(scalars))
    for prefix in reservedPrefixes where text.hasPrefix(prefix) { text = "b-" + text }
    for suffix in reservedSuffixes where text.hasSuffix(suffix) { text += "-b" }
    if text.utf8.count > 63 { text = trimmed(String(text.prefix(63))) }
    while text.utf8.count < 3 { text += "0" }
    return problem(text) == nil ? text : "b-" + trimmed(String(text.prefix(61)))
  }

  /// An SQL pattern for texts that hold a name with the same `accepted`: what that changes may be anything.
  static func pattern(_ name: String) -> String {
    var core = Substring(accepted(name))
    if core.hasPrefix("b-") { core = core.dropFirst(2) }
    if core.hasSuffix("-b") { core = core.dropLast(2) }
    while core.last == "0" { core = core.dropLast() }
    // Longer ones are cut.
    return "%" + core.prefix(55).map { $0 == "-" || $0 == "." ? "%" : String($0) }.joined() + "%"
  }

  private static func trimmed(_ text: String) -> String {
    let isEdge: (Character) -> Bool = { $0 == "-" || $0 == "." }
    return String(text.drop(while: isEdge).reversed().drop(while: isEdge).reversed())
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
  }
}
