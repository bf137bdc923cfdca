import Diagnostics

/// A table as `show` prints them, for what commands tell of tenants.
struct TextTable {
  var header: [String]
  /// Columns of numbers.
  var right: Set<Int> = []
  var rows: [[String]] = []

  init(_ header: [String], right: Set<Int> = []) {
    self.header = header
    self.right = right
  }

  /// Lines without a newline at the end; columns are as wide as their widest cell on a terminal.
  var text: String {
    var widths = header.map { DisplayWidth.of($0) }
    for row in rows { for (i, cell) in row.enumerated() { widths[i] = max(widths[i], DisplayWidth.of(cell)) } }
    func line(_ cells: [String]) -> String {
      let padded = cells.enumerated().map { i, cell in
        let space = String(repeating: " ", count: widths[i] - DisplayWidth.of(cell))
        return right.contains(i) ? space + cell : cell + space
      }
      return "| \(padded.joined(separator: " | ")) |"
    }
    let rule = "| \(widths.map { String(repeating: "-", count: $0) }.joined(separator: " | ")) |"
    return ([line(header), rule] + rows.map(line)).joined(separator: "\n")
  }
}

/// Sizes as people read them.
enum ByteCount {
  static func text(_ bytes: Int) -> String {
    var value = Double(bytes)
    for unit in ["B", "kB", "MB", "GB"] {
      if value < 1024 { return unit == "B" ? "\(bytes) B" : "\(fixed(value)) \(unit)" }
      value /= 1024
    }
    return "\(fixed(value)) TB"
  }

  /// One decimal place.
  private static func fixed(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
