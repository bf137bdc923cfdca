import ArgumentParser
import Compiler
import Diagnostics
import Events
import Files
import Foundation
import Manifest
import Postgres
import Project
import YAML

/// `tenon debug`: whether the project, the profile and the connection are in order.
struct DebugCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "debug", abstract: "Check the project, the profile and the connection.")
  @OptionGroup var options: ProjectOptions
  @Flag(help: "Only the connection.") var connection = false
  @Flag(name: .customLong("config-dir"), help: "Say where profiles.yml is.") var configDirectory = false

  func run() throws {
    let (connection, configDirectory) = (connection, configDirectory)
    try Invocation.run("debug", options) { invocation in
      let check = DebugCheck(invocation)
      if configDirectory {
        check.sayWhereProfilesAre()
        return true
      }
      return check.run(connectionOnly: connection)
    }
  }
}

/// The checks in their order, and what they found.
private struct DebugCheck {
  let invocation: Invocation
  let profilesDirectory: String
  /// As it was given, to be shown.
  let shownProfilesDirectory: String
  let projectDirectory: String

  init(_ invocation: Invocation) {
    self.invocation = invocation
    profilesDirectory = ProfilesFile.directory(
      option: invocation.flags.profilesDirectory, environment: invocation.environment,
      workingDirectory: Path.workingDirectory)
    shownProfilesDirectory = invocation.flags.profilesDirectory ?? profilesDirectory
    var options = ProjectLoader.Options(environment: invocation.environment)
    options.projectDirectory = invocation.flags.projectDirectory
    projectDirectory = ProjectLoader(options, renderers: PlainRendererProvider()).projectDirectory
  }

  private var profilesPath: String { Path.join(profilesDirectory, ProfilesFile.fileName) }
  private var projectPath: String { Path.join(projectDirectory, "dbt_project.yml") }

  private func say(_ text: String) { invocation.log.emit(.debugOutput(text)) }
  private func result(_ text: String) { invocation.log.emit(.debugResult(text)) }

  func sayWhereProfilesAre() {
    let command = "xdg-open"
    invocation.log.emit(
      Event(
        "OpenCommand", "Z016", .info, "To view your profiles.yml file, run:\n\n\(command) \(profilesDirectory)",
        data: [("open_cmd", .string(command)), ("profiles_dir", .string(profilesDirectory))]))
  }

  /// A check's outcome: what stands in brackets, and why when it failed.
  private enum Outcome {
    case passed
    case missing(String)
    case invalid(String)

    var label: String {
      switch self {
      case .passed: ANSI.green("OK found and valid")
      case .missing: ANSI.red("ERROR not found")
      case .invalid: ANSI.red("ERROR invalid")
      }
    }
    var failure: String? {
      switch self {
      case .passed: nil
      case .missing(let why), .invalid(let why): why
      }
    }
  }

  func run(connectionOnly: Bool) -> Bool {
    say("dbt version: \(ProjectEngine.dbtVersion)")
    say("tenon version: \(Main.version)")
    say("os info: \(ProcessInfo.processInfo.operatingSystemVersionString)")
    let (profile, profileOutcome) = loadProfile()
    say("Using profiles dir at \(shownProfilesDirectory)")
    say("Using profiles.yml file at \(Path.join(shownProfilesDirectory, ProfilesFile.fileName))")
    say("Using dbt_project.yml file at \(projectPath)")
    if profile != nil {
      say("adapter type: postgres")
      say("adapter version: 1.11.0")
    }
    let projectOutcome = loadProject(profileIsValid: profile != nil)
    var failures = [profileOutcome.failure, projectOutcome.failure]
    if connectionOnly {
      say("Skipping steps before connection verification")
    } else {
      say("Configuration:")
      say("  profiles.yml file [\(profileOutcome.label)]")
      say("  dbt_project.yml file [\(projectOutcome.label)]")
      say("Required dependencies:")
      let git = findGit()
      result(" - git [\(git ? ANSI.green("OK found") : ANSI.red("ERROR"))]\n")
      failures.append(git ? nil : "Error from git --help: git is not on the path")
    }
    failures.append(connect(profile))
    let reasons = failures.compactMap { $0 }
    guard reasons.isEmpty else {
      result(ANSI.red("\(reasons.count) \(reasons.count == 1 ? "check" : "checks") failed:"))
      for reason in reasons { result("\(reason)\n") }
      return false
    }
    result(ANSI.green("All checks passed!"))
    return true
  }

  /// The profile that the project, or `--profile`, names; the only one there is when neither does.
  private func loadProfile() -> (Profile?, Outcome) {
    do {
      let file = try ProfilesFile(directory: profilesDirectory)
      guard file.exists else {
        return (
          nil,
          .missing(
            "dbt looked for a profiles.yml file in \(Path.join(shownProfilesDirectory, ProfilesFile.fileName)), but did\nnot find one. It is explained in the "
              + "documentation:\n\nhttps://docs.getdbt.com/docs/core/connect-data-platform/connection-profiles")
        )
      }
      let vars = try CommandLineVars.parse(invocation.options.vars ?? "{}")
      let renderer = ConfigTemplates(environment: invocation.environment).renderer(.profile(vars: vars))
      guard
        let name = try invocation.flags.profile ?? profileName(renderer)
          ?? (file.names.count == 1 ? file.names[0] : nil)
      else {
        let names = file.names.map { " - \($0)" }.joined(separator: "\n")
        return (nil, .invalid("Could not load dbt_project.yml\nThe profiles there are:\n\(names)"))
      }
      let selection = try file.select(
        name, target: invocation.flags.target, threads: invocation.flags.threads, renderer: renderer)
      return (selection.profile, .passed)
    } catch {
      return (nil, .invalid("Profile loading failed for the following reason:\n\(text(error))\n"))
    }
  }

  /// What dbt_project.yml says; nil when it cannot be read.
  private func profileName(_ renderer: any ConfigRenderer) throws -> String? {
    guard FileSystem.isFile(projectPath),
      let raw = try? YAML.parse(FileSystem.source(projectPath, name: "dbt_project.yml")), let node = raw["profile"],
      let text = node.scalar?.text
    else { return nil }
    guard text.contains("{{") || text.contains("{%") else { return text }
    guard case .string(let name)? = try? renderer.render(text, at: node.range) else { return nil }
    return name
  }

  private func loadProject(profileIsValid: Bool) -> Outcome {
    guard FileSystem.exists(projectPath) else {
      return .missing(
        "Project loading failed for the following reason:\n project path <\(projectPath)> not found")
    }
    do {
      _ = try invocation.load(needsProfile: profileIsValid, packages: false)
      return .passed
    } catch {
      return .invalid("Project loading failed for the following reason:\n\(text(error))\n")
    }
  }

  private func text(_ error: any Error) -> String { ErrorText.of(error) }

  private func findGit() -> Bool {
    (invocation.environment["PATH"] ?? "").split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: Path.join(String($0), "git"))
    }
  }

  /// Why there is no connection; nil when there is one, or nothing to connect to.
  private func connect(_ profile: Profile?) -> String? {
    guard let profile else {
      say("Connection test skipped since no profile was found")
      return nil
    }
    say("Connection:")
    let shown: Set<String> = ["dbname", "autocommit"]
    let order = ["host", "port", "user", "database", "schema"]
    let info = profile.credentials.connectionInfo
    for key in order { for entry in info where entry.key == key { say("  \(key): \(python(entry.value))") } }
    for entry in info where !order.contains(entry.key) && !shown.contains(entry.key) {
      say("  \(entry.key): \(python(entry.value))")
    }
    var failure: String?
    do {
      let connection = try Connection.open(ProjectEngine.parameters(profile.credentials), name: "debug")
      defer { connection.close() }
      try connection.execute("select 1 as id")
    } catch {
      failure =
        "dbt was unable to connect to the specified database.\nThe database returned the following error:\n\n"
        + "  >\(text(error))\n\nCheck your database credentials and try again. For more information, visit:\n"
        + "https://docs.getdbt.com/docs/core/connect-data-platform/connection-profiles\n"
    }
    say("  Connection test: [\(failure == nil ? ANSI.green("OK connection ok") : ANSI.red("ERROR"))]\n")
    return failure
  }

  private func python(_ value: YAMLValue) -> String { ConfigValue(value).pythonString }
}
