import ArgumentParser
import Diagnostics
import Events
import Files
import Project
import YAML

/// `tenon init`: a new project and a profile for it; inside a project, its profile alone.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Make a new project, or the profile of this one.")
  @OptionGroup var options: ProjectOptions
  @Flag(name: [.customShort("s"), .long], help: "Ask nothing about the database; write no profile.")
  var skipProfileSetup = false
  @Argument(help: "The project's name: letters, digits, underscores.") var name: String?

  func run() throws {
    let (name, skip) = (name, skipProfileSetup)
    try Invocation.run("init", options) { invocation in
      var setup = ProfileSetup(invocation)
      try setup.makeFolder()
      let folder = invocation.projectFolder
      if FileSystem.isFile(Path.join(folder, "dbt_project.yml")) {
        guard invocation.flags.profile == nil else {
          throw Diagnostic(
            "init-profile", .runtime,
            "Can not init existing project with specified profile, edit dbt_project.yml instead")
        }
        if !skip { try setup.write(try Self.profile(of: folder), template: folder) }
        return true
      }
      return try Self.create(name, invocation, &setup, skipsProfile: skip)
    }
  }

  private static func create(
    _ given: String?, _ invocation: Invocation, _ setup: inout ProfileSetup, skipsProfile: Bool
  ) throws -> Bool {
    var name = given ?? ""
    while !StarterProject.isValid(name: name) {
      if !name.isEmpty { StandardOutput.write("\(name) is not a valid project name.\n") }
      name = try setup.prompt.text("Enter a name for your project (letters, digits, underscore)")
    }
    let folder = Path.absolute(name, from: Path.workingDirectory)
    if FileSystem.exists(folder) {
      invocation.log.emit(
        Event(
          "ProjectNameAlreadyExists", "A025", .info, "A project called \(name) already exists here.",
          data: [("name", .string(name))]))
      return true
    }
    let chosen = invocation.flags.profile
    if let chosen, !(try setup.has(chosen)) {
      throw Diagnostic("init-profile", .runtime, "Could not find profile named '\(chosen)'")
    }
    for (path, text) in StarterProject(name: name, profile: chosen ?? name).files {
      let full = Path.join(folder, path)
      do {
        try FileSystem.makeDirectory(Path.parent(full))
        try FileSystem.write(Array(text.utf8), to: full)
      } catch { throw Diagnostic("init-files", .runtime, "Could not write \(full): \(error.reason)") }
    }
    invocation.log.emit(
      Event(
        "ProjectCreated", "A026", .info,
        "\nYour new dbt project \"\(name)\" was created!\n\nRun `tenon build` in the folder \(name) when its profile "
          + "says which database it is for.\n",
        data: [("project_name", .string(name))]))
    if chosen == nil, !skipsProfile { try setup.write(name, template: folder) }
    return true
  }

  /// The profile that a project names.
  private static func profile(of folder: String) throws -> String {
    let path = Path.join(folder, "dbt_project.yml")
    let root = try YAML.parse(try FileSystem.source(path, name: "dbt_project.yml"))
    guard let name = root?["profile"]?.string else {
      throw Diagnostic("init-profile", .project, "dbt_project.yml names no profile", range: root?.range)
    }
    return name
  }
}
