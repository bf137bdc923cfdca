import Diagnostics
import Files
import YAML

/// `profiles.yml`: finding it, choosing a profile and a target, rendering only what was chosen.
public struct ProfilesFile: Sendable {
  public static let fileName = "profiles.yml"

  /// The absolute path, whether the file exists or not.
  public let path: String
  /// Nil when there is no file.
  let root: YAMLNode?

  /// The folder to look in: `--profiles-dir`, then DBT_PROFILES_DIR, then the working directory if it has the file,
  /// then `~/.dbt`.
  public static func directory(
    option: String?, environment: [String: String], workingDirectory: String = Path.workingDirectory
  ) -> String {
    for given in [option, environment["DBT_ENGINE_PROFILES_DIR"], environment["DBT_PROFILES_DIR"]] {
      guard let given, !given.isEmpty else { continue }
      return Path.absolute(Path.expandingHome(given, environment: environment), from: workingDirectory)
    }
    if FileSystem.exists(Path.join(workingDirectory, fileName)) { return workingDirectory }
    return Path.join(environment["HOME"] ?? "/", ".dbt")
  }

  public init(directory: String) throws(Diagnostic) {
    path = Path.join(directory, Self.fileName)
    guard FileSystem.isFile(path) else {
      root = nil
      return
    }
    let node = try YAML.parse(try FileSystem.source(path, name: path))
    guard let node, node.mapping?.isEmpty != true else {
      throw Diagnostic("empty-profiles", .profile, "\(path) is empty", hint: "it needs a profile for this project")
    }
    guard node.mapping != nil else {
      throw Diagnostic(
        "not-a-mapping", .profile, "\(path) must be a mapping of profiles, but is \(node.kindName)", range: node.range)
    }
    root = node
  }

  public var exists: Bool { root != nil }

  /// The names of the profiles; `config` is none.
  public var names: [String] { (root?.mapping?.stringKeys ?? []).filter { $0 != "config" } }

  /// The old place of global flags, `config:`.
  public var config: YAMLNode? { root?["config"] }

  public struct Selection: Sendable {
    public var profile: Profile
    public var warnings: [Diagnostic]
  }

  /// Renders and types one output.
  ///
  /// - Parameters:
  ///   - name: the profile's, from `--profile` or `dbt_project.yml` (rendered).
  ///   - target: from `--target`; otherwise the profile's own `target`, otherwise `default`.
  ///   - threads: from `--threads`.
  public func select(
    _ name: String, target: String?, threads: Int?, renderer: any ConfigRenderer
  ) throws(Diagnostics) -> Selection {
    do {
      let (targetName, output) = try output(name, target: target, renderer: renderer)
      let tree = TreeRenderer(renderer: renderer, forgiving: ["password"])
      let rendered = try tree.render(output)
      let (credentials, warnings) = try CredentialsReader(profile: name, target: targetName).read(rendered)
      var fields = FieldReader(rendered, subject: "output '\(targetName)' of profile '\(name)'", kind: .profile)
      let own = fields.int("threads")
      try fields.problems.throwErrors()
      let profile = Profile(
        name: name, targetName: targetName, threads: threads ?? own ?? 1, credentials: credentials)
      return Selection(profile: profile, warnings: warnings)
    } catch let problem as Diagnostic {
      throw Diagnostics([problem])
    } catch let problems as Diagnostics {
      throw problems
    } catch {
      throw Diagnostics([Diagnostic("profile", .profile, "\(error)")])
    }
  }

  /// The unrendered mapping of an output.
  private func output(
    _ name: String, target: String?, renderer: any ConfigRenderer
  ) throws(Diagnostic) -> (String, YAMLNode) {
    guard let profile = root?[name] else {
      let known = names
      throw Diagnostic(
        "unknown-profile", .profile,
        "Could not find profile named '\(name)'"
          + (exists ? " in \(path)" : ": there is no \(path)"),
        hint: known.isEmpty
          ? "create the file, or name its folder with --profiles-dir or DBT_PROFILES_DIR"
          : NearestName.of(name, among: known).map { "did you mean '\($0)'?" }
            ?? "the profiles there are: \(known.joined(separator: ", "))")
    }
    guard let mapping = profile.mapping, !mapping.isEmpty else {
      throw Diagnostic("empty-profile", .profile, "profile '\(name)' in \(path) is empty", range: profile.range)
    }
    let targetName = try targetName(mapping, target, renderer)
    guard let outputs = mapping["outputs"]?.mapping else {
      throw Diagnostic(
        "no-outputs", .profile, "outputs not specified in profile '\(name)'", range: profile.range,
        hint: "a profile has `outputs:` with one mapping for each target")
    }
    guard let output = outputs[targetName] else {
      let known = outputs.stringKeys
      throw Diagnostic(
        "unknown-target", .profile,
        "The profile '\(name)' does not have a target named '\(targetName)'. The valid target names for this profile are:\n"
          + known.map { " - \($0)" }.joined(separator: "\n"), range: mapping["target"]?.range ?? profile.range,
        hint: NearestName.of(targetName, among: known).map { "did you mean '\($0)'?" })
    }
    guard output.mapping != nil else {
      throw Diagnostic(
        "bad-output", .profile,
        "output '\(targetName)' of profile '\(name)' is misconfigured in \(Self.fileName): it must be a mapping, but is "
          + output.kindName,
        range: output.range)
    }
    return (targetName, output)
  }

  private func targetName(
    _ profile: YAMLMapping, _ override: String?, _ renderer: any ConfigRenderer
  ) throws(Diagnostic) -> String {
    if let override { return override }
    guard let node = profile["target"] else { return "default" }
    let rendered = try TreeRenderer(renderer: renderer).render(node)
    if let scalar = rendered.scalar, !rendered.isNull { return scalar.text }
    throw Diagnostic(
      "wrong-type", .profile, "`target` must be a string, but is \(rendered.kindName)", range: node.range)
  }
}
