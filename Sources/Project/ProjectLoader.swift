import Diagnostics
import Files
import YAML

/// A project with its profile and the packages installed for it.
public struct LoadedProject: Sendable {
  public var root: ProjectConfig
  public var profile: Profile?
  /// In the order dbt visits them (here by folder name; dbt takes the disk's order).
  public var packages: [ProjectConfig]
  /// `--vars`
  public var commandLineVars: YAMLValue
  public var warnings: [Diagnostic]

  /// The root first, then its packages.
  public var all: [ProjectConfig] { [root] + packages }

  public func project(named name: String) -> ProjectConfig? { all.first { $0.name == name } }
}

/// Loads a project: its configuration, profile, packages and selectors.
public struct ProjectLoader: Sendable {
  public struct Options: Sendable {
    /// Nil: the nearest folder upwards from the working directory that has a dbt_project.yml.
    public var projectDirectory: String?
    public var profilesDirectory: String?
    public var profile: String?
    public var target: String?
    public var threads: Int?
    public var vars: YAMLValue = .mapping([])
    public var targetPath: String?
    public var logPath: String?
    public var checksVersion = true
    /// False for `deps` and `clean`, which work without a profile.
    public var needsProfile = true
    /// False for `deps`: a missing `var` renders as nothing.
    public var requireVars = true
    /// False for `deps`, which is what installs them.
    public var loadsPackages = true
    public var environment: [String: String]
    public var workingDirectory: String

    public init(environment: [String: String], workingDirectory: String = Path.workingDirectory) {
      self.environment = environment
      self.workingDirectory = workingDirectory
    }
  }

  let options: Options
  let renderers: any ConfigRendererProvider

  public init(_ options: Options, renderers: any ConfigRendererProvider) {
    self.options = options
    self.renderers = renderers
  }

  /// The project's folder, absolute.
  public var projectDirectory: String {
    if let given = options.projectDirectory {
      return Path.absolute(
        Path.expandingHome(given, environment: options.environment), from: options.workingDirectory)
    }
    var folder = Path.absolute(options.workingDirectory)
    while true {
      if FileSystem.exists(Path.join(folder, ProjectConfigReader.fileName)) { return folder }
      let parent = Path.parent(folder)
      if parent.isEmpty || parent == folder { return Path.absolute(options.workingDirectory) }
      folder = parent
    }
  }

  /// - Throws: everything found wrong in the first file that has anything wrong.
  public func load() throws(Diagnostics) -> LoadedProject {
    let directory = projectDirectory
    let reader = ProjectConfigReader(root: directory, options: readerOptions)
    let raw = try reader.load()
    var warnings: [Diagnostic] = []
    var profile: Profile?
    if options.needsProfile {
      let selection = try loadProfile(raw)
      profile = selection.profile
      warnings += selection.warnings
    }
    let context = ConfigContext.project(target: profile, vars: options.vars, requireVars: options.requireVars)
    let root = try config(reader, raw, context, directory: directory, displayRoot: "")
    warnings += root.warnings
    var packages: [ProjectConfig] = []
    if options.loadsPackages {
      packages = try loadPackages(root, profile)
      for package in packages { warnings += package.warnings }
    }
    return LoadedProject(
      root: root, profile: profile, packages: packages, commandLineVars: options.vars, warnings: warnings)
  }

  private var readerOptions: ProjectConfigReader.Options {
    var out = ProjectConfigReader.Options()
    out.targetPath = options.targetPath
    out.logPath = options.logPath
    out.checksVersion = options.checksVersion
    return out
  }

  private func config(
    _ reader: ProjectConfigReader, _ raw: YAMLNode, _ context: ConfigContext, directory: String, displayRoot: String
  ) throws(Diagnostics) -> ProjectConfig {
    let renderer = renderers.renderer(context)
    var config = try reader.read(raw, renderer: renderer)
    let vars: YAMLValue = if case .project(_, let vars, _) = context { vars } else { .mapping([]) }
    config.packages = try PackagesReader(root: directory, displayRoot: displayRoot)
      .read(renderer: renderers.renderer(.packages(vars: vars)))
    config.selectors = try SelectorsReader.read(root: directory, displayRoot: displayRoot, renderer: renderer)
    return config
  }

  // MARK: - Profile

  private func loadProfile(_ raw: YAMLNode) throws(Diagnostics) -> ProfilesFile.Selection {
    let renderer = renderers.renderer(.profile(vars: options.vars))
    do {
      let name = try profileName(raw, renderer)
      let folder = ProfilesFile.directory(
        option: options.profilesDirectory, environment: options.environment,
        workingDirectory: options.workingDirectory)
      let file = try ProfilesFile(directory: folder)
      return try file.select(name, target: options.target, threads: options.threads, renderer: renderer)
    } catch let problem as Diagnostic {
      throw Diagnostics([problem])
    } catch let problems as Diagnostics {
      throw problems
    } catch {
      throw Diagnostics([Diagnostic("profile", .profile, "\(error)")])
    }
  }

  private func profileName(_ raw: YAMLNode, _ renderer: any ConfigRenderer) throws(Diagnostic) -> String {
    if let given = options.profile { return given }
    if let node = raw["profile"], !node.isNull {
      let rendered = try TreeRenderer(renderer: renderer).render(node)
      if let scalar = rendered.scalar { return scalar.text }
    }
    throw Diagnostic(
      "no-profile", .project, "no profile is named: \(ProjectConfigReader.fileName) has no `profile`",
      range: raw.mapping?.entries.first?.key.range, hint: "add `profile: name`, or run with --profile name")
  }

  // MARK: - Packages

  /// The folders of installed packages: every folder in the install path whose name does not begin with `__`.
  private func packageFolders(_ root: ProjectConfig) throws(Diagnostics) -> [String] {
    let folder = root.absolutePackagesPath
    guard FileSystem.isDirectory(folder) else { return [] }
    do {
      return try FileSystem.list(folder).map(\.name).sorted().filter {
        !$0.hasPrefix("__") && FileSystem.isDirectory(Path.join(folder, $0))
      }
    } catch {
      throw Diagnostics([FileSystem.unreadable(root.packagesInstallPath, error)])
    }
  }

  private func loadPackages(_ root: ProjectConfig, _ profile: Profile?) throws(Diagnostics) -> [ProjectConfig] {
    let folders = try packageFolders(root)
    let wanted = root.packages.packages
    guard wanted.count <= folders.count else {
      throw Diagnostics([
        Diagnostic(
          "packages-not-installed", .compilation,
          "dbt found \(wanted.count) package(s) specified in \(root.packages.fileName), but only \(folders.count) "
            + "package(s) installed in \(root.packagesInstallPath). Run \"dbt deps\" to install package dependencies.",
          range: wanted.first?.node.range, hint: "run `tenon deps`")
      ])
    }
    // Command line variables are the root's; packages see them only when their nodes are rendered.
    let context = ConfigContext.project(target: profile, vars: .mapping([]), requireVars: true)
    var packages: [ProjectConfig] = []
    var problems: [Diagnostic] = []
    for folder in folders {
      let shown = Path.join(root.packagesInstallPath, folder)
      let directory = Path.join(root.absolutePackagesPath, folder)
      var packageOptions = ProjectConfigReader.Options()
      packageOptions.checksVersion = options.checksVersion
      let reader = ProjectConfigReader(
        root: directory, displayName: Path.join(shown, ProjectConfigReader.fileName), options: packageOptions)
      do {
        var package = try config(reader, try reader.load(), context, directory: directory, displayRoot: shown)
        // How names are quoted is the root's decision.
        package.quoting = root.quoting
        packages.append(package)
      } catch {
        problems += error.all
      }
    }
    try problems.throwErrors()
    var seen: [String: String] = [root.name: ProjectConfigReader.fileName]
    for package in packages {
      if let other = seen[package.name] {
        throw Diagnostics([
          Diagnostic(
            "duplicate-package", .compilation,
            "dbt found more than one package with the name \"\(package.name)\" included in this project. "
              + "Package names must be unique in a project. Please rename one of these packages.",
            range: package.unrendered["name"]?.range, notes: [.init("the other is \(other)")])
        ])
      }
      seen[package.name] = Path.relative(package.root, to: root.root)
    }
    return packages
  }
}
