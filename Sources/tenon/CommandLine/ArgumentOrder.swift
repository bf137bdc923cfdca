/// dbt takes its global options before the command as well as after it; the argument parser wants them after. The
/// options in front are moved behind the command's name.
enum ArgumentOrder {
  /// Options that take a value.
  private static let valued: Set<String> = [
    "--project-dir", "--profiles-dir", "--profile", "--target", "-t", "--vars", "--tenant", "--threads",
    "--target-path", "--log-path", "--log-format", "--log-format-file", "--log-level", "--log-level-file",
    "--log-file-max-bytes", "--printer-width", "--warn-error-options", "--state", "--defer-state",
    "--record-timing-info",
    "-r", "--partial-parse-file-path",
  ]

  static func normalized(_ arguments: [String]) -> [String] {
    var front: [String] = []
    var i = 0
    while i < arguments.count, arguments[i].hasPrefix("-") {
      let word = arguments[i]
      if ["--help", "-h", "--version", "-v", "-V"].contains(word) { return arguments }
      front.append(word)
      i += 1
      if valued.contains(word), i < arguments.count {
        front.append(arguments[i])
        i += 1
      }
    }
    guard !front.isEmpty, i < arguments.count else { return arguments }
    // A command may have a command of its own (`source freshness`, `tenant create`).
    var end = i + 1
    if ["source", "docs", "server", "tenant"].contains(arguments[i]), end < arguments.count,
      !arguments[end].hasPrefix("-")
    {
      end += 1
    }
    return Array(arguments[i..<end]) + front + Array(arguments[end...])
  }
}
