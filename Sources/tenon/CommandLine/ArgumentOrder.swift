/// dbt takes its global options before the command as well as after it (`dbt --quiet docs --no-use-colors generate`);
/// the argument parser wants them after. The options in front are moved behind the command's name.
enum ArgumentOrder {
  /// Options that take a value.
  private static let valued: Set<String> = [
    "--project-dir", "--profiles-dir", "--profile", "--target", "-t", "--vars", "--tenant", "--threads",
    "--target-path", "--log-path", "--log-format", "--log-format-file", "--log-level", "--log-level-file",
    "--log-file-max-bytes", "--printer-width", "--warn-error-options", "--state", "--defer-state",
    "--record-timing-info", "-r", "--partial-parse-file-path",
  ]

  /// Commands that have commands of their own: options may stand before those too.
  private static let groups: Set<String> = ["source", "docs", "server", "tenant"]

  static func normalized(_ arguments: [String]) -> [String] {
    var commands: [String] = []
    var options: [String] = []
    var i = 0
    while i < arguments.count {
      let word = arguments[i]
      if word.hasPrefix("-") {
        if ["--help", "-h", "--version", "-v", "-V"].contains(word) { return arguments }
        options.append(word)
        i += 1
        if valued.contains(word), i < arguments.count {
          options.append(arguments[i])
          i += 1
        }
      } else {
        commands.append(word)
        i += 1
        if commands.count > 1 || !groups.contains(word) { break }
      }
    }
    guard !options.isEmpty, !commands.isEmpty else { return arguments }
    return commands + options + Array(arguments[i...])
  }
}
