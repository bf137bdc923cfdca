import Jinja
import Manifest

/// Models that dbt reads without rendering them: nothing but text and calls of `ref`, `source` and `config` with
/// literals. What the manifest says of their sources differs from that of rendered ones: each is named once.
enum StaticModel {
  /// Whether dbt's static reader takes a model's code.
  static func reads(_ code: String, _ environment: Environment) -> Bool {
    guard !code.contains("{%"), !code.contains("{{-"), !code.contains("-}}"), !code.contains("{{+"),
      let tree = try? environment.parse(.init(name: "model", text: code))
    else { return false }
    return tree.statements.allSatisfy { statement in
      guard case .output(let parts) = statement.kind else { return false }
      return parts.allSatisfy { part in
        guard case .expression(let expression) = part else { return true }
        return isReadable(expression, in: tree)
      }
    }
  }

  private static func isReadable(_ expression: Expr, in tree: SyntaxTree) -> Bool {
    guard case .call(let callee, let arguments) = expression.kind else { return isLiteral(expression, in: tree) }
    guard case .name(let name) = callee.kind, arguments.star == nil, arguments.doubleStar == nil else { return false }
    let names = arguments.keywords.map(\.name.text.string)
    let areTexts = arguments.positional.allSatisfy(isText)
    switch name.text.string {
    case "ref":
      return areTexts && (1...2).contains(arguments.positional.count)
        && names.allSatisfy { $0 == "v" || $0 == "version" }
        && arguments.keywords.allSatisfy { isText($0.value) || isNumber($0.value) }
    case "source":
      return areTexts && arguments.positional.count + names.count == 2
        && names.allSatisfy { $0 == "source_name" || $0 == "table_name" }
        && arguments.keywords.allSatisfy { isText($0.value) }
    case "config":
      return arguments.positional.isEmpty && !names.contains("pre_hook") && !names.contains("post_hook")
        && arguments.keywords.allSatisfy { isLiteral($0.value, in: tree, hasNumbers: false) }
    default: return false
    }
  }

  private static func isText(_ expression: Expr) -> Bool {
    if case .constant(.string) = expression.kind { true } else { false }
  }

  private static func isNumber(_ expression: Expr) -> Bool {
    switch expression.kind {
    case .constant(.int), .constant(.float): true
    default: false
    }
  }

  private static func isLiteral(_ expression: Expr, in tree: SyntaxTree, hasNumbers: Bool = true) -> Bool {
    switch expression.kind {
    case .constant(.string): true
    case .constant(.bool):
      // Only as Python writes them.
      tree.source.utf8[expression.span.range.lowerBound] < UInt8(ascii: "a")
    case .constant(.int), .constant(.float): hasNumbers
    case .list(let items): items.allSatisfy { isLiteral($0, in: tree, hasNumbers: hasNumbers) }
    case .dict(let pairs):
      pairs.allSatisfy { isText($0.key) && isLiteral($0.value, in: tree, hasNumbers: hasNumbers) }
    default: false
    }
  }
}
