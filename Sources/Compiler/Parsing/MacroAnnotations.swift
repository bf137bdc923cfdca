import Diagnostics
import Manifest

/// What properties files say of macros' arguments, held against the macros themselves (`validate_macro_args`,
/// https://docs.getdbt.com/reference/resource-properties/arguments).
enum MacroAnnotations {
  /// - Parameter defined: the arguments' names in the macro.
  static func problems(_ macro: Macro, described: [Macro.Argument], defined: [String]) -> [Diagnostic] {
    if described.isEmpty { return [] }
    var messages: [String] = []
    for (argument, name) in zip(described, defined) where argument.name != name {
      messages.append("Argument \(argument.name) in yaml for macro \(macro.name) does not match the jinja definition.")
    }
    if described.count != defined.count {
      messages.append(
        "The number of arguments in the yaml for macro \(macro.name) does not match the jinja definition.")
    }
    for argument in described {
      guard let type = argument.type, !type.trimmingSpace.isEmpty, !isType(type) else { continue }
      messages.append("Argument \(argument.name) in the yaml for macro \(macro.name) has an invalid type.")
    }
    return messages.map { message in
      var found = Diagnostic("macro-annotation", .parsing, message, severity: .warning, range: macro.range)
      found.facts = [
        ("macro_file_path", macro.originalFilePath), ("macro_unique_id", macro.uniqueID), ("msg", message),
      ]
      return found
    }
  }

  /// The types there are, with how many parameters each takes.
  private static let types = [
    "any": 0, "bool": 0, "column": 0, "dict": 2, "float": 0, "int": 0, "integer": 0, "list": 1, "optional": 1,
    "relation": 0, "str": 0, "string": 0,
  ]

  /// Whether a text is a type, such as `dict[str, list[int]]`.
  static func isType(_ text: String) -> Bool {
    var rest = Substring(text.filter { $0 != " " && $0 != "\t" })
    return takeType(&rest) && rest.isEmpty
  }

  private static func takeType(_ rest: inout Substring) -> Bool {
    let name = rest.prefix { $0.isASCII && $0.isLowercase }
    guard let count = types[String(name)] else { return false }
    rest = rest.dropFirst(name.count)
    if count == 0 { return true }
    for index in 0..<count {
      guard rest.first == (index == 0 ? "[" : ",") else { return false }
      rest = rest.dropFirst()
      guard takeType(&rest) else { return false }
    }
    guard rest.first == "]" else { return false }
    rest = rest.dropFirst()
    return true
  }
}
