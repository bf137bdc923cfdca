import Diagnostics

/// A wrong command line, said as programs for dbt expect it.
enum UsageText {
  /// - Parameter command: the command that was given; nil when it is not known.
  /// - Returns: nil for errors that are about something else.
  static func of(_ error: any Error, command: String?) -> String? {
    guard let found = (error as? Diagnostic) ?? (error as? Diagnostics)?.all.first, found.kind == .usage else {
      return nil
    }
    return text("Error: \(found.message)" + (found.hint.map { "\n  hint: \($0)" } ?? ""), command: command)
  }

  static func text(_ error: String, command: String?) -> String {
    let program = ["tenon", command].compactMap { $0 }.joined(separator: " ")
    let words = command == nil ? "[OPTIONS] COMMAND [ARGS]..." : "[OPTIONS]"
    return "Usage: \(program) \(words)\nTry '\(program) --help' for help.\n\n\(error)\n"
  }
}
