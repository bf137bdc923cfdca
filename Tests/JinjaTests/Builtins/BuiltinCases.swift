import Diagnostics
import Foundation
import Testing

@testable import Jinja

/// Golden cases of templates: one JSON object a line, with the template and either `output` or `error` (the kind of the
/// exception) as Jinja2 3.1.6 on CPython 3.11 gave them.
enum BuiltinCases {
  static let folder = PythonAnswers.folder

  static func run(_ area: String) throws -> [String] {
    let standard = try JSON.parse([UInt8](Data(contentsOf: folder.appendingPathComponent("builtins-context.json"))))
    let lines = try Data(contentsOf: folder.appendingPathComponent("builtins-\(area).jsonl")).split(separator: 0x0A)
    var failures: [String] = []
    for line in lines {
      guard case .dict(let test) = try JSON.parse([UInt8](line)) else { continue }
      let wanted = test["output"]?.asString ?? "!" + (test["error"]?.asString ?? "")
      let got = render(test, test["context"] == nil ? DictObject() : copy(standard).asDict ?? DictObject())
      // TypeError and Jinja2's own run-time errors are one class for whoever reads them.
      let same = got == wanted || Set([got, wanted]).isSubset(of: ["!type", "!runtime"])
      if !same { failures.append("\(test["template"]?.asString ?? "")\n    want \(wanted)\n    got  \(got)") }
    }
    if lines.isEmpty { failures.append("no cases in \(area)") }
    return failures
  }

  private static func copy(_ value: Value) -> Value { (try? JSON.parse(JSON.dumps(value))) ?? .none }

  private static func render(_ test: DictObject, _ context: DictObject) -> String {
    let environment = Environment()
    environment.autoescape = test["autoescape"]?.isTrue ?? false
    if test["undefined"]?.asString == "strict" { environment.undefinedKind = .strict }
    environment.globals["modules"] = PythonModules.make()
    for (name, value) in PythonFunctions.make() { environment.globals[name] = value }
    environment.globals["Decimal"] = .object(
      NativeFunction("Decimal") { a, _ in
        let text = a.positional.first.flatMap { $0.asString ?? $0.asInt.map(String.init) } ?? ""
        guard let decimal = Decimal(text) else { throw TemplateError(.value, "no decimal") }
        return .object(DecimalObject(decimal))
      })
    do {
      let template = try environment.compile(SourceText(name: "case", text: test["template"]?.asString ?? ""))
      return try template.render(context).string
    } catch let error as TemplateError {
      return "!\(error.kind.rawValue)"
    } catch {
      return "!\(error)"
    }
  }
}

@Suite struct BuiltinGoldenTests {
  @Test(arguments: ["filters", "fused", "markup", "tests", "globals", "re", "datetime", "decimal", "itertools"])
  func area(_ name: String) throws {
    let failures = try BuiltinCases.run(name)
    #expect(failures.isEmpty, "\(failures.count) failures:\n\(failures.prefix(10).joined(separator: "\n"))")
  }

  @Test(.enabled(if: ZoneFile.folder != nil, "needs the system's time zone files"))
  func pytz() throws {
    let failures = try BuiltinCases.run("pytz")
    #expect(failures.isEmpty, "\(failures.count) failures:\n\(failures.prefix(10).joined(separator: "\n"))")
  }
}
