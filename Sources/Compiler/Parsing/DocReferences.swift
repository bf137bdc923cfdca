import Jinja
import Manifest

/// The docs blocks a description is made of: those it prints as they are, not those it does something else with.
enum DocReferences {
  /// - Returns: unique ids, in the order of the text.
  static func of(_ tree: SyntaxTree, _ package: String, _ lookup: Lookup?) -> [String] {
    var out: [String] = []
    for statement in tree.statements {
      guard case .output(let parts) = statement.kind else { continue }
      for case .expression(let expression) in parts {
        guard case .call(let callee, let arguments) = expression.kind, case .name(let name) = callee.kind,
          name.text.string == "doc"
        else { continue }
        let words = arguments.positional.compactMap { argument -> String? in
          guard case .constant(.string(let text)) = argument.kind else { return nil }
          return text.string
        }
        guard let block = words.last, words.count == arguments.positional.count, words.count <= 2 else { continue }
        let owner = words.count == 2 ? words.first : nil
        if let doc = lookup?.doc(block, package: owner, from: package) { out.append(doc.uniqueID) }
      }
    }
    return out
  }
}
