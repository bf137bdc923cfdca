import Diagnostics
import YAML

/// Keys that a YAML file has twice: legal, but only the last one counts.
public enum DuplicateKeys {
  /// - Parameter file: as the user knows it.
  public static func warnings(_ root: YAMLNode, in file: String) -> [Diagnostic] {
    root.duplicateKeys.map { duplicate in
      let key = duplicate.second.scalar?.text ?? ""
      let start = duplicate.second.range.start
      let place = " at line \(start.line), column \(start.column)"
      var warning = Diagnostic(
        "duplicate-key", .parsing, "Duplicate key '\(key)'\(place) in file `\(file)`: the last one counts.",
        severity: .warning, range: duplicate.second.range,
        notes: [Diagnostic.Note("first written here", range: duplicate.first.range)])
      warning.facts = [("duplicate_description", "Duplicate key '\(key)'\(place)"), ("file", file)]
      return warning
    }
  }
}
