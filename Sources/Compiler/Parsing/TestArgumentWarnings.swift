import Diagnostics
import Manifest

/// Arguments of generic tests that do not stand where the flag `require_generic_test_arguments_property` wants them.
enum TestArgumentWarnings {
  /// - Parameter nested: the flag: a test's own arguments belong under `arguments:`, its settings under `config:`.
  static func of(_ request: ProjectParser.TestRequest, nested: Bool) -> [Diagnostic] {
    guard case .dict(let definition) = request.definition else { return [] }
    let (name, arguments): (String, ConfigDict)
    if let given = definition["test_name"]?.asString {
      (name, arguments) = (given, definition)
    } else if let entry = definition.entries.first, let members = entry.value.asDict {
      (name, arguments) = (entry.key, members)
    } else {
      return []
    }
    let file = request.file.originalPath
    func warning(_ code: String, _ message: String, _ facts: [(String, String)]) -> Diagnostic {
      var found = Diagnostic(code, .parsing, message, severity: .warning, range: request.node?.range)
      found.facts = facts.map { (name: $0.0, value: $0.1) }
      return found
    }
    guard nested else {
      guard let own = arguments["arguments"] else { return [] }
      let test = "`\(name)` (\(own.pythonString))"
      return [
        warning(
          "test-arguments-reserved",
          "Found `arguments` property in test definition of \(test) without usage of "
            + "`require_generic_test_arguments_property` behavior change flag. With it, the property holds the test's "
            + "arguments.", [("test_name", test)])
      ]
    }
    var out: [Diagnostic] = []
    for key in arguments.keys where ProjectParser.configArguments.contains(key) {
      let path = "data_tests.\(name).\(key)"
      out.append(
        warning(
          "moved-property",
          "Found `\(key)` as a top-level property of `\(path)` in file `\(file)`. The `\(key)` top-level property should "
            + "be moved into the `config` of `\(path)`.", [("file", file), ("key", key), ("key_path", path)]))
    }
    let known =
      ["arguments", "column_name", "config", "description", "name", "test_name"] + ProjectParser.configArguments
    if (arguments["arguments"]?.asDict ?? ConfigDict()).isEmpty, arguments.keys.contains(where: { !known.contains($0) })
    {
      let owner = request.source.map { "\($0.name)" } ?? request.model
      let test = "`\(name)` defined on '\(owner)' in package '\(request.package)' (\(file))"
      out.append(
        warning(
          "test-arguments",
          "Found top-level arguments to test \(test). Arguments to generic tests should be nested under the `arguments` "
            + "property.", [("test_name", test)]))
    }
    return out
  }
}
