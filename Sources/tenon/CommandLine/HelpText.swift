import ArgumentParser
import Compiler

/// `tenon --version`: the first number is the dbt version whose language and artifacts we speak, because
/// orchestrators take it for dbt's.
enum VersionText {
  static func print() {
    StandardOutput.write(
      """
      Core:
        - installed: \(ProjectEngine.dbtVersion)

      Plugins:
        - postgres: 1.11.0

      tenon \(Main.version)

      """)
  }
}

/// `tenon --help`. Programs that look for dbt read its first line.
enum HelpText {
  static func print() {
    var lines = [
      "Usage: dbt [OPTIONS] COMMAND [ARGS]...", "",
      "  tenon runs dbt projects on PostgreSQL, one project for many tenants.", "", "Commands:",
    ]
    var commands: [CommandConfiguration] = []
    for type in Tenon.configuration.subcommands where type.configuration.shouldDisplay {
      commands.append(type.configuration)
    }
    let width = commands.map { ($0.commandName ?? "").utf8.count }.max() ?? 0
    for command in commands {
      let name = command.commandName ?? ""
      lines.append("  \(name)\(String(repeating: " ", count: width - name.utf8.count))  \(command.abstract)")
    }
    lines += ["", "Options are explained by `tenon COMMAND --help`; the global ones may stand before the command too."]
    StandardOutput.write(lines.joined(separator: "\n") + "\n")
  }
}
