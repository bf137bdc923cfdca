import Compiler
import Diagnostics
import Glibc
import Project
import YAML

/// Questions on standard output, answers from standard input, a line each.
struct Prompt {
  private var input = StandardInput()

  private mutating func line(hidden: Bool = false) throws -> String {
    var settings = termios()
    let quiet = hidden && isatty(0) == 1 && tcgetattr(0, &settings) == 0
    if quiet {
      var silent = settings
      silent.c_lflag &= ~tcflag_t(ECHO)
      tcsetattr(0, TCSAFLUSH, &silent)
    }
    defer {
      if quiet {
        tcsetattr(0, TCSAFLUSH, &settings)
        StandardOutput.write("\n")
      }
    }
    guard let line = input.readLine() else {
      throw Diagnostic("no-answer", .usage, "Aborted! There is no more input to answer with.")
    }
    return String(decoding: line, as: UTF8.self).trimmingSpace
  }

  /// Asks until something is answered; nothing is the standard answer, where there is one.
  mutating func text(_ question: String, standard: String? = nil, hidden: Bool = false) throws -> String {
    while true {
      StandardOutput.write(question + (standard.map { " [\($0)]" } ?? "") + ": ")
      let answer = try line(hidden: hidden)
      if !answer.isEmpty { return answer }
      if let standard { return standard }
    }
  }

  mutating func number(_ question: String, standard: String? = nil) throws -> Int {
    while true {
      let answer = try text(question, standard: standard)
      if let number = Int(answer) { return number }
      StandardOutput.write("Error: '\(answer)' is not a valid integer.\n")
    }
  }

  mutating func confirm(_ question: String) throws -> Bool {
    while true {
      StandardOutput.write("\(question) [y/N]: ")
      switch try line().lowercased() {
      case "y", "yes": return true
      case "n", "no", "": return false
      default: StandardOutput.write("Error: invalid input\n")
      }
    }
  }

  /// - Returns: the index of the option whose number was given.
  mutating func choose(_ title: String, _ options: [String], ending: String) throws -> Int {
    let listed = options.enumerated().map { "[\($0 + 1)] \($1)" }
    let question = ((title.isEmpty ? [] : [title]) + listed).joined(separator: "\n")
    while true {
      let number = try number("\(question)\n\n\(ending)")
      if options.indices.contains(number - 1) { return number - 1 }
      StandardOutput.write("Error: there is no option \(number).\n")
    }
  }

  mutating func answer(_ question: ProfileTemplate.Question) throws -> YAMLValue {
    let words = question.name + (question.hint.map { " (\($0))" } ?? "")
    let standard: String? =
      switch question.standard {
      case nil, .null: nil
      case .string(let text): text
      case .int(let number): String(number)
      // The writer ends a document that is a single word with three dots.
      case let value?: YAML.write(value).split(separator: "\n").first.map(String.init)
      }
    if question.isNumber { return .int(try number(words, standard: standard)) }
    return .string(try text(words, standard: standard, hidden: question.isHidden))
  }
}
