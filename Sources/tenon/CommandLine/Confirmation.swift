import Diagnostics
import Glibc

/// Asks before something is lost. Without a terminal there is nobody to ask: then `--yes` must have been said.
enum Confirmation {
  /// - Returns: whether the answer was yes.
  static func ask(_ question: String, yes: Bool) throws -> Bool {
    if yes { return true }
    guard isatty(0) == 1 else {
      throw Diagnostic(
        "needs-yes", .usage, "\(question) There is no terminal to ask on.", hint: "Add --yes if that is meant.")
    }
    StandardOutput.write("\(question) [y/N] ")
    var input = StandardInput()
    let answer = input.readLine().map { String(decoding: $0, as: UTF8.self) } ?? ""
    return ["y", "yes"].contains(answer.lowercased())
  }
}
