/// Finds the types of a CSV file's columns as dbt does by agate: of Integer, Number, Date, DateTime, ISODateTime,
/// Boolean and Text the first that all of a column's values can be read as.
struct SeedColumn {
  let name: String
  /// Named by `column_types`: text, whatever its values are.
  let isForced: Bool
  private var candidates: Candidates = .all
  /// Places of the column's numbers before and behind the point.
  private var wholePlaces = 1
  private var decimalPlaces = 0
  /// Whether a time has a zone.
  private(set) var hasZone = false

  private struct Candidates: OptionSet {
    let rawValue: UInt8
    static let integer = Candidates(rawValue: 1)
    static let number = Candidates(rawValue: 2)
    static let date = Candidates(rawValue: 4)
    static let dateTime = Candidates(rawValue: 8)
    static let iso = Candidates(rawValue: 16)
    static let boolean = Candidates(rawValue: 32)
    static let all: Candidates = [.integer, .number, .date, .dateTime, .iso, .boolean]
  }

  init(name: String, isForced: Bool) {
    self.name = name
    self.isForced = isForced
    if isForced { candidates = [] }
  }

  var type: AgateType {
    // A column no row has a value for, not even an empty one.
    if candidates.contains(.integer) { return .integer }
    if candidates.contains(.number) { return .number }
    if candidates.contains(.date) { return .date }
    if candidates.contains(.dateTime) { return .dateTime }
    if candidates.contains(.iso) { return .isoDateTime }
    return candidates.contains(.boolean) ? .boolean : .text
  }

  /// Whether its numbers have decimals, as agate's MaxPrecision counts: places beyond 28 in all do not count.
  var hasDecimals: Bool {
    (wholePlaces + decimalPlaces > 28 ? 28 - wholePlaces : decimalPlaces) != 0
  }

  @inline(__always)
  mutating func look(_ bytes: UnsafeBufferPointer<UInt8>, _ numbers: SeedNumberReader) {
    if candidates.isEmpty { return }
    test(bytes, numbers)
  }

  private mutating func test(_ bytes: UnsafeBufferPointer<UInt8>, _ numbers: SeedNumberReader) {
    candidates.remove(.integer)
    if candidates.contains(.number) {
      switch numbers.read(bytes) {
      case .value(let number):
        wholePlaces = max(wholePlaces, number.wholePlaces)
        decimalPlaces = max(decimalPlaces, number.decimalPlaces)
      case .null: break
      case .no: candidates.remove(.number)
      }
    }
    // What is left after the first values is one of these at most.
    if candidates.contains(.date), case .no = SeedTime.date(bytes) { candidates.remove(.date) }
    if candidates.contains(.dateTime), case .no = SeedTime.dateTime(bytes) { candidates.remove(.dateTime) }
    if candidates.contains(.iso) {
      switch SeedTime.iso(bytes) {
      case .value(let moment): if moment.offset != nil { hasZone = true }
      case .null: break
      case .no: candidates.remove(.iso)
      }
    }
    if candidates.contains(.boolean), case .no = SeedText.boolean(bytes) { candidates.remove(.boolean) }
  }
}

/// A CSV file as a table: what a first pass over it found out.
struct SeedLayout {
  var columns: [SeedColumn]
  var rowCount: Int
  /// Where the first row of values begins.
  var firstRow: Int

  enum Failure: Error {
    case empty
    /// A row with more values than there are columns: counted from 0, where it begins, how many values it has
    /// and may have.
    case longRow(index: Int, offset: Int, count: Int, width: Int)
  }

  /// - Parameter text: names of the columns that are text (`column_types`).
  /// - Throws: `Failure`.
  static func read(
    _ scanner: CSVScanner, text: Set<String>, progress: (Int) -> Void = { _ in }
  ) throws -> SeedLayout {
    guard scanner.next() else { throw Failure.empty }
    var names = (0..<scanner.count).map { scanner.text($0) }
    let firstRow = scanner.position
    if names.isEmpty {
      // An empty first line names nothing; the first row says how many columns there are.
      if scanner.next() { names = [String](repeating: "", count: scanner.count) }
      scanner.seek(firstRow)
    }
    var columns = AgateTable.unique(names).map { SeedColumn(name: $0, isForced: text.contains($0)) }
    let width = columns.count
    let numbers = SeedNumberReader()
    var rowCount = 0
    try columns.withUnsafeMutableBufferPointer { columns in
      while scanner.next() {
        let count = scanner.count
        guard count <= width else {
          throw Failure.longRow(index: rowCount, offset: scanner.rowStart, count: count, width: width)
        }
        for i in 0..<count { columns[i].look(scanner[i], numbers) }
        rowCount += 1
        if rowCount & 0xFFF == 0 { progress(scanner.position) }
      }
    }
    return SeedLayout(columns: columns, rowCount: rowCount, firstRow: firstRow)
  }
}
