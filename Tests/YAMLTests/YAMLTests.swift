import Diagnostics
import Foundation
import Testing

@testable import YAML

private let golden = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Golden/yaml")

@Suite struct YAMLTests {
  /// `values.txt`: what PyYAML makes of each text.
  @Test func valuesAreThoseOfPyYAML() throws {
    let lines = try String(contentsOf: golden.appendingPathComponent("values.txt"), encoding: .utf8)
      .split(separator: "\n")
    #expect(lines.count > 150)
    for line in lines {
      let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let text = unescaped(parts[0])
      // PyYAML builds recursive lists; here that is an error.
      let expected = text == "&a [*a]" ? "error" : parts[1]
      #expect(read(text) == expected, "\(parts[0])")
    }
  }

  /// Reading takes time in proportion to the text: a list of 200,000 entries once took minutes.
  @Test(.timeLimit(.minutes(1))) func longLists() throws {
    let text = (0..<200_000).map { "- name: m\($0)\n" }.joined()
    let value = try YAML.value(of: text)
    guard case .sequence(let items) = value else {
      Issue.record("not a list")
      return
    }
    #expect(items.count == 200_000)
  }

  @Test func writingIsThatOfPyYAML() throws {
    let folder = golden.appendingPathComponent("write")
    let inputs = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".in.yml") }
    #expect(inputs.count >= 8)
    for input in inputs {
      let name = input.dropLast(".in.yml".count)
      let text = try String(contentsOf: folder.appendingPathComponent(input), encoding: .utf8)
      let value = try YAML.value(of: text)
      for (suffix, sorted) in [("plain", false), ("sorted", true)] {
        let expected = try String(contentsOf: folder.appendingPathComponent("\(name).\(suffix).yml"), encoding: .utf8)
        let written = YAML.write(value, layout: .init(sortsKeys: sorted)).split(
          separator: "\n", omittingEmptySubsequences: false)
        let wanted = expected.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(written.count == wanted.count, "\(input) \(suffix)")
        for (line, want) in zip(written, wanted) where line != want {
          Issue.record("\(input) \(suffix): \(line) is not \(want)")
        }
      }
    }
  }

  @Test func positionsCountCharacters() throws {
    let source = SourceText(name: "a.yml", text: "é: 日本\nlist:\n  - [x, 'y']\n  - z: 1\nend: 2\n")
    let root = try #require(try YAML.parse(source))
    let entry = try #require(root.mapping?.entries.first)
    #expect(entry.value.range.start.column == 4)
    #expect(entry.value.range.end.column == 6)
    let list = try #require(root["list"])
    #expect(list.range.start.line == 3)
    #expect(list.range.start.column == 3)
    #expect(list.range.end.line == 4)
    let quoted = try #require(list.sequence?[0].sequence?[1])
    #expect(quoted.range.start.column == 9)
    #expect(quoted.range.end.column == 12)
  }

  @Test func duplicatesAreFound() throws {
    let source = SourceText(name: "a.yml", text: "a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\na: 4\n")
    let root = try #require(try YAML.parse(source))
    #expect(root["a"]?.int == 4)
    #expect(root.duplicateKeys.map { $0.second.string } == ["c", "a"])
    #expect(root.duplicateKeys.map { $0.second.line } == [5, 6])
    #expect(root.duplicateKeys.map { $0.first.line } == [3, 1])
  }

  @Test func mergedKeysAreNoDuplicates() throws {
    let root = try #require(
      try YAML.parse(SourceText(name: "a.yml", text: "a: &x {k: 1, l: 2}\nb: {<<: *x, k: 3}\n")))
    #expect(root["b"]?["k"]?.int == 3)
    #expect(root["b"]?.mapping?.stringKeys == ["k", "l"])
    #expect(root.duplicateKeys.isEmpty)
  }

  @Test func manyKeysAreFoundByName() throws {
    let text = (0..<100).map { "k\($0): \($0)\n" }.joined()
    let root = try #require(try YAML.parse(SourceText(name: "a.yml", text: text)))
    #expect(root["k73"]?.int == 73)
    #expect(root["k100"] == nil)
  }

  @Test func trimmingEndsABlockScalar() throws {
    let source = SourceText(name: "a.yml", text: "d: |\n  text\n\n")
    #expect(try YAML.parse(source)?["d"]?.string == "text\n")
    #expect(try YAML.parse(source, trimmed: true)?["d"]?.string == "text")
  }

  @Test func anEmptyDocumentIsNil() throws {
    for text in ["", "   \n", "# only a comment\n"] {
      #expect(try YAML.parse(SourceText(name: "a.yml", text: text)) == nil, "\(text)")
      #expect(try YAML.parse(SourceText(name: "a.yml", text: text), trimmed: true) == nil, "\(text)")
    }
  }

  @Test(arguments: [
    ("yaml-tab", "a:\n\t- b\n", 2, 1),
    ("yaml-unquoted-jinja", "a: {{ x }}\nb: 1\n", 1, 4),
    ("yaml-unquoted-jinja", "a: {{ x }}_suffix\nb: 1\n", 1, 4),
    ("yaml-unquoted-jinja", "a: {% if x %}b{% endif %}\n", 1, 4),
    ("yaml-unclosed-quote", "a: \"x\nb: 1\n", 1, 4),
    ("yaml-unexpected-colon", "a: b: c\n", 1, 5),
    ("yaml-missing-colon", "a: 1\nb\nc: 2\n", 2, 1),
    ("yaml-reserved-character", "a: @x\n", 1, 4),
    ("yaml-indentation", "models:\n  - name: a\n   description: b\n", 3, 4),
    ("yaml-unclosed-bracket", "a: [1, 2\nb: 3\n", 2, 2),
    ("yaml-undefined-alias", "a: &base 1\nb: *bse\n", 2, 4),
    ("yaml-recursive-alias", "a: &x [*x]\n", 1, 8),
    ("yaml-duplicate-anchor", "a: &x 1\nb: &x 2\n", 2, 4),
    ("yaml-several-documents", "a: 1\n---\nb: 2\n", 2, 1),
    ("yaml-control-character", "a: \u{1}\n", 1, 4),
    ("yaml-bad-value", "a: 2024-13-45\n", 1, 4),
    ("yaml-unknown-tag", "a: !foo x\n", 1, 4),
    ("yaml-key-type", "? [a]\n: b\n", 1, 3),
    ("yaml-merge", "a: {<<: x}\n", 1, 9),
  ])
  func errorsSayWhatAndWhere(code: String, text: String, line: Int, column: Int) throws {
    let error = #expect(throws: Diagnostic.self) { try YAML.parse(SourceText(name: "a.yml", text: text)) }
    #expect(error?.code == code)
    #expect(error?.kind == .parsing)
    #expect(error?.range?.start.line == line)
    #expect(error?.range?.start.column == column)
  }

  @Test func invalidUTF8IsAnError() throws {
    for bytes: [UInt8] in [[0x61, 0x3A, 0x20, 0xFF], [0x61, 0x3A, 0x20, 0xC3], [0xE9, 0x3A]] {
      let error = #expect(throws: Diagnostic.self) { try YAML.parse(SourceText(name: "a.yml", utf8: bytes)) }
      #expect(error?.code == "yaml-encoding")
    }
  }

  @Test func deepNestingIsAnError() throws {
    let texts = [
      String(repeating: "[", count: 10_000), String(repeating: "{a: ", count: 10_000),
      String(repeating: "- ", count: 10_000),
    ]
    for text in texts {
      let error = #expect(throws: Diagnostic.self) { try YAML.parse(SourceText(name: "a.yml", text: text)) }
      #expect(error?.code == "yaml-too-deep")
    }
    let fine = String(repeating: "[", count: 900) + String(repeating: "]", count: 900)
    #expect(try YAML.parse(SourceText(name: "a.yml", text: fine)) != nil)
  }

  @Test func anAliasBombIsAnError() throws {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1..<10 {
      let alias = "*a\(level - 1)"
      text += "a\(level): &a\(level) [" + Array(repeating: alias, count: 10).joined(separator: ", ") + "]\n"
    }
    let error = #expect(throws: Diagnostic.self) { try YAML.parse(SourceText(name: "a.yml", text: text)) }
    #expect(error?.code == "yaml-too-large")
  }

  /// Texts of the golden file with bytes changed, cut and doubled: any answer is right as long as there is one.
  @Test func damagedTextsDoNotCrash() throws {
    let lines = try String(contentsOf: golden.appendingPathComponent("values.txt"), encoding: .utf8)
      .split(separator: "\n").map { Array(unescaped(String($0.split(separator: "\t")[0])).utf8) }
    let spice = Array("{}[]:,-#&*!|>'\"%@`?<= \n\t\u{0}".utf8) + [0xC3, 0xFF, 0xEF, 0xBB, 0xBF]
    var state: UInt64 = 42
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % max(1, bound)
    }
    var answers = (good: 0, bad: 0)
    for round in 0..<6_000 {
      var bytes = lines[round % lines.count] + [0x0A] + lines[random(lines.count)]
      for _ in 0...random(4) where !bytes.isEmpty {
        switch random(4) {
        case 0: bytes[random(bytes.count)] = spice[random(spice.count)]
        case 1: bytes.insert(spice[random(spice.count)], at: random(bytes.count))
        case 2: bytes.removeSubrange(random(bytes.count)...)
        default: bytes += bytes.prefix(random(bytes.count))
        }
      }
      do {
        let node = try YAML.parse(SourceText(name: "fuzz.yml", utf8: bytes), trimmed: round % 2 == 0)
        if let node { _ = YAML.write(node) + "\(node.range.end.line)" + String(node.duplicateKeys.count) }
        answers.good += 1
      } catch {
        #expect(error.range != nil)
        answers.bad += 1
      }
    }
    #expect(answers.good > 500 && answers.bad > 500)
  }

  private func unescaped(_ text: String) -> String {
    guard text.contains("\\") else { return text }
    var out = ""
    var scalars = text.unicodeScalars.makeIterator()
    while let scalar = scalars.next() {
      guard scalar == "\\", let next = scalars.next() else {
        out.unicodeScalars.append(scalar)
        continue
      }
      switch next {
      case "n": out += "\n"
      case "t": out += "\t"
      default: out.unicodeScalars.append(next)
      }
    }
    return out
  }

  private func read(_ text: String) -> String {
    do { return shown(try YAML.value(of: text)) } catch { return "error" }
  }

  private func shown(_ value: YAMLValue) -> String {
    switch value {
    case .null: return "null"
    case .bool(let value): return "bool \(value)"
    case .int(let value): return "int \(value)"
    case .bigInt(let digits): return "int \(digits)"
    case .float(let value): return "float \(PythonNumbers.repr(value))"
    case .string(let text): return "str \(escaped(text))"
    case .date(let date): return "date \(date)"
    case .dateTime(let time): return "datetime \(time)"
    case .binary(let bytes): return "binary " + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    case .sequence(let items): return "[" + items.map(shown).joined(separator: ", ") + "]"
    case .mapping(let pairs):
      return "{" + pairs.map { "\(shown($0.key)): \(shown($0.value))" }.joined(separator: ", ") + "}"
    }
  }

  /// Python's `unicode_escape`.
  private func escaped(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": out += "\\n"
      case "\t": out += "\\t"
      case "\\": out += "\\\\"
      case " "..."~": out.unicodeScalars.append(scalar)
      default:
        let hex = String(scalar.value, radix: 16)
        let (letter, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
        out += "\\" + letter + String(repeating: "0", count: width - hex.utf8.count) + hex
      }
    }
    return out
  }
}
