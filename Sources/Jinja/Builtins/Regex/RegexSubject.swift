/// A text being searched: its characters, and how to cut pieces out of it.
final class RegexSubject {
  let text: Str
  let scalars: [UInt32]
  /// Where each character starts in the bytes; nil when all are ASCII.
  private let offsets: [Int]?

  init(_ text: Str) {
    self.text = text
    var scalars: [UInt32] = []
    var offsets: [Int] = []
    let ascii = text.isASCII
    scalars.reserveCapacity(text.scalarCount)
    text.withUTF8 { bytes in
      if ascii {
        for byte in bytes { scalars.append(UInt32(byte)) }
        return
      }
      offsets.reserveCapacity(text.scalarCount + 1)
      var i = 0
      while i < bytes.count {
        let (scalar, length) = UTF8Scan.decode(bytes, i)
        scalars.append(scalar)
        offsets.append(i)
        i += length
      }
      offsets.append(i)
    }
    self.scalars = scalars
    self.offsets = ascii ? nil : offsets
  }

  func append(_ range: Range<Int>, to bytes: inout [UInt8]) {
    let from = offsets?[range.lowerBound] ?? range.lowerBound
    let to = offsets?[range.upperBound] ?? range.upperBound
    text.withUTF8 { bytes.append(contentsOf: UnsafeBufferPointer(rebasing: $0[from..<to])) }
  }

  func slice(_ range: Range<Int>) -> Str {
    let from = offsets?[range.lowerBound] ?? range.lowerBound
    let to = offsets?[range.upperBound] ?? range.upperBound
    return text.withUTF8 { Str.make(UnsafeBufferPointer(rebasing: $0[from..<to])) }
  }
}

/// One match, as positions.
struct RegexMatch {
  /// Start and end of the whole and of each group, in characters; -1 for groups that took no part.
  let slots: [Int]
  let lastIndex: Int

  var start: Int { slots[0] }
  var end: Int { slots[1] }
  func range(_ group: Int) -> Range<Int>? {
    let from = slots[group * 2]
    let to = slots[group * 2 + 1]
    return from >= 0 && to >= from ? from..<to : nil
  }
}

extension RegexProgram {
  enum Mode { case search, match, fullmatch }

  /// One match, or none.
  func find(_ subject: RegexSubject, _ mode: Mode, from start: Int = 0, to end: Int = .max) throws -> RegexMatch? {
    try subject.scalars.withUnsafeBufferPointer { text in
      let end = min(end, text.count)
      guard start <= end else { return nil }
      var matcher = RegexMatcher(self, text, end: end)
      let found =
        switch mode {
        case .search: try matcher.search(from: start)
        case .match: try matcher.match(at: start)
        case .fullmatch: try matcher.match(at: start, whole: true)
        }
      return found ? RegexMatch(slots: matcher.slots, lastIndex: matcher.lastIndex) : nil
    }
  }

  /// Every match that does not overlap the one before, empty ones included; `body` says whether to go on.
  func forEach(
    _ subject: RegexSubject, from start: Int = 0, to end: Int = .max, _ body: (RegexMatch) throws -> Bool
  ) throws {
    try subject.scalars.withUnsafeBufferPointer { text in
      let end = min(end, text.count)
      var matcher = RegexMatcher(self, text, end: end)
      var at = start
      var advancing = false
      while at <= end, try matcher.search(from: at, advancing: advancing) {
        let match = RegexMatch(slots: matcher.slots, lastIndex: matcher.lastIndex)
        guard try body(match) else { return }
        advancing = match.end == match.start
        at = match.end
      }
    }
  }
}
