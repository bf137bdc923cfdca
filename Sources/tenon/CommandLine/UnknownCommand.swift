import ArgumentParser
import Diagnostics

/// A first word that is no command: said before the words after it are looked at.
enum UnknownCommand {
  /// The error with the nearest command; nil when the word is a command, or an option.
  static func message(_ arguments: [String]) -> String? {
    guard let word = arguments.first, !word.hasPrefix("-") else { return nil }
    let known = Tenon.configuration.subcommands.flatMap { type in
      [type.configuration.commandName ?? type._commandName] + type.configuration.aliases
    }
    guard word != "help", !known.contains(word) else { return nil }
    let near = NearestName.of(word, among: known).map { " Did you mean '\($0)'?" } ?? ""
    return UsageText.text("Error: No such command '\(word)'.\(near)", command: nil)
  }
}
