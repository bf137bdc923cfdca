/// A CSV text row by row as Python's `csv` module with its default dialect reads it from a text file: fields may be
/// quoted, a quote in them is doubled, all line ends are the same (and a line feed inside quotes). No text is made of
/// what is read: fields are places in the text, or in a buffer where quotes had to be taken off.
///
/// Used by one thread; fields are valid until the next row.
final class CSVScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let delimiter: UInt8
  /// The rest of a delimiter of more than one byte.
  private let delimiterRest: [UInt8]
  private(set) var position: Int
  /// Where the row at hand begins.
  private(set) var rowStart: Int

  private struct Field {
    var offset: Int
    var count: Int
    var isCopy: Bool
  }
  private var fields: UnsafeMutablePointer<Field>
  private var capacity = 64
  /// How many fields the row has; an empty line has none.
  private(set) var count = 0

  private var copy: UnsafeMutablePointer<UInt8>
  private var copyCapacity = 4096
  private var copyCount = 0

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed: UInt8 = 10
  private static let carriageReturn: UInt8 = 13

  /// A byte order mark is skipped. `delimiter` is one character.
  init(_ bytes: UnsafeBufferPointer<UInt8>, delimiter: String) {
    self.bytes = bytes
    let delimiter = Array(delimiter.utf8)
    self.delimiter = delimiter.first ?? UInt8(ascii: ",")
    delimiterRest = Array(delimiter.dropFirst())
    let hasMark = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
    position = hasMark ? 3 : 0
    rowStart = position
    fields = .allocate(capacity: capacity)
    copy = .allocate(capacity: copyCapacity)
  }

  deinit {
    fields.deallocate()
    copy.deallocate()
  }

  /// Goes back to an offset where a row begins.
  func seek(_ offset: Int) { position = offset }

  /// A field of the row at hand.
  subscript(index: Int) -> UnsafeBufferPointer<UInt8> {
    let field = fields[index]
    if field.isCopy { return UnsafeBufferPointer(start: copy + field.offset, count: field.count) }
    return UnsafeBufferPointer(rebasing: bytes[field.offset..<(field.offset + field.count)])
  }

  func text(_ index: Int) -> String { String(decoding: self[index], as: UTF8.self) }

  /// Reads a row; false at the end.
  func next() -> Bool {
    count = 0
    copyCount = 0
    rowStart = position
    var at = position
    let end = bytes.count
    guard at < end, let base = bytes.baseAddress else { return false }
    if let after = lineEnd(at) {
      position = after
      return true
    }
    let delimiter = delimiter
    let single = delimiterRest.isEmpty
    while true {
      if at < end, base[at] == Self.quote {
        at = quoted(at)
      } else {
        let start = at
        while at < end {
          let byte = base[at]
          if byte == Self.lineFeed || byte == Self.carriageReturn { break }
          if byte == delimiter, single || isDelimiter(at) { break }
          at += 1
        }
        append(start, at - start, isCopy: false)
      }
      if at >= end {
        position = at
        return true
      }
      if let after = lineEnd(at) {
        position = after
        return true
      }
      at += 1 + delimiterRest.count
    }
  }

  /// Reads a quoted field and what follows it up to the delimiter, which Python takes for a part of it.
  private func quoted(_ opening: Int) -> Int {
    let start = opening + 1
    var at = start
    while at < bytes.count, bytes[at] != Self.quote, bytes[at] != Self.carriageReturn { at += 1 }
    if at >= bytes.count {
      append(start, at - start, isCopy: false)
      return at
    }
    if bytes[at] == Self.quote, at + 1 >= bytes.count || isDelimiter(at + 1) || lineEnd(at + 1) != nil {
      append(start, at - start, isCopy: false)
      return at + 1
    }
    let copyStart = copyCount
    for byte in bytes[start..<at] { add(byte) }
    var isInside = true
    while at < bytes.count {
      let byte = bytes[at]
      if isInside {
        if byte == Self.quote {
          if at + 1 < bytes.count, bytes[at + 1] == Self.quote {
            add(byte)
            at += 1
          } else {
            isInside = false
          }
        } else if byte == Self.carriageReturn {
          add(Self.lineFeed)
          if at + 1 < bytes.count, bytes[at + 1] == Self.lineFeed { at += 1 }
        } else {
          add(byte)
        }
      } else {
        if isDelimiter(at) || lineEnd(at) != nil { break }
        add(byte)
      }
      at += 1
    }
    append(copyStart, copyCount - copyStart, isCopy: true)
    return at
  }

  private func isDelimiter(_ at: Int) -> Bool {
    guard bytes[at] == delimiter else { return false }
    for (i, byte) in delimiterRest.enumerated() {
      guard at + 1 + i < bytes.count, bytes[at + 1 + i] == byte else { return false }
    }
    return true
  }

  /// The offset behind a line end; nil when there is none.
  private func lineEnd(_ at: Int) -> Int? {
    switch bytes[at] {
    case Self.lineFeed: at + 1
    case Self.carriageReturn: at + 1 < bytes.count && bytes[at + 1] == Self.lineFeed ? at + 2 : at + 1
    default: nil
    }
  }

  private func append(_ offset: Int, _ length: Int, isCopy: Bool) {
    if count == capacity {
      let larger = UnsafeMutablePointer<Field>.allocate(capacity: capacity * 2)
      larger.update(from: fields, count: count)
      fields.deallocate()
      fields = larger
      capacity *= 2
    }
    fields[count] = Field(offset: offset, count: length, isCopy: isCopy)
    count += 1
  }

  private func add(_ byte: UInt8) {
    if copyCount == copyCapacity {
      let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: copyCapacity * 2)
      larger.update(from: copy, count: copyCount)
      copy.deallocate()
      copy = larger
      copyCapacity *= 2
    }
    copy[copyCount] = byte
    copyCount += 1
  }
}
