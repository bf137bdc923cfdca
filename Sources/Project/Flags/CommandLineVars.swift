import Diagnostics
import YAML

/// `--vars` (and `--args`): a YAML mapping in a string.
public enum CommandLineVars {
  /// - Parameter option: its name, for messages.
  /// - Returns: a mapping; empty for `{}`.
  public static func parse(_ text: String, option: String = "vars") throws(Diagnostic) -> YAMLValue {
    let source = SourceText(name: "--\(option)", text: text)
    let node = try YAML.parse(source)
    guard let node, node.mapping != nil else {
      throw Diagnostic(
        "bad-\(option)", .usage, "--\(option) must be a YAML mapping, but is \(node?.kindName ?? "empty")",
        range: node?.range, hint: "write it as --\(option) '{name: value}' with a space after the colon")
    }
    return node.value
  }
}
