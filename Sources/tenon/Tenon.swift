import ArgumentParser
import Compiler
import Glibc

/// The command line: one file a command in `Commands/`.
struct Tenon: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tenon",
    abstract: "dbt projects for PostgreSQL, one project for many tenants.",
    subcommands: [
      RunCommand.self, SeedCommand.self, SnapshotCommand.self, TestCommand.self, BuildCommand.self, CloneCommand.self,
      RetryCommand.self,
      CompileCommand.self, ShowCommand.self, ListCommand.self, DebugCommand.self, CleanCommand.self, ParseCommand.self,
      DocsCommand.self, RunOperationCommand.self, DepsCommand.self, InitCommand.self, SourceCommand.self,
      ServerCommand.self, TenantCommand.self,
      RenderCommand.self,
      ParseCheckCommand.self,
    ])
}

@main
enum Main {
  static let version = "0.1.0"

  /// Whether the command is one that parses a project, as far as a glance tells.
  private static func readsProjects(_ arguments: [String]) -> Bool {
    let commands = [
      "run", "seed", "snapshot", "test", "build", "clone", "retry", "compile", "show", "list", "ls", "parse", "docs",
      "run-operation", "source",
    ]
    return arguments.first { !$0.hasPrefix("-") }.map(commands.contains) ?? false
  }

  static func main() {
    AllocatorSettings.apply()
    let arguments = ArgumentOrder.normalized(Array(CommandLine.arguments.dropFirst()))
    if let first = arguments.first, ["--version", "-v", "-V"].contains(first) {
      VersionText.print()
      return
    }
    if arguments.isEmpty || arguments == ["--help"] || arguments == ["-h"] || arguments == ["help"] {
      HelpText.print()
      return
    }
    if let message = UnknownCommand.message(arguments) {
      StandardError.write(message)
      exit(2)
    }
    if Self.readsProjects(arguments) {
      AllocatorSettings.widen()
      BuiltinMacros.readAhead()
    }
    do {
      var command = try Tenon.parseAsRoot(arguments)
      try command.run()
    } catch let code as ExitCode {
      exit(code.rawValue)
    } catch {
      let code = Tenon.exitCode(for: error)
      let text = Tenon.fullMessage(for: error)
      if code == .success {
        StandardOutput.write(text + "\n")
        exit(0)
      }
      StandardError.write(text + "\n")
      // dbt's exit code of a wrong command line.
      exit(2)
    }
  }
}
