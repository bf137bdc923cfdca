import Compiler
import Jinja

/// How actual rows differ from expected ones, order aside; nil when they don't.
struct RowDifference {
  private var rows: [[String]] = []

  /// - Parameter table: rows of both sides, told apart by the column `actual_or_expected`.
  init?(_ table: AgateTable) {
    guard let side = table.columnNames.firstIndex(where: { $0.lowercased() == "actual_or_expected" }) else {
      return nil
    }
    let columns = table.columnNames.indices.filter { $0 != side }
    func cells(_ which: String) -> [[String]] {
      table.rows.filter { (try? $0[side].str(nil).string) == which }.map { row in
        columns.map { row[$0].isNone ? "NULL" : (try? row[$0].str(nil).string) ?? "" }
      }
    }
    var expected = cells("expected")
    var actual: [[String]] = []
    for row in cells("actual") {
      if let i = expected.firstIndex(of: row) { expected.remove(at: i) } else { actual.append(row) }
    }
    if expected.isEmpty, actual.isEmpty { return nil }
    rows.append(["@@"] + columns.map { table.columnNames[$0].lowercased() })
    // A row that was expected and the most similar one that came are shown as one change.
    for row in expected {
      let best = actual.indices.max { common(row, actual[$0]) < common(row, actual[$1]) }
      if let best, common(row, actual[best]) > 0 {
        let other = actual.remove(at: best)
        rows.append(["→"] + zip(row, other).map { $0 == $1 ? $0 : "\($0)→\($1)" })
      } else {
        rows.append(["---"] + row)
      }
    }
    for row in actual { rows.append(["+++"] + row) }
  }

  private func common(_ a: [String], _ b: [String]) -> Int { zip(a, b).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) } }

  /// Columns padded to the same width, separated by commas.
  var text: String {
    var widths: [Int] = []
    for row in rows {
      for (i, cell) in row.enumerated() {
        if i == widths.count { widths.append(0) }
        widths[i] = max(widths[i], cell.unicodeScalars.count)
      }
    }
    return rows.map { row in
      row.enumerated().map { i, cell in
        i == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[i] - cell.unicodeScalars.count)
      }.joined(separator: ",")
    }.joined(separator: "\n") + "\n"
  }
}
