import Diagnostics
import Jinja

/// A seed's file: looked through once for its columns' types, and read again whenever its rows are asked for.
final class SeedSource: AgateRowSource {
  let path: String
  /// The path as messages show it.
  let shown: String
  let delimiter: String
  let layout: SeedLayout
  private let stamp: MappedFile.Stamp

  var rowCount: Int { layout.rowCount }

  /// - Throws: an ExecutionError or Diagnostic when the file can't be read or is no table.
  init(path: String, shown: String, delimiter: String, textColumns: Set<String>) throws {
    self.path = path
    self.shown = shown
    self.delimiter = delimiter
    let file = try MappedFile(path, shown: shown)
    stamp = file.stamp
    do {
      layout = try SeedLayout.read(CSVScanner(file.bytes, delimiter: delimiter), text: textColumns) {
        file.forget(before: $0)
      }
    } catch SeedLayout.Failure.empty {
      throw Diagnostic(
        "empty-seed", .compilation, "The seed \(shown) is empty",
        hint: "Its first line should name the columns: id,name")
    } catch SeedLayout.Failure.longRow(let index, let offset, let count, let width) {
      throw Self.longRow(file, shown, delimiter, index: index, offset: offset, count: count, width: width)
    }
  }

  private static func longRow(
    _ file: MappedFile, _ shown: String, _ delimiter: String, index: Int, offset: Int, count: Int, width: Int
  ) -> Diagnostic {
    let scanner = CSVScanner(file.bytes, delimiter: delimiter)
    scanner.seek(offset)
    _ = scanner.next()
    var line = 1
    for (i, byte) in file.bytes[..<offset].enumerated() {
      if byte == 0x0A || (byte == 0x0D && file.bytes[i + 1] != 0x0A) { line += 1 }
    }
    let end = min(scanner.position, offset + 2000)
    let row = SourceText(name: shown, utf8: Array(file.bytes[offset..<end]), firstLine: line)
    var length = row.utf8.count
    while length > 1, row.utf8[length - 1] == 0x0A || row.utf8[length - 1] == 0x0D { length -= 1 }
    return Diagnostic(
      "seed-row-too-long", .compilation,
      "Row \(index) has \(count) values, but Table only has \(width) columns.",
      range: SourceRange(source: row, offsets: 0..<length),
      hint: "Values with the delimiter in them must be quoted, and `delimiter` in the seed's config must be the file's."
    )
  }

  /// The file from its first row of values.
  func scan(_ body: (CSVScanner, MappedFile) throws -> Void) throws {
    let file = try MappedFile(path, shown: shown)
    guard file.stamp == stamp else {
      throw Diagnostic("seed-changed", .runtime, "The seed \(shown) was changed while it was being read")
    }
    let scanner = CSVScanner(file.bytes, delimiter: delimiter)
    scanner.seek(layout.firstRow)
    try body(scanner, file)
  }

  func rows(limit: Int?) throws -> [[Value]] {
    var rows: [[Value]] = []
    let most = min(limit ?? rowCount, rowCount)
    rows.reserveCapacity(most)
    let numbers = SeedNumberReader()
    let types = layout.columns.map(\.type)
    try scan { scanner, _ in
      while rows.count < most, scanner.next() {
        var row: [Value] = []
        row.reserveCapacity(types.count)
        for (i, type) in types.enumerated() {
          row.append(i < scanner.count ? Self.value(scanner[i], type, numbers) : .none)
        }
        rows.append(row)
      }
    }
    return rows
  }

  private static func value(_ bytes: UnsafeBufferPointer<UInt8>, _ type: AgateType, _ numbers: SeedNumberReader)
    -> Value
  {
    switch type {
    case .number:
      if case .value(let number) = numbers.read(bytes) { return number.decimal }
    case .date:
      if case .value(let m) = SeedTime.date(bytes) { return PythonValues.date(m) }
    case .dateTime:
      if case .value(let m) = SeedTime.dateTime(bytes) { return PythonValues.dateTime(m) }
    case .isoDateTime:
      if case .value(let m) = SeedTime.iso(bytes) { return PythonValues.dateTime(m) }
    case .boolean:
      if case .value(let flag) = SeedText.boolean(bytes) { return .bool(flag) }
    case .integer, .text, .timeDelta:
      if !SeedText.isNull(SeedText.stripped(bytes)) { return .string(String(decoding: bytes, as: UTF8.self)) }
    }
    return .none
  }
}
