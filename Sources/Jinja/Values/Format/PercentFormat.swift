/// `template % arguments`: printf-style formatting.
/// Source: https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting
enum PercentFormat {
  static func format(_ template: Str, _ arguments: Value, _ r: Interpreter) throws -> Str {
    throw TemplateError(.runtime, "not yet")
  }
}
