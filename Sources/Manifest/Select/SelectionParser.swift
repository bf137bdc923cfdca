import Diagnostics

/// Selections from the command line: words are a union, commas an intersection.
public enum SelectionParser {
  /// What is selected when nothing is said.
  static let everything = ["fqn:*", "source:*", "exposure:*", "metric:*", "semantic_model:*"]

  /// - Parameters:
  ///   - select: the values of `--select`; empty or nil selects everything.
  ///   - exclude: the values of `--exclude`.
  ///   - indirect: `--indirect-selection`.
  public static func parse(
    select: [String]?, exclude: [String]? = nil, indirect: IndirectSelection = .eager
  ) throws(Diagnostic) -> SelectionSpec {
    let chosen = select.flatMap { $0.isEmpty ? nil : $0 }
    let included = try union(chosen ?? everything, expects: chosen != nil, indirect)
    let excluded = try union(exclude ?? [], expects: exclude != nil, indirect)
    return .difference(SelectionSpec.Group([included, excluded]))
  }

  static func union(_ texts: [String], expects: Bool, _ indirect: IndirectSelection) throws(Diagnostic) -> SelectionSpec
  {
    var components: [SelectionSpec] = []
    for text in texts {
      for word in text.split(separator: " ", omittingEmptySubsequences: false) {
        var criteria: [SelectionSpec] = []
        for part in word.split(separator: ",", omittingEmptySubsequences: false) {
          criteria.append(.criteria(try SelectionCriteria(parsing: String(part), indirect: indirect)))
        }
        components.append(
          .intersection(SelectionSpec.Group(criteria, indirect: indirect, expects: expects ? String(word) : nil)))
      }
    }
    return .union(SelectionSpec.Group(components, indirect: indirect))
  }
}
