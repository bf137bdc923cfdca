import Diagnostics
import Jinja

/// Tables as text: the Markdown-like table people know from `dbt show`, CSV and JSON.
public enum AgateText {
  /// A table of at most so many rows, columns and cells a column; nil is no limit. Text is left-justified, all else
  /// right-justified; widths are counted in terminal cells, so that East Asian text lines up.
  public static func table(
    _ table: AgateTable, maximumRows: Int?, maximumColumns: Int?, maximumWidth: Int?, maximumPrecision: Int = 3
  ) -> String {
    let shownColumns = min(table.columnNames.count, maximumColumns ?? .max)
    let cut = shownColumns < table.columnNames.count
    let shownRows = table.firstRows(maximumRows ?? table.rowCount)
    var header = table.columnNames.prefix(shownColumns).map { shortened($0, maximumWidth) }
    if cut { header.append("...") }
    let places: [Int?] = (0..<shownColumns).map { c in
      guard table.columnTypes[c] == .number else { return nil }
      return shownRows.map { decimalPlaces(text($0[c])) }.max() ?? 0
    }
    var lines: [[String]] = []
    for row in shownRows {
      var cells: [String] = (0..<shownColumns).map { c in
        if row[c].isNone { return "" }
        let cell = places[c].map { number(text(row[c]), places: $0, maximum: maximumPrecision) } ?? text(row[c])
        return shortened(cell, maximumWidth)
      }
      if cut { cells.append("...") }
      lines.append(cells)
    }
    var widths = header.map { DisplayWidth.of($0) }
    for line in lines {
      for (i, cell) in line.enumerated() { widths[i] = max(widths[i], DisplayWidth.of(cell)) }
    }
    func format(_ cells: [String]) -> String {
      let padded = cells.enumerated().map { i, cell in
        let pad = String(repeating: " ", count: max(0, widths[i] - DisplayWidth.of(cell)))
        let isText = i < shownColumns && table.columnTypes[i] == .text
        return isText ? cell + pad : pad + cell
      }
      return "| " + padded.joined(separator: " | ") + " |\n"
    }
    var out = format(header)
    out += "| " + widths.map { String(repeating: "-", count: $0) }.joined(separator: " | ") + " |\n"
    for line in lines { out += format(line) }
    if shownRows.count < table.rowCount {
      out += format(widths.indices.map { _ in "..." })
    }
    return out
  }

  private static func text(_ value: Value) -> String { (try? value.str(nil).string) ?? "" }

  private static func shortened(_ text: String, _ width: Int?) -> String {
    let text =
      text.contains("\n") ? text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: " ") : text
    guard let width, text.unicodeScalars.count > width else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(max(0, width - 3)))) + "..."
  }

  private static func decimalPlaces(_ text: String) -> Int {
    guard let dot = text.firstIndex(of: "."), !text.contains("e"), !text.contains("E") else { return 0 }
    var digits = text[text.index(after: dot)...]
    while digits.last == "0" { digits = digits.dropLast() }
    return digits.count
  }

  /// `1234.5` with two places is `1,234.50`; more than `maximum` places are cut with an ellipsis.
  static func number(_ text: String, places: Int, maximum: Int) -> String {
    guard !text.contains("e"), !text.contains("E"), text.contains(where: \.isNumber) else { return text }
    let shown = min(places, maximum)
    let negative = text.hasPrefix("-")
    let body = negative ? text.dropFirst() : text[...]
    let parts = body.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    var digits = Array(parts[0].utf8)
    var fraction = parts.count > 1 ? Array(parts[1].utf8) : []
    if fraction.count > shown {
      // Round half to even, as Babel does.
      let rest = fraction[shown...]
      let last = shown > 0 ? fraction[shown - 1] : digits.last ?? 0x30
      let half = rest.first ?? 0x30
      let up = half > 0x35 || (half == 0x35 && (rest.dropFirst().contains { $0 != 0x30 } || last % 2 == 1))
      fraction = Array(fraction[..<shown])
      if up { carry(&digits, &fraction) }
    }
    while fraction.count < shown { fraction.append(0x30) }
    var grouped: [UInt8] = []
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0 { grouped.append(UInt8(ascii: ",")) }
      grouped.append(digit)
    }
    var out = (negative ? "-" : "") + String(decoding: grouped, as: UTF8.self)
    if shown > 0 { out += "." + String(decoding: fraction, as: UTF8.self) }
    if places > maximum { out += "…" }
    return out
  }

  private static func carry(_ digits: inout [UInt8], _ fraction: inout [UInt8]) {
    for i in fraction.indices.reversed() {
      if fraction[i] < 0x39 {
        fraction[i] += 1
        return
      }
      fraction[i] = 0x30
    }
    for i in digits.indices.reversed() {
      if digits[i] < 0x39 {
        digits[i] += 1
        return
      }
      digits[i] = 0x30
    }
    digits.insert(0x31, at: 0)
  }

  public static func csv(_ table: AgateTable) -> String {
    func cell(_ text: String) -> String {
      guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
      return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
    var out = table.columnNames.map(cell).joined(separator: ",") + "\n"
    for row in table.rows { out += row.map { $0.isNone ? "" : cell(text($0)) }.joined(separator: ",") + "\n" }
    return out
  }

  /// A list of objects, numbers as JSON numbers and dates as ISO texts, as agate's `to_json`.
  public static func json(_ table: AgateTable, _ interpreter: Interpreter?) throws -> String {
    var out = "["
    for (r, row) in table.rows.enumerated() {
      out += r == 0 ? "{" : ", {"
      for (c, value) in row.enumerated() {
        if c > 0 { out += ", " }
        out += JSONString.quote(table.columnNames[c]) + ": " + (try json(value, table.columnTypes[c], interpreter))
      }
      out += "}"
    }
    return out + "]"
  }

  /// The same with a line for each value, as Python's `json.dumps(…, indent=2)` writes it inside of another object.
  public static func indentedJSON(_ table: AgateTable, indent: Int) throws -> String {
    if table.rows.isEmpty { return "[]" }
    func space(_ level: Int) -> String { String(repeating: " ", count: indent + 2 * level) }
    let rows = try table.rows.map { row in
      // Two columns of one name are one key; the last counts.
      var fields: [(name: String, text: String)] = []
      for (c, value) in row.enumerated() {
        let name = table.columnNames[c]
        let text = try json(value, table.columnTypes[c], nil)
        if let i = fields.firstIndex(where: { $0.name == name }) {
          fields[i].text = text
        } else {
          fields.append((name, text))
        }
      }
      let lines = fields.map { "\(space(2))\(JSONString.quote($0.name)): \($0.text)" }
      return fields.isEmpty ? "\(space(1)){}" : "\(space(1)){\n\(lines.joined(separator: ",\n"))\n\(space(1))}"
    }
    return "[\n\(rows.joined(separator: ",\n"))\n\(space(0))]"
  }

  private static func json(_ value: Value, _ type: AgateType, _ interpreter: Interpreter?) throws -> String {
    switch value {
    case .none, .undefined: return "null"
    case .bool(let b): return b ? "true" : "false"
    case .int(let i): return type == .number ? "\(i).0" : String(i)
    default:
      let text = try value.str(interpreter).string
      if type == .number, let number = Double(text), number.isFinite {
        return (try? Value.float(number).str(nil).string) ?? "null"
      }
      if type == .integer { return text }
      if type == .dateTime || type == .isoDateTime {
        return JSONString.quote(text.split(separator: " ", maxSplits: 1).joined(separator: "T"))
      }
      return JSONString.quote(text)
    }
  }
}
