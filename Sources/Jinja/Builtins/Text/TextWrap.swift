/// Breaks one line of text into lines no longer than a width, with the rules of Python's `textwrap` (tabs are kept,
/// blanks at the ends of lines dropped).
struct TextWrap {
  let width: Int
  let breakLongWords: Bool
  let breakOnHyphens: Bool

  /// - Throws: a ValueError when the width is not positive.
  func wrap(_ text: Str) throws -> [[UInt8]] {
    guard width > 0 else { throw TemplateError(.value, "invalid width \(width) (must be > 0)") }
    let scalars = text.withUTF8 { bytes in
      var scalars: [UInt32] = []
      scalars.reserveCapacity(bytes.count)
      var i = 0
      while i < bytes.count {
        let (scalar, length) = UTF8Scan.decode(bytes, i)
        scalars.append(scalar)
        i += length
      }
      return scalars
    }
    return fill(chunks(scalars)).map { line in
      var bytes: [UInt8] = []
      for scalar in line { UTF8Scan.append(scalar, to: &bytes) }
      return bytes
    }
  }

  private func fill(_ pieces: [[UInt32]]) -> [[UInt32]] {
    var lines: [[UInt32]] = []
    var chunks = Array(pieces.reversed())
    while let first = chunks.last {
      if TextWrap.isBlank(first), !lines.isEmpty { chunks.removeLast() }
      var line: [[UInt32]] = []
      var length = 0
      while let chunk = chunks.last, length + chunk.count <= width {
        line.append(chunk)
        length += chunk.count
        chunks.removeLast()
      }
      if let long = chunks.last, long.count > width {
        if breakLongWords {
          let room = width - length
          var end = room
          if breakOnHyphens, long.count > room, room > 0, let hyphen = long[..<room].lastIndex(of: 0x2D), hyphen > 0,
            long[..<hyphen].contains(where: { $0 != 0x2D })
          {
            end = hyphen + 1
          }
          line.append(Array(long[..<end]))
          chunks[chunks.count - 1] = Array(long[end...])
        } else if line.isEmpty {
          line.append(long)
          chunks.removeLast()
        }
      }
      if let last = line.last, TextWrap.isBlank(last) { line.removeLast() }
      if !line.isEmpty { lines.append(Array(line.joined())) }
    }
    return lines
  }

  private static func isBlank(_ chunk: [UInt32]) -> Bool { chunk.allSatisfy(Characters.isSpace) }

  /// The blanks at which lines may break: only those of ASCII.
  private static func isBreak(_ scalar: UInt32) -> Bool { scalar == 0x20 || scalar >= 0x09 && scalar <= 0x0D }

  private static func isLetter(_ scalar: UInt32) -> Bool { Characters.isWord(scalar) && !Characters.isDigit(scalar) }

  /// A character that may stand before a dash between words.
  private static func endsWord(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x21, 0x22, 0x27, 0x26, 0x2E, 0x2C, 0x3F: true
    default: Characters.isWord(scalar)
    }
  }

  /// Pieces between which a line may break: runs of blanks, words, parts of hyphenated words, dashes between words.
  private func chunks(_ text: [UInt32]) -> [[UInt32]] {
    var out: [[UInt32]] = []
    var start = 0
    while start < text.count {
      let end = chunkEnd(text, start)
      out.append(Array(text[start..<end]))
      start = end
    }
    return out
  }

  private func chunkEnd(_ text: [UInt32], _ start: Int) -> Int {
    var i = start
    if TextWrap.isBreak(text[i]) {
      while i < text.count, TextWrap.isBreak(text[i]) { i += 1 }
      return i
    }
    if !breakOnHyphens {
      while i < text.count, !TextWrap.isBreak(text[i]) { i += 1 }
      return i
    }
    if let end = dash(text, start) { return end }
    i = start + 1
    while i < text.count, !TextWrap.isBreak(text[i]) {
      if text[i] == 0x2D, hyphenates(text, i) { return i + 1 }
      if dash(text, i) != nil { return i }
      i += 1
    }
    return i
  }

  /// Two hyphens or more between a word and another one: where they end.
  private func dash(_ text: [UInt32], _ start: Int) -> Int? {
    guard start > 0, text[start] == 0x2D, TextWrap.endsWord(text[start - 1]) else { return nil }
    var end = start
    while end < text.count, text[end] == 0x2D { end += 1 }
    guard end - start >= 2, end < text.count, Characters.isWord(text[end]) else { return nil }
    return end
  }

  /// Whether a word may be broken after the hyphen at `i`: two letters (or a letter, a hyphen and a letter) before it,
  /// and two letters, perhaps with a hyphen between, after it.
  private func hyphenates(_ text: [UInt32], _ i: Int) -> Bool {
    func letter(_ j: Int) -> Bool { j >= 0 && j < text.count && TextWrap.isLetter(text[j]) }
    let before = letter(i - 1) && (letter(i - 2) || i >= 3 && text[i - 2] == 0x2D && letter(i - 3))
    guard before, letter(i + 1) else { return false }
    return letter(i + 2) || i + 2 < text.count && text[i + 2] == 0x2D && letter(i + 3)
  }
}
