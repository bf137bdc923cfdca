import Diagnostics
import Manifest

/// Rows of unit tests, from the YAML itself, CSV or SQL text, or a fixture file
/// (https://docs.getdbt.com/reference/resource-properties/unit-tests).
struct UnitTestFixtures {
  let parser: ProjectParser
  let entry: PropertyEntry

  func fixture(_ dict: ConfigDict, input: String?, kind: String) throws -> UnitTest.Fixture {
    var out = UnitTest.Fixture(
      input: input, rows: dict["rows"] ?? .null, format: dict["format"]?.asString ?? "dict",
      fixture: dict["fixture"]?.text)
    switch out.format {
    case "dict":
      if out.rows.isNull, out.fixture == nil, let input { out.rows = .list(try seedRows(input)) }
      guard case .list = out.rows else { throw mismatch(kind, out.format, "") }
    case "csv":
      let text = try out.fixture.map { try file($0, "csv") } ?? out.rows.asString
      guard let text else { throw mismatch(kind, "csv", " Expected string.") }
      out.rows = .list(Self.rows(csv: text))
    case "sql":
      let text = try out.fixture.map { try file($0, "sql") } ?? out.rows.asString
      guard let text else { throw mismatch(kind, "sql", " Expected string.") }
      out.rows = .string(text)
    default:
      throw Diagnostic(
        "unit-test-format", .parsing, "'\(out.format)' is not a fixture format", range: entry.range,
        hint: "The formats are dict, csv and sql.")
    }
    // A first row without nulls tells the database the columns' types.
    if case .list(var rows) = out.rows,
      let i = rows.firstIndex(where: { row in !(row.asDict?.values.contains { $0.isNull } ?? true) }), i > 0
    {
      rows.swapAt(0, i)
      out.rows = .list(rows)
    }
    return out
  }

  private func mismatch(_ kind: String, _ format: String, _ more: String) -> Diagnostic {
    Diagnostic(
      "unit-test-rows", .parsing,
      "Unit test \(entry.name) has \(kind) rows which do not match format \(format).\(more)", range: entry.range)
  }

  private func file(_ name: String, _ ending: String) throws -> String {
    let package = parser.packages.first { $0.name == entry.package }
    let found = (package?.files ?? []).filter {
      $0.kind == .fixture && $0.name == name && $0.path.hasSuffix(".\(ending)")
    }
    if found.count > 1 {
      throw Diagnostic(
        "duplicate-fixture", .compilation,
        "dbt found two fixtures with the name \"\(name)\". To fix this, change the name of one of these files:\n"
          + found.map { " - \($0.originalPath)" }.joined(separator: "\n"), range: entry.range)
    }
    guard let file = found.first else {
      throw Diagnostic(
        "missing-fixture", .parsing,
        "File not found for fixture '\(name)' in unit tests in \(entry.file.originalPath)", range: entry.range,
        hint: "Fixtures are files in a `fixtures` folder of a test path: \(name).\(ending)")
    }
    return String(decoding: file.source.utf8, as: UTF8.self)
  }

  private func seedRows(_ input: String) throws -> [ConfigValue] {
    // ref('customers') names the seed whose rows are meant.
    let name = input.split(whereSeparator: { $0 == "'" || $0 == "\"" }).dropFirst().last { $0 != ")" }.map(String.init)
    for package in parser.packages {
      for file in package.files where file.kind == .seed && file.name == name {
        // A seed's contents are not kept with the project's files.
        let mapped = try MappedFile("\(package.root)/\(file.originalPath)", shown: file.originalPath)
        return Self.rows(csv: String(decoding: mapped.bytes, as: UTF8.self), emptyIsNull: false)
      }
    }
    throw Diagnostic(
      "unit-test-seed", .parsing,
      "Unable to find seed '\(entry.package).\(name ?? input)' for unit tests in directories",
      range: entry.range)
  }

  static func rows(csv text: String, emptyIsNull: Bool = true) -> [ConfigValue] {
    var reader = CSVReader(Array(text.utf8), delimiter: UInt8(ascii: ","))
    guard let header = reader.next() else { return [] }
    let names = header.map { $0.text.trimmingSpace }
    var out: [ConfigValue] = []
    while let row = reader.next() {
      if row.count == 1, row[0].text.isEmpty { continue }
      var dict = ConfigDict()
      for (i, name) in names.enumerated() {
        let cell = i < row.count ? row[i].text : ""
        dict[name] = cell.isEmpty && emptyIsNull ? .null : .string(cell)
      }
      out.append(.dict(dict))
    }
    return out
  }
}
