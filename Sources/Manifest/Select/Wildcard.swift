/// Shell patterns as Python's `fnmatch` reads them: `*` any run (slashes too), `?` one character, `[abc]`, `[a-z]`,
/// `[!…]`. Case counts.
struct Wildcard: Sendable {
  private enum Part: Sendable {
    case scalar(Unicode.Scalar)
    case one
    case many
    case set(ranges: [ClosedRange<UInt32>], negated: Bool)
  }

  private let parts: [Part]
  /// The pattern itself when it has no wildcards: then matching is comparing.
  private let literal: String?
  let matchesAll: Bool

  static func has(_ text: String) -> Bool {
    text.utf8.contains {
      $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]")
    }
  }

  init(_ pattern: String) {
    var parts: [Part] = []
    let scalars = Array(pattern.unicodeScalars)
    var i = 0
    var isLiteral = true
    while i < scalars.count {
      let scalar = scalars[i]
      i += 1
      switch scalar {
      case "*":
        isLiteral = false
        if case .many? = parts.last { continue }
        parts.append(.many)
      case "?":
        isLiteral = false
        parts.append(.one)
      case "[":
        var end = i
        if end < scalars.count, scalars[end] == "!" { end += 1 }
        if end < scalars.count, scalars[end] == "]" { end += 1 }
        while end < scalars.count, scalars[end] != "]" { end += 1 }
        guard end < scalars.count else {
          parts.append(.scalar("["))
          continue
        }
        isLiteral = false
        parts.append(Self.set(scalars[i..<end]))
        i = end + 1
      default: parts.append(.scalar(scalar))
      }
    }
    self.parts = parts
    literal = isLiteral ? pattern : nil
    if case .many? = parts.first, parts.count == 1 { matchesAll = true } else { matchesAll = false }
  }

  private static func set(_ inside: ArraySlice<Unicode.Scalar>) -> Part {
    var rest = inside
    var negated = false
    if rest.first == "!" {
      negated = true
      rest.removeFirst()
    }
    var ranges: [ClosedRange<UInt32>] = []
    var i = rest.startIndex
    while i < rest.endIndex {
      let low = rest[i].value
      if i + 2 < rest.endIndex, rest[i + 1] == "-" {
        let high = rest[i + 2].value
        if low <= high { ranges.append(low...high) }
        i += 3
      } else {
        ranges.append(low...low)
        i += 1
      }
    }
    return .set(ranges: ranges, negated: negated)
  }

  func matches(_ text: String) -> Bool {
    if let literal { return literal == text }
    if matchesAll { return true }
    let scalars = Array(text.unicodeScalars)
    // The last `*` and where it started: on a mismatch it takes one more character.
    var star: (part: Int, text: Int)?
    var p = 0
    var t = 0
    while t < scalars.count {
      if p < parts.count, case .many = parts[p] {
        star = (p, t)
        p += 1
      } else if p < parts.count, Self.fits(parts[p], scalars[t]) {
        p += 1
        t += 1
      } else if let last = star {
        star = (last.part, last.text + 1)
        p = last.part + 1
        t = last.text + 1
      } else {
        return false
      }
    }
    while p < parts.count, case .many = parts[p] { p += 1 }
    return p == parts.count
  }

  private static func fits(_ part: Part, _ scalar: Unicode.Scalar) -> Bool {
    switch part {
    case .scalar(let wanted): wanted == scalar
    case .one: true
    case .many: false
    case .set(let ranges, let negated): ranges.contains { $0.contains(scalar.value) } != negated
    }
  }
}
