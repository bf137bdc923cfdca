import Diagnostics

/// `.dbtignore`: gitignore's patterns, matched as pathspec's GitWildMatch does against paths of files relative to the
/// project (a pattern that matches a folder matches all in it; the last pattern that matches decides).
public struct IgnoreRules: Sendable {
  private struct Rule: Sendable {
    var negated: Bool
    /// Pattern segments between slashes; `**` stands alone.
    var segments: [[Token]?]
    var directoryOnly: Bool
  }

  private enum Token: Sendable {
    case character(UInt8)
    case any
    case star
    case set(Set<UInt8>, negated: Bool)
  }

  private let rules: [Rule]

  public static let none = IgnoreRules(lines: [])

  public init(text: String) {
    self.init(lines: text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init))
  }

  init(lines: [String]) { rules = lines.compactMap(Self.rule) }

  public var isEmpty: Bool { rules.isEmpty }

  /// Whether a file's path (relative, `/` between parts) is ignored.
  public func ignores(_ path: String) -> Bool {
    guard !rules.isEmpty else { return false }
    let parts = path.split(separator: "/").map { Array($0.utf8) }.filter { $0 != [UInt8(ascii: ".")] }
    var ignored = false
    for rule in rules where Self.matches(rule, parts) { ignored = !rule.negated }
    return ignored
  }

  private static func rule(_ line: String) -> Rule? {
    var bytes = Array(line.utf8)
    // Trailing spaces do not count unless escaped.
    while bytes.last == 0x20 || bytes.last == 0x0D || bytes.last == 0x09 {
      if bytes.count > 1, bytes[bytes.count - 2] == UInt8(ascii: "\\"), bytes.last == 0x20 { break }
      bytes.removeLast()
    }
    if bytes.isEmpty || bytes.first == UInt8(ascii: "#") || bytes == [UInt8(ascii: "/")] { return nil }
    var negated = false
    if bytes.first == UInt8(ascii: "!") {
      negated = true
      bytes.removeFirst()
    }
    var pieces = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Array.init)
    let directoryOnly = pieces.count > 1 && pieces.last?.isEmpty == true
    if directoryOnly { pieces.removeLast() }
    let anchored = pieces.count > 1
    if pieces.first?.isEmpty == true { pieces.removeFirst() }
    pieces.removeAll { $0.isEmpty }
    guard !pieces.isEmpty else { return nil }
    var segments = pieces.map { $0 == Array("**".utf8) ? nil : tokens($0) }
    // A pattern without a slash matches at any depth.
    if !anchored, segments[0] != nil { segments.insert(nil, at: 0) }
    return Rule(negated: negated, segments: segments, directoryOnly: directoryOnly)
  }

  private static func tokens(_ bytes: [UInt8]) -> [Token] {
    var out: [Token] = []
    var i = 0
    while i < bytes.count {
      let byte = bytes[i]
      i += 1
      switch byte {
      case UInt8(ascii: "\\"):
        if i < bytes.count {
          out.append(.character(bytes[i]))
          i += 1
        }
      case UInt8(ascii: "*"):
        if case .star? = out.last { continue }
        out.append(.star)
      case UInt8(ascii: "?"): out.append(.any)
      case UInt8(ascii: "["):
        if let (set, negated, next) = set(bytes, from: i) {
          out.append(.set(set, negated: negated))
          i = next
        } else {
          out.append(.character(byte))
        }
      default: out.append(.character(byte))
      }
    }
    return out
  }

  /// `[a-z]`, `[!0-9]`; nil when the bracket is not closed.
  private static func set(_ bytes: [UInt8], from start: Int) -> (Set<UInt8>, Bool, Int)? {
    var i = start
    var negated = false
    if i < bytes.count, bytes[i] == UInt8(ascii: "!") || bytes[i] == UInt8(ascii: "^") {
      negated = true
      i += 1
    }
    var set: Set<UInt8> = []
    let first = i
    while i < bytes.count, bytes[i] != UInt8(ascii: "]") || i == first {
      if i + 2 < bytes.count, bytes[i + 1] == UInt8(ascii: "-"), bytes[i + 2] != UInt8(ascii: "]") {
        if bytes[i] <= bytes[i + 2] { set.formUnion(bytes[i]...bytes[i + 2]) }
        i += 3
      } else {
        set.insert(bytes[i])
        i += 1
      }
    }
    return i < bytes.count ? (set, negated, i + 1) : nil
  }

  private static func matches(_ rule: Rule, _ parts: [[UInt8]]) -> Bool {
    matches(rule.segments[...], parts[...], rule)
  }

  private static func matches(_ segments: ArraySlice<[Token]?>, _ parts: ArraySlice<[UInt8]>, _ rule: Rule) -> Bool {
    guard let segment = segments.first else {
      // Everything below a matched folder is matched; a folder-only pattern needs something below.
      return rule.directoryOnly ? !parts.isEmpty : true
    }
    guard let tokens = segment else {
      let rest = segments.dropFirst()
      if rest.isEmpty { return !parts.isEmpty }
      for skip in 0...parts.count where matches(rest, parts.dropFirst(skip), rule) { return true }
      return false
    }
    guard let part = parts.first, matches(tokens[...], part[...]) else { return false }
    return matches(segments.dropFirst(), parts.dropFirst(), rule)
  }

  /// Wildcards with one point to come back to: linear in practice, quadratic at worst.
  private static func matches(_ tokens: ArraySlice<Token>, _ text: ArraySlice<UInt8>) -> Bool {
    let pattern = Array(tokens)
    let text = Array(text)
    var p = 0
    var t = 0
    var star: (pattern: Int, text: Int)?
    while t < text.count {
      if p < pattern.count {
        switch pattern[p] {
        case .star:
          star = (p, t)
          p += 1
          continue
        case .any:
          p += 1
          t += 1
          continue
        case .character(let byte) where byte == text[t]:
          p += 1
          t += 1
          continue
        case .set(let set, let negated) where set.contains(text[t]) != negated:
          p += 1
          t += 1
          continue
        default: break
        }
      }
      guard let back = star else { return false }
      star = (back.pattern, back.text + 1)
      p = back.pattern + 1
      t = back.text + 1
    }
    return pattern[p...].allSatisfy { if case .star = $0 { true } else { false } }
  }
}
