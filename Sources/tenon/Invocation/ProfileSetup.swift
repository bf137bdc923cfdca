import Diagnostics
import Events
import Files
import Project
import YAML

/// Asks for what a profile needs and puts it into profiles.yml.
struct ProfileSetup {
  private let invocation: Invocation
  private let folder: String
  var prompt = Prompt()

  init(_ invocation: Invocation) {
    self.invocation = invocation
    folder = ProfilesFile.directory(option: invocation.flags.profilesDirectory, environment: invocation.environment)
  }

  private var path: String { Path.join(folder, ProfilesFile.fileName) }

  func makeFolder() throws {
    guard !FileSystem.exists(folder) else { return }
    invocation.log.emit(
      Event(
        "ConfigFolderDirectory", "A018", .info, "Creating dbt configuration folder at \(folder)",
        data: [("dir", .string(folder))]))
    do { try FileSystem.makeDirectory(folder) } catch {
      throw Diagnostic("init-files", .runtime, "Could not make \(folder): \(error.reason)")
    }
  }

  private func profiles() throws -> [YAMLPair] {
    guard FileSystem.isFile(path), let root = try YAML.parse(try FileSystem.source(path, name: path)) else { return [] }
    guard case .mapping(let pairs) = root.value else {
      throw Diagnostic("not-a-mapping", .profile, "\(path) must be a mapping of profiles", range: root.range)
    }
    return pairs
  }

  func has(_ name: String) throws -> Bool { try profiles().contains { $0.key == .string(name) } }

  /// Writes a profile after asking for its values, by the project's profile_template.yml when it has one.
  mutating func write(_ name: String, template project: String) throws {
    invocation.log.emit(Event("SettingUpProfile", "A023", .info, "Setting up your profile."))
    var profiles = try profiles()
    if profiles.contains(where: { $0.key == .string(name) }) {
      guard try prompt.confirm("The profile \(name) already exists in \(path). Continue and overwrite it?") else {
        return
      }
    }
    let own = try ownTemplate(in: project)
    if own == nil {
      _ = try prompt.choose("Which database would you like to use?", ["postgres"], ending: "Enter a number")
    }
    let profile = try (own ?? .postgres).profile(
      ask: { try prompt.answer($0) },
      choose: { try prompt.choose("", $1, ending: "Desired \($0) option (enter a number)") })
    profiles.removeAll { $0.key == .string(name) }
    profiles.append(YAMLPair(.string(name), profile))
    do { try FileSystem.write(Array(YAML.write(.mapping(profiles)).utf8), to: path) } catch {
      throw Diagnostic("init-files", .runtime, "Could not write \(path): \(error.reason)")
    }
    let (event, code, whose) =
      own == nil
      ? ("ProfileWrittenWithTargetTemplateYAML", "A021", "target's")
      : ("ProfileWrittenWithProjectTemplateYAML", "A022", "project's")
    invocation.log.emit(
      Event(
        event, code, .info,
        "Profile \(name) written to \(path) using \(whose) profile_template.yml and your supplied values. "
          + "Run 'dbt debug' to validate the connection.",
        data: [("name", .string(name)), ("path", .string(path))]))
  }

  private func ownTemplate(in project: String) throws -> ProfileTemplate? {
    let path = Path.join(project, "profile_template.yml")
    guard FileSystem.isFile(path) else { return nil }
    if let root = try? YAML.parse(FileSystem.source(path, name: path)), let template = ProfileTemplate(root) {
      return template
    }
    invocation.log.emit(
      Event("InvalidProfileTemplateYAML", "A024", .info, "Invalid profile_template.yml in project."))
    return nil
  }
}
