/// A CSV file row by row, as Python's `csv` module reads it: quoted fields may hold delimiters, quotes (doubled) and
/// line breaks; a byte order mark is skipped.
public struct CSVReader {
  public struct Field: Sendable {
    public var text: String
    public var quoted: Bool
  }

  private let bytes: [UInt8]
  private let delimiter: UInt8
  private var position: Int

  public init(_ bytes: [UInt8], delimiter: UInt8) {
    self.bytes = bytes
    self.delimiter = delimiter
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// The next row; nil at the end. An empty line is a row of no fields.
  public mutating func next() -> [Field]? {
    guard position < bytes.count else { return nil }
    var row: [Field] = []
    var field: [UInt8] = []
    var quoted = false
    var inQuotes = false
    var any = false
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if inQuotes {
        if byte == 0x22 {
          if position < bytes.count, bytes[position] == 0x22 {
            field.append(0x22)
            position += 1
          } else {
            inQuotes = false
          }
        } else {
          field.append(byte)
        }
        continue
      }
      switch byte {
      case 0x22 where field.isEmpty && !quoted:
        quoted = true
        inQuotes = true
        any = true
      case delimiter:
        row.append(Field(text: String(decoding: field, as: UTF8.self), quoted: quoted))
        field = []
        quoted = false
        any = true
      case 0x0A, 0x0D:
        if byte == 0x0D, position < bytes.count, bytes[position] == 0x0A { position += 1 }
        if any || !field.isEmpty { row.append(Field(text: String(decoding: field, as: UTF8.self), quoted: quoted)) }
        return row
      default:
        field.append(byte)
        any = true
      }
    }
    if any || !field.isEmpty { row.append(Field(text: String(decoding: field, as: UTF8.self), quoted: quoted)) }
    return row.isEmpty ? nil : row
  }
}
