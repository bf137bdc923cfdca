import ArgumentParser
import Compiler
import Diagnostics
import Files
import Foundation
import LocalServer
import Project

/// `tenon server`: the project's private PostgreSQL.
struct ServerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "server", abstract: "The private PostgreSQL server of this project.",
    subcommands: [
      ServerStartCommand.self, ServerStopCommand.self, ServerStatusCommand.self, ServerLogsCommand.self,
      ServerResetCommand.self,
    ])
}

struct ServerOptions: ParsableArguments {
  @Option(name: .customLong("project-dir"), help: "The project's folder.") var projectDirectory: String?
  @Flag(name: [.customShort("q"), .long], help: "Print errors only.") var quiet = false

  var server: LocalServer {
    let environment = ProcessInfo.processInfo.environment
    var options = ProjectLoader.Options(environment: environment)
    options.projectDirectory = projectDirectory ?? environment["DBT_PROJECT_DIR"]
    let folder = ProjectLoader(options, renderers: PlainRendererProvider()).projectDirectory
    let tell: @Sendable (String) -> Void = { StandardOutput.write("\($0)\n") }
    return LocalServer(stateDirectory: Path.join(folder, ".tenon", "server"), onProgress: quiet ? nil : tell)
  }

  func say(_ text: String) { if !quiet { StandardOutput.write(text + "\n") } }

  /// Runs what may fail; exit code 2 when it does.
  func run(_ body: (LocalServer) throws -> Void) throws {
    do { try body(server) } catch let code as ExitCode { throw code } catch {
      StandardError.write(ErrorText.of(error, color: isatty(2) == 1) + "\n")
      throw ExitCode(2)
    }
  }
}

extension ServerEndpoint {
  fileprivate var sentence: String { "PostgreSQL runs at \(host):\(port), user \(user) (process \(pid))" }
}

struct ServerStartCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start", abstract: "Start the server; makes its cluster the first time.")
  @OptionGroup var options: ServerOptions
  func run() throws { try options.run { options.say(try $0.start().sentence) } }
}

struct ServerStopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "stop", abstract: "Stop the server; its data stays.")
  @OptionGroup var options: ServerOptions
  func run() throws {
    try options.run { options.say(try $0.stop() ? "PostgreSQL has stopped" : "PostgreSQL was not running") }
  }
}

struct ServerStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Tell whether the server runs: exit code 0 if it does, else 3.")
  @OptionGroup var options: ServerOptions
  @Option(help: "text or json.") var output = "text"

  func run() throws {
    try options.run { server in
      let status = server.status()
      var fields: [(String, String)] = []
      let sentence: String
      var runs = false
      switch status {
      case .absent:
        (sentence, fields) = ("There is no server yet: tenon server start makes one", [("status", "absent")])
      case .stopped: (sentence, fields) = ("PostgreSQL is stopped", [("status", "stopped")])
      case .busy(let what): (sentence, fields) = ("PostgreSQL is \(what)", [("status", what)])
      case .running(let endpoint):
        runs = true
        sentence = "\(endpoint.sentence)\ndata: \(endpoint.dataDirectory)\nlog:  \(server.logPath)"
        fields = [
          ("status", "running"), ("host", endpoint.host), ("port", String(endpoint.port)), ("user", endpoint.user),
          ("pid", String(endpoint.pid)), ("data_directory", endpoint.dataDirectory), ("log", server.logPath),
        ]
      }
      if output == "json" {
        StandardOutput.write(
          "{\(fields.map { "\(JSONString.quote($0.0)): \(JSONString.quote($0.1))" }.joined(separator: ", "))}\n")
      } else {
        options.say(sentence)
      }
      // What pg_ctl and init scripts say of a server that does not run.
      if !runs { throw ExitCode(3) }
    }
  }
}

struct ServerLogsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: "Print the last lines of the server's log.")
  @OptionGroup var options: ServerOptions
  @Option(name: [.customShort("n"), .long], help: "How many lines.") var lines = 50
  func run() throws {
    try options.run { for line in $0.logs(lines: lines) { StandardOutput.write(line + "\n") } }
  }
}

struct ServerResetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset", abstract: "Stop the server and remove its data, every tenant's included.")
  @OptionGroup var options: ServerOptions
  @Flag(help: "Don't ask.") var yes = false
  func run() throws {
    try options.run { server in
      guard try Confirmation.ask("Remove the private server with every tenant's data?", yes: yes) else {
        throw ExitCode(1)
      }
      try server.reset()
      options.say("The server and its data are removed")
    }
  }
}
