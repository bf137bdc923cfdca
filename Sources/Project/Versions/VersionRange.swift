/// From a lowest to a highest version; a missing end is open.
public struct VersionRange: Sendable, Hashable, CustomStringConvertible {
  public var start: VersionSpecifier?
  public var end: VersionSpecifier?

  public init(start: VersionSpecifier? = nil, end: VersionSpecifier? = nil) {
    self.start = start
    self.end = end
  }

  public init(_ version: VersionSpecifier) {
    switch version.matcher {
    case .exact: self.init(start: version, end: version)
    case .greater, .atLeast: self.init(start: version)
    case .less, .atMost: self.init(end: version)
    }
  }

  /// The versions all of these allow; nil when there is none.
  public init?(all versions: [VersionSpecifier]) {
    guard let last = versions.last else {
      self.init()
      return
    }
    var range = VersionRange(last)
    for version in versions.dropLast() {
      guard let next = range.intersection(VersionRange(version)) else { return nil }
      range = next
    }
    self = range
  }

  public func intersection(_ other: VersionRange) -> VersionRange? {
    if let a = start, let b = other.start, a.matcher == .exact, b.matcher == .exact {
      return a.compare(b) == 0 ? VersionRange(start: a, end: a) : nil
    }
    guard let low = Self.tighter(start, other.start, lower: true),
      let high = Self.tighter(end, other.end, lower: false)
    else { return nil }
    if let a = low.bound, let b = high.bound, a.compare(b) > 0 { return nil }
    return VersionRange(start: low.bound, end: high.bound)
  }

  /// A bound that may be open, so that "open" and "impossible" are different.
  private struct Bound { var bound: VersionSpecifier? }

  private static func tighter(_ a: VersionSpecifier?, _ b: VersionSpecifier?, lower: Bool) -> Bound? {
    guard let a else { return Bound(bound: b) }
    guard let b else { return Bound(bound: a) }
    if a.matcher != .exact, b.matcher != .exact {
      let first = lower ? a.compare(b) < 0 : a.compare(b) > 0
      return Bound(bound: first ? b : a)
    }
    let (limit, exact) = a.matcher == .exact ? (b, a) : (a, b)
    let order = limit.compare(exact)
    let inside = lower ? order < 0 : order > 0
    let touching = order == 0 && limit.matcher == (lower ? .atLeast : .atMost)
    return inside || touching ? Bound(bound: exact) : nil
  }

  /// Whether a version satisfies all specifiers, and they each other.
  public static func compatible(_ versions: [VersionSpecifier]) -> Bool {
    versions.count == 1 || VersionRange(all: versions) != nil
  }

  public func contains(_ version: VersionSpecifier) -> Bool {
    VersionRange(all: [version] + [start, end].compactMap { $0 }) != nil
  }

  /// The highest of the available versions in this range, as written.
  public func highest(of available: [String]) -> String? {
    var best: (specifier: VersionSpecifier, text: String)?
    for text in available {
      guard let version = VersionSpecifier(text), contains(version) else { continue }
      if let current = best, current.specifier.compare(version) >= 0 { continue }
      best = (version, text)
    }
    return best?.text
  }

  /// `>=1.0.0, <2.0.0`; `ANY` when open on both sides.
  public var description: String {
    let ends = [start, end].compactMap { $0?.description }
    return ends.isEmpty ? "ANY" : ends.joined(separator: ", ")
  }
}
