import Diagnostics
import Foundation
import Testing

@testable import Jinja

/// Tests/Golden/python: what CPython and Jinja2 answered.
enum PythonAnswers {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Golden/python")
}

/// Golden cases of value operations: one JSON object a line, with operands in the encoding of `decode` and either
/// `repr` (CPython's repr of the result) or `error` (CPython's exception, as `Class: text`).
enum ValueCases {
  static func run(_ file: String) throws -> [String] {
    let data = try Data(contentsOf: PythonAnswers.folder.appendingPathComponent("\(file).jsonl"))
    var failures: [String] = []
    var count = 0
    let environment = Environment()
    let template = try environment.compile(SourceText(name: "values", text: ""))
    let r = Interpreter(environment, program: template.program, provider: nil, host: nil)
    defer { r.finish() }
    for line in data.split(separator: 0x0A) {
      count += 1
      guard let json = try JSONSerialization.jsonObject(with: line) as? [String: Any] else { continue }
      let wanted = (json["repr"] as? String) ?? "!" + ((json["error"] as? String) ?? "")
      let got: String
      do {
        got = try evaluate(json, r).repr(nil).string
      } catch let error as TemplateError {
        got = "!\(pythonName(error.kind)): \(error.message)"
      }
      if got != wanted {
        failures.append("\(String(decoding: line, as: UTF8.self))\n    got \(got)")
      }
    }
    if count == 0 { failures.append("no cases in \(file)") }
    return failures
  }

  private static func pythonName(_ kind: TemplateError.Kind) -> String {
    switch kind {
    case .type: "TypeError"
    case .value: "ValueError"
    case .key: "KeyError"
    case .index: "IndexError"
    case .zeroDivision: "ZeroDivisionError"
    case .overflow: "OverflowError"
    case .attribute: "AttributeError"
    default: kind.rawValue
    }
  }

  /// Plain JSON for None, bools, strings and lists; everything else is an object with one key:
  /// `i` int as text, `f` float as text, `t` tuple, `d` dict as pairs, `s` set, `m` Markup, `r` range, `b` bytes.
  static func decode(_ json: Any) throws -> Value {
    switch json {
    case is NSNull: return .none
    case let text as String: return .string(text)
    case let list as [Any]: return .list(try list.map(decode))
    case let tagged as [String: Any]:
      if let text = tagged["i"] as? String { return try IntegerParser.parse(Str.make(text), base: 10) ?? .none }
      if let text = tagged["f"] as? String { return FloatParser.parse(Str.make(text)).map { .float($0) } ?? .none }
      if let items = tagged["t"] as? [Any] { return .tuple(try items.map(decode)) }
      if let items = tagged["s"] as? [Any] { return .object(try SetObject(items.map(decode))) }
      if let text = tagged["m"] as? String { return .string(Str.make(text, markup: true)) }
      if let bytes = tagged["b"] as? [Int] { return .object(BytesObject(bytes.map { UInt8($0) })) }
      if let parts = tagged["r"] as? [Int] { return .object(try RangeObject(parts[0], parts[1], parts[2])) }
      if let flag = tagged["B"] as? Int { return .bool(flag == 1) }
      if let pairs = tagged["d"] as? [[Any]] {
        let dict = DictObject()
        for pair in pairs { try dict.set(decode(pair[0]), decode(pair[1])) }
        return .dict(dict)
      }
      return .none
    default: return .none
    }
  }

  private static func evaluate(_ json: [String: Any], _ r: Interpreter) throws -> Value {
    let operation = json["op"] as? String ?? ""
    let arguments = try (json["args"] as? [Any] ?? []).map(decode)
    switch operation {
    case "method":
      let keywords = try (json["kw"] as? [[Any]] ?? []).map {
        (name: Str.make($0[0] as? String ?? ""), value: try decode($0[1]))
      }
      let name = Str.make(json["name"] as? String ?? "")
      let call = Arguments(Array(arguments.dropFirst()), keywords: keywords)
      guard let result = try Methods.call(arguments[0], name, call, r) else { return .string("no such method") }
      // What the method did to its receiver counts as well.
      return json["mutates"] == nil ? result : .tuple([result, arguments[0]])
    case "repr": return arguments[0]
    case "str": return .string(try arguments[0].str(r))
    case "eq": return .bool(arguments[0].isEqual(to: arguments[1]))
    case "hash": return .bool(try arguments[0].hashCode() == arguments[1].hashCode())
    case "in": return .bool(try arguments[1].contains(arguments[0], r))
    case "len": return .int(try arguments[0].length())
    case "iter": return .list(try arguments[0].collected(r))
    case "slice": return try arguments[0].slice(arguments[1], arguments[2], arguments[3])
    case "format": return .string(try arguments[0].format(arguments[1].str(r), r))
    case "neg": return try arguments[0].unary(.negate)
    case "pos": return try arguments[0].unary(.plus)
    case "abs": return try arguments[0].unary(.absolute)
    case "int": return try PythonNumbers.integerLiteral(arguments[0], base: arguments[1].asInt ?? 10)
    case "float": return .float(try PythonNumbers.float(arguments[0], r))
    case "round": return try PythonNumbers.round(arguments[0], arguments[1], r)
    case "<": return .bool(try arguments[0].order(.less, arguments[1]))
    case "<=": return .bool(try arguments[0].order(.lessEqual, arguments[1]))
    case ">": return .bool(try arguments[0].order(.greater, arguments[1]))
    case ">=": return .bool(try arguments[0].order(.greaterEqual, arguments[1]))
    default:
      let operators: [String: BinaryOperator] = [
        "+": .add, "-": .subtract, "*": .multiply, "/": .divide, "//": .floorDivide, "%": .modulo, "**": .power,
        "&": .and, "|": .or, "^": .xor,
      ]
      guard let op = operators[operation] else { return .string("no such operation") }
      return try arguments[0].binary(op, arguments[1], r)
    }
  }
}

extension PythonNumbers {
  static func integerLiteral(_ value: Value, base: Int) throws -> Value {
    guard case .string(let text) = value else { return try integer(value) ?? .none }
    if let parsed = try IntegerParser.parse(text, base: base) { return parsed }
    throw TemplateError(.value, "invalid literal for int() with base \(base): \(try value.repr(nil).string)")
  }
}

@Suite struct ValueGoldenTests {
  private func check(_ file: String) throws {
    let failures = try ValueCases.run(file)
    #expect(failures.isEmpty, "\(failures.count) in \(file):\n\(failures.prefix(40).joined(separator: "\n"))")
  }

  @Test(arguments: ["values-arithmetic", "values-compare", "values-repr", "values-slices", "values-numbers"])
  func operations(_ file: String) throws { try check(file) }

  @Test(arguments: ["methods-str", "methods-markup", "methods-containers", "methods-numbers"])
  func methods(_ file: String) throws { try check(file) }

  @Test(arguments: ["format-percent", "format-str", "format-spec"])
  func formats(_ file: String) throws { try check(file) }

  @Test func everyMethodOfTheCatalogExists() throws {
    let samples: [String: Value] = [
      "str": .string("a"), "Markup": .string(Str.make("a", markup: true)), "list": .list([]), "tuple": .tuple([]),
      "dict": .dict(DictObject()), "int": .int(1), "float": .float(1), "set": .object(try SetObject()),
      "range": .object(try RangeObject(0, 1)), "bytes": .object(BytesObject([])),
      "dict_keys": .object(DictView(DictObject(), .keys)), "dict_items": .object(DictView(DictObject(), .items)),
    ]
    for entry in Methods.catalog {
      guard let sample = samples[entry.type] else {
        Issue.record("no sample of \(entry.type)")
        continue
      }
      #expect(Methods.has(sample, Str.make(entry.name)), "\(entry.type).\(entry.name)")
    }
    for (type, sample) in samples where type != "Markup" {
      let documented = Set(Methods.catalog.filter { $0.type == type }.map(\.name))
      for method in MethodName.allCases where Methods.has(sample, Str.make(method.rawValue)) {
        #expect(documented.contains(method.rawValue), "\(type).\(method.rawValue) is not in the catalog")
      }
    }
  }
}

@Suite struct DeepNestingTests {
  /// A rendering that must end with this output or error, without using the native stack up.
  private func render(_ text: String) throws -> String {
    do {
      return try Environment().compile(SourceText(name: "deep", text: text)).render()
    } catch let error as TemplateError {
      return "!\(error.kind.rawValue)"
    }
  }

  private func nested(_ wrap: String, _ use: String) -> String {
    "{% set ns = namespace(x=()) %}{% for i in range(99999) %}{% set ns.x = \(wrap) %}{% endfor %}\(use)"
  }

  @Test(arguments: ["[ns.x]", "(ns.x,)", "{'a': ns.x}"])
  func isFreed(_ wrap: String) throws { #expect(try render(nested(wrap, "done")) == "done") }

  @Test(arguments: ["{{ ns.x }}", "{{ {ns.x: 1} }}", "{{ ns.x|tojson }}", "{{ ns.x|pprint }}"])
  func failsCleanly(_ use: String) throws { #expect(try render(nested("(ns.x,)", use)) == "!recursion") }

  @Test func longRepetitiveTextsAreSearchedInLinearTime() throws {
    let hay = "('a' * 3000000)"
    #expect(try render("{{ \(hay).count('a' * 1000000 ~ 'b') }}") == "0")
    #expect(try render("{{ \(hay).rfind('b' ~ 'a' * 1000000) }}") == "-1")
    #expect(try render("{{ (\(hay) ~ 'xyz').rfind('axy') }}") == "2999999")
  }
}

@Suite struct DecimalRoundingTests {
  /// The quick way must agree with the C library's exact one.
  @Test func agreesWithPrintf() {
    var state: UInt64 = 88_172_645_463_325_252
    for i in 0..<20000 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      let digits = i % 8
      let units = Double(state % 4_000_000_000) / (i % 3 == 0 ? 8 : i % 3 == 1 ? 1000 : 3)
      guard let quick = DecimalRounding.fixed(units, digits) else { continue }
      #expect(String(decoding: quick, as: UTF8.self) == CFormat.fixed(units, digits))
    }
  }
}
