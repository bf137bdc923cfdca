/// The flags of Python's `re`, by their numbers.
struct RegexFlags: OptionSet, Sendable {
  let rawValue: Int
  static let ignoreCase = RegexFlags(rawValue: 2)
  static let locale = RegexFlags(rawValue: 4)
  static let multiline = RegexFlags(rawValue: 8)
  static let dotAll = RegexFlags(rawValue: 16)
  static let unicode = RegexFlags(rawValue: 32)
  static let verbose = RegexFlags(rawValue: 64)
  static let ascii = RegexFlags(rawValue: 256)
}

/// A pattern as it was parsed.
indirect enum RegexNode {
  case empty
  case character(UInt32, ignoreCase: Bool)
  case any(newline: Bool)
  case set(RegexSet)
  case sequence([RegexNode])
  case choice([RegexNode])
  case loop(RegexNode, min: Int, max: Int, RegexLoopKind)
  case capture(RegexNode, Int)
  case look(RegexNode, ahead: Bool, negative: Bool)
  case atomic(RegexNode)
  case backreference(Int, ignoreCase: Bool)
  case assertion(RegexAssertion)
  case conditional(group: Int, RegexNode, RegexNode)
}

enum RegexLoopKind: Sendable { case greedy, lazy, possessive }

enum RegexAssertion: Sendable {
  case textStart, lineStart, textEnd, textEndOrLastLine, lineEnd
  case boundary(ascii: Bool)
  case notBoundary(ascii: Bool)
}

/// A class of characters: `[…]`, `\d` and the like.
struct RegexSet: Sendable {
  enum Kind: Sendable { case digit, space, word }
  var ranges: [ClosedRange<UInt32>] = []
  var kinds: [(kind: Kind, negated: Bool)] = []
  var negated = false
  var ignoreCase = false
  var ascii = false
  /// Answers for the ASCII characters, filled in by `prepare`.
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  init() {}
  init(_ kind: Kind, negated: Bool, ascii: Bool) {
    kinds = [(kind, negated)]
    self.ascii = ascii
    prepare()
  }

  mutating func prepare() {
    low = 0
    high = 0
    for c in 0..<128 as Range<UInt32> where search(c) {
      if c < 64 { low |= 1 << UInt64(c) } else { high |= 1 << UInt64(c - 64) }
    }
  }

  @inline(__always) func contains(_ c: UInt32) -> Bool {
    if c < 64 { return low >> UInt64(c) & 1 != 0 }
    if c < 128 { return high >> UInt64(c - 64) & 1 != 0 }
    return search(c)
  }

  private func search(_ c: UInt32) -> Bool {
    var found = holds(c)
    if !found, ignoreCase {
      for other in RegexCase.variants(c, ascii: ascii) where holds(other) {
        found = true
        break
      }
    }
    return found != negated
  }

  private func holds(_ c: UInt32) -> Bool {
    for range in ranges where range.contains(c) { return true }
    for (kind, negated) in kinds where RegexSet.holds(kind, c, ascii: ascii) != negated { return true }
    return false
  }

  static func holds(_ kind: Kind, _ c: UInt32, ascii: Bool) -> Bool {
    if ascii, c >= 0x80 { return false }
    switch kind {
    case .digit: return Characters.isDigit(c)
    case .word: return Characters.isWord(c)
    case .space: return ascii ? c == 0x20 || c >= 0x09 && c <= 0x0D : Characters.isSpace(c)
    }
  }
}

/// Characters that are the same but for their case.
enum RegexCase {
  static func folded(_ c: UInt32) -> UInt32 {
    if c < 0x80 { return Characters.lower(c) }
    switch c {
    // Letters whose lower case is another letter's too: K, Å and the long s.
    case 0x212A: return 0x6B
    case 0x212B: return 0xE5
    case 0x17F: return 0x73
    case 0x3C2: return 0x3C3
    default: return Characters.lower(c)
    }
  }

  static func variants(_ c: UInt32, ascii: Bool) -> [UInt32] {
    if ascii, c >= 0x80 { return [] }
    var out = [Characters.lower(c), Characters.upper(c), folded(c)]
    if !ascii {
      switch c {
      case 0x6B, 0x4B: out.append(0x212A)
      case 0x73, 0x53: out.append(0x17F)
      case 0xE5, 0xC5: out.append(0x212B)
      case 0x3C3, 0x3A3: out.append(0x3C2)
      default: break
      }
    }
    return out
  }

  static func same(_ a: UInt32, _ b: UInt32) -> Bool { a == b || folded(a) == folded(b) }
}
