import Jinja
import Manifest

/// A node's configuration as its author wrote it: what `state:modified` compares under the flag
/// `state_modified_compare_more_unrendered_values`, so that another value of a variable is no change.
struct WrittenConfig {
  private let place: ConfigPlace
  private let environment: Environment

  init(_ place: ConfigPlace, _ environment: Environment) {
    self.place = place
    self.environment = environment
  }

  /// The entry of the properties file, its templates not rendered.
  func properties(over rendered: ConfigDict) -> ConfigDict {
    var out = rendered
    for entry in place.properties?["config"].flatMap({ ConfigValue($0).asDict }) ?? ConfigDict() {
      if case .string(let text) = entry.value, text.hasJinja { out[entry.key] = entry.value }
    }
    return out
  }

  /// The arguments of the first `config()` of the file; what is no constant as its expression.
  func call(over rendered: ConfigDict) -> ConfigDict {
    guard let tree = try? environment.parse(place.file.source), let arguments = Self.firstCall(in: tree) else {
      return rendered
    }
    var out = rendered
    for (name, value) in arguments.keywords {
      if case .constant = value.kind { continue }
      out[name.text.string] = .string("{{ \(tree.text(value.span)) }}")
    }
    return out
  }

  private static func firstCall(in tree: SyntaxTree) -> CallArguments? {
    for statement in tree.statements {
      guard case .output(let parts) = statement.kind else { continue }
      for case .expression(let expression) in parts {
        if case .call(let callee, let arguments) = expression.kind, case .name(let name) = callee.kind,
          name.text.string == "config"
        {
          return arguments
        }
      }
    }
    return nil
  }
}
