/// A semantic version with a comparison in front: `>=1.0.0`, `<2.0.0-rc1`, `1.2.3`.
///
/// Follows dbt_common.semver 1.11, odd corners included: comparing looks at the matchers when the numbers are equal, and
/// a stable upper bound is below its own pre-releases.
public struct VersionSpecifier: Sendable, Hashable, CustomStringConvertible {
  public enum Matcher: String, Sendable, Hashable {
    case greater = ">"
    case atLeast = ">="
    case less = "<"
    case atMost = "<="
    case exact = "="
  }

  public var matcher: Matcher
  /// Decimal digits without leading zeros; kept as text so that nothing overflows.
  public var major: String
  public var minor: String
  public var patch: String
  public var prerelease: String?
  public var build: String?

  /// Nil for text that is not a version: three numbers are required, an `=` may stand before them, spaces may not.
  public init?(_ text: String) {
    var rest = text[...]
    matcher = .exact
    for candidate in [Matcher.atLeast, .atMost, .greater, .less, .exact] where rest.hasPrefix(candidate.rawValue) {
      matcher = candidate
      rest = rest.dropFirst(candidate.rawValue.count)
      break
    }
    func number() -> String? {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard !digits.isEmpty else { return nil }
      // `01` is the number 0 followed by something that is no dot.
      let taken = digits.hasPrefix("0") ? digits.prefix(1) : digits
      rest = rest.dropFirst(taken.count)
      return String(taken)
    }
    func dot() -> Bool {
      guard rest.first == "." else { return false }
      rest = rest.dropFirst()
      return true
    }
    guard let major = number(), dot(), let minor = number(), dot(), let patch = number() else { return nil }
    (self.major, self.minor, self.patch) = (major, minor, patch)
    let parts = rest.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
    if !parts[0].isEmpty {
      // The hyphen in front is optional, and a hyphen is itself a letter of the tag: `1.2.3-` is the tag `-`.
      let bare = parts[0].hasPrefix("-") ? parts[0].dropFirst() : parts[0]
      guard let tag = [bare, parts[0]].first(where: Self.isPrerelease) else { return nil }
      prerelease = String(tag)
    }
    if parts.count > 1 {
      guard parts[1].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".") }) else {
        return nil
      }
      build = parts[1].isEmpty ? nil : String(parts[1])
    }
  }

  /// Dotted identifiers of letters, digits and hyphens; a number has no leading zeros.
  private static func isPrerelease(_ text: Substring) -> Bool {
    text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
      guard !part.isEmpty, part.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }) else {
        return false
      }
      let isNumber = part.allSatisfy(\.isNumber)
      return !isNumber || part == "0" || part.first != "0"
    }
  }

  /// The version without its matcher: `1.2.3-rc1`.
  public var version: String {
    "\(major).\(minor).\(patch)" + (prerelease.map { "-" + $0 } ?? "") + (build.map { "+" + $0 } ?? "")
  }

  /// With its matcher, `=` included: `=1.2.3`.
  public var description: String { matcher.rawValue + version }

  var isLowerBound: Bool { matcher == .greater || matcher == .atLeast }
  var isUpperBound: Bool { matcher == .less || matcher == .atMost }

  /// Negative, zero or positive; not a total order, see the type's description.
  public func compare(_ other: VersionSpecifier) -> Int {
    for (a, b) in [(major, other.major), (minor, other.minor), (patch, other.patch)] {
      let order = Self.compareNumbers(a, b)
      if order != 0 { return order }
    }
    switch (prerelease, other.prerelease) {
    case (nil, nil): break
    case (nil, _?): return matcher == .less ? -1 : 1
    case (_?, nil): return -1
    case (let a?, let b?):
      let order = Self.comparePrereleases(a, b)
      if order != 0 { return order }
    }
    return compareMatchers(other)
  }

  /// Which bound is tighter when the numbers are equal.
  private func compareMatchers(_ other: VersionSpecifier) -> Int {
    switch (matcher, other.matcher) {
    case (.atLeast, .atMost), (.atMost, .atLeast): return 0
    case (.less, .atMost), (.atLeast, .greater): return -1
    case (.atMost, .less), (.greater, .atLeast): return 1
    default:
      if isUpperBound && other.isLowerBound { return -1 }
      if isLowerBound && other.isUpperBound { return 1 }
      return 0
    }
  }

  private static func compareNumbers(_ a: String, _ b: String) -> Int {
    if a.utf8.count != b.utf8.count { return a.utf8.count < b.utf8.count ? -1 : 1 }
    return a == b ? 0 : a < b ? -1 : 1
  }

  /// Identifier by identifier: numbers by value and below words; of equal beginnings the shorter text is lower.
  private static func comparePrereleases(_ a: String, _ b: String) -> Int {
    let left = a.split(separator: ".", omittingEmptySubsequences: false)
    let right = b.split(separator: ".", omittingEmptySubsequences: false)
    for (x, y) in zip(left, right) {
      let order: Int
      switch (x.allSatisfy(\.isNumber), y.allSatisfy(\.isNumber)) {
      case (true, true): order = compareNumbers(String(x), String(y))
      case (true, false): order = -1
      case (false, true): order = 1
      case (false, false): order = x == y ? 0 : x < y ? -1 : 1
      }
      if order != 0 { return order }
    }
    return a.utf8.count == b.utf8.count ? 0 : a.utf8.count < b.utf8.count ? -1 : 1
  }
}
