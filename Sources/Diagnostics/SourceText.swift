/// The text of one file (or of one string given on the command line), as bytes, with its name.
///
/// Offsets are UTF-8 byte offsets; lines and columns are counted from 1; a column counts Unicode scalars,
/// as editors and Python do. Bytes that are not UTF-8 are kept and shown as U+FFFD.
public final class SourceText: Sendable {
  /// What a user would call it: a path relative to the project, `<inline>`, a macro's name.
  public let name: String
  public let utf8: [UInt8]
  /// Byte offset of the first byte of each line. Lines are asked for when something is wrong with a text, which is
  /// seldom: those of small texts are counted then, and only long ones keep them.
  private let knownLineStarts: [Int]?
  private static let longText = 1 << 16

  /// The number of the first line: above 1 where the text is the end of a file whose beginning was left out.
  public let firstLine: Int

  /// A text of the program's own (its macros), which nobody wants to be shown.
  public let isInternal: Bool

  public init(name: String, utf8: [UInt8], firstLine: Int = 1, isInternal: Bool = false) {
    self.name = name
    self.isInternal = isInternal
    self.utf8 = utf8
    self.firstLine = firstLine
    knownLineStarts = utf8.count > Self.longText ? Self.lineStarts(utf8) : nil
  }

  private static func lineStarts(_ utf8: [UInt8]) -> [Int] {
    var starts = [0]
    utf8.withUnsafeBufferPointer { bytes in
      var i = 0
      while i < bytes.count {
        let byte = bytes[i]
        i += 1
        if byte == 0x0A {
          starts.append(i)
        } else if byte == 0x0D {
          if i < bytes.count, bytes[i] == 0x0A { i += 1 }
          starts.append(i)
        }
      }
    }
    return starts
  }

  private var lineStarts: [Int] { knownLineStarts ?? Self.lineStarts(utf8) }

  public convenience init(name: String, text: String) {
    self.init(name: name, utf8: Array(text.utf8))
  }

  /// The number of the last line.
  public var lineCount: Int { lineStarts.count + firstLine - 1 }

  /// The position of a byte offset; an offset past the end is the end.
  public func position(at offset: Int) -> SourcePosition {
    let offset = max(0, min(offset, utf8.count))
    let lineStarts = lineStarts
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    var column = 1
    for byte in utf8[lineStarts[low]..<offset] where byte & 0xC0 != 0x80 { column += 1 }
    return SourcePosition(offset: offset, line: low + firstLine, column: column)
  }

  /// The position of a line and column (both from 1, the column in scalars), moved into the text where it lies outside.
  public func position(line: Int, column: Int) -> SourcePosition {
    let lineStarts = lineStarts
    let index = max(0, min(line - firstLine, lineStarts.count - 1))
    var offset = lineStarts[index]
    let end = index + 1 < lineStarts.count ? lineStarts[index + 1] : utf8.count
    var left = max(0, column - 1)
    while left > 0, offset < end, utf8[offset] != 0x0A, utf8[offset] != 0x0D {
      offset += 1
      while offset < end, utf8[offset] & 0xC0 == 0x80 { offset += 1 }
      left -= 1
    }
    return position(at: offset)
  }

  /// A line's text without its line ending; empty when there is no such line.
  public func line(_ number: Int) -> String {
    let lineStarts = lineStarts
    let index = number - firstLine
    guard index >= 0, index < lineStarts.count else { return "" }
    let start = lineStarts[index]
    var end = index + 1 < lineStarts.count ? lineStarts[index + 1] : utf8.count
    while end > start, utf8[end - 1] == 0x0A || utf8[end - 1] == 0x0D { end -= 1 }
    return String(decoding: utf8[start..<end], as: UTF8.self)
  }
}

/// A place in a `SourceText`.
public struct SourcePosition: Sendable, Hashable, Comparable {
  /// UTF-8 byte offset from the start, from 0.
  public var offset: Int
  /// From 1.
  public var line: Int
  /// From 1, in Unicode scalars.
  public var column: Int

  public init(offset: Int, line: Int, column: Int) {
    self.offset = offset
    self.line = line
    self.column = column
  }

  public static func < (a: SourcePosition, b: SourcePosition) -> Bool { a.offset < b.offset }
}

/// A half-open stretch of a `SourceText`. Every node of a project has one and few are ever shown: it holds offsets, and
/// finds lines and columns when they are asked for.
public struct SourceRange: Sendable {
  public let source: SourceText
  private let first: Int32
  private let last: Int32

  /// - Parameter offsets: what lies outside the text is moved to its end.
  public init(source: SourceText, offsets: Range<Int>) {
    self.source = source
    first = Int32(clamping: offsets.lowerBound)
    last = Int32(clamping: offsets.upperBound)
  }

  public init(source: SourceText, start: SourcePosition, end: SourcePosition) {
    self.init(source: source, offsets: start.offset..<max(start.offset, end.offset))
  }

  public var start: SourcePosition { source.position(at: Int(first)) }
  public var end: SourcePosition { source.position(at: Int(last)) }
}
