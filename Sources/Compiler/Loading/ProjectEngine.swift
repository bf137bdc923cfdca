import Diagnostics
import Events
import Files
import Jinja
import Manifest
import Postgres
import Project
import YAML

/// Everything a command needs of a project, ready to parse: made from what the Project room read and what the command
/// line said.
public enum ProjectEngine {
  public struct Request: Sendable {
    public var loaded: LoadedProject
    public var flags: Flags
    /// Environment variables as templates see them (a tenant's own among them).
    public var environment: [String: String]
    public var invocationID: String
    public var startedAt: Timestamp
    /// What `invocation_args_dict` and run_results' `args` show.
    public var arguments: ConfigDict
    /// What `flags` shows.
    public var templateFlags: ConfigDict
    /// `--vars`, with a tenant's on top.
    public var variables: ConfigDict
    public var sample: (start: String?, end: String?)?
    public var warn: @Sendable (Event) throws -> Void
    /// Runs right after each connect, before any other statement.
    public var onConnect: (@Sendable (Connection) throws -> ConnectionPool.Login?)?
    /// Whether nodes are rendered after parsing, with the templates that were compiled then.
    public var rendersNodes = true
    /// What a fleet's other tenants have parsed already, and where this one's share is kept for them.
    public var shared: SharedParse?
    public init(
      loaded: LoadedProject, flags: Flags, environment: [String: String], invocationID: String, startedAt: Timestamp,
      arguments: ConfigDict, templateFlags: ConfigDict, variables: ConfigDict,
      warn: @escaping @Sendable (Event) throws -> Void
    ) {
      self.loaded = loaded
      self.flags = flags
      self.environment = environment
      self.invocationID = invocationID
      self.startedAt = startedAt
      self.arguments = arguments
      self.templateFlags = templateFlags
      self.variables = variables
      self.warn = warn
    }
  }

  public static let dbtVersion = "1.11.16"

  /// Reads the files, loads the macros and parses. Throws `Diagnostics`.
  public static func parse(_ request: Request, log: EventLog) throws -> CompiledProject {
    let loaded = request.loaded
    let source = try request.shared?.source(loaded) ?? ProjectSource(loaded)
    let project = try make(request, source, log: log)
    for definition in source.definitions {
      let macro = definition.copy()
      macro.createdAt = Double(request.startedAt.seconds)
      project.manifest.macros.add(macro)
    }
    let packages =
      source.builtin
      + zip(loaded.packages + [loaded.root], source.files).map { config, files in
        ParsePackage(
          name: config.name, root: config.root, files: files, onRunStart: config.onRunStart.map(\.text),
          onRunEnd: config.onRunEnd.map(\.text))
      }

    var options = ProjectParser.Options()
    options.dependencySearchesPackageFirst = request.flags[.refSearchesNodePackageFirst]
    options.restrictedPackages = Set(loaded.all.filter(\.restrictAccess).map(\.name))
    options.genericTestArguments = request.flags[.requireGenericTestArguments]
    options.namesWithoutSpaces = request.flags[.requireResourceNamesWithoutSpaces]
    options.listsAllProblems = request.flags.debug
    options.validatesMacroArguments = request.flags[.validateMacroArguments]
    options.comparesUnrendered = request.flags[.stateModifiedCompareMoreUnrenderedValues]
    options.uniqueResourceNames = request.flags[.requireUniqueResourceNames]
    options.startedAt = Double(request.startedAt.seconds) + Double(request.startedAt.nanoseconds) / 1e9
    for config in loaded.all { options.projectFiles[config.name] = config.unrendered }
    let root = configPackage(loaded.root)
    let others = loaded.packages.map(configPackage)
    let parser = ProjectParser(
      project, resolver: ConfigResolver(root: root, packages: others), packages: packages, options: options,
      memo: request.shared?.memo(others + [root], source), problems: source.problems)
    try parser.parse()
    for warning in parser.warnings { try request.warn(warning) }
    let unused = UnusedConfigPaths.find(root, project.manifest)
    if !unused.isEmpty { try request.warn(.unusedConfigPaths(unused)) }
    describe(project, request)
    return project
  }

  /// A project with its target and macros' environment but nothing parsed yet.
  private static func make(_ request: Request, _ source: ProjectSource, log: EventLog) throws -> CompiledProject {
    let loaded = request.loaded
    let root = loaded.root
    guard let profile = loaded.profile else {
      throw Diagnostic("no-profile", .profile, "This command needs a profile.")
    }
    var settings = CompiledProject.Settings()
    settings.name = root.name
    settings.root = root.root
    settings.dbtVersion = dbtVersion
    settings.invocationID = request.invocationID
    settings.targetPath = root.targetPath
    settings.defaultSchema = profile.credentials.schema
    settings.environment = request.environment
    settings.startedAt = request.startedAt
    settings.target = profile.target.map { ($0.key, ConfigValue($0.value)) }
    settings.flags = request.templateFlags
    settings.arguments = request.arguments
    for flag in BehaviorFlag.allCases { settings.behaviorFlags[flag.rawValue] = request.flags[flag] }
    settings.printsFromJinja = request.flags.print
    settings.keepsTemplates = request.rendersNodes
    settings.empty = request.flags.empty
    settings.sample = request.sample
    settings.defer_ = request.flags.defer
    settings.favorState = request.flags.favorState
    settings.fullRefresh = request.flags.fullRefresh
    settings.storeFailures = request.flags.storeFailures
    settings.warn = request.warn
    settings.quoting = RelationParts(
      database: root.quoting.database ?? true, schema: root.quoting.schema ?? true,
      identifier: root.quoting.identifier ?? true)
    var variables = Variables()
    variables.commandLine = request.variables
    variables.rootPackage = root.name
    for config in loaded.all {
      if let vars = config.vars, case .dict(let dict) = ConfigValue(vars) { variables.byPackage[config.name] = dict }
    }
    settings.variables = variables
    settings.packages = loaded.all.map(PackageDescription.init)

    let pool = ConnectionPool(
      parameters(profile.credentials), retries: profile.credentials.retries, onOpen: request.onConnect,
      onRetry: { error, left in
        log.emit(
          .adapterMessage(
            "Got a retryable error when attempting to open a postgres connection.\n\(left) attempts remaining. "
              + "Retrying.\nError:\n\(error.message)"))
      })
    let adapter = Adapter(
      pool: pool, log: log, dbtVersion: dbtVersion, profileName: profile.name, targetName: profile.targetName,
      database: profile.credentials.database)
    adapter.queryComment = comment(root.queryComment)
    return CompiledProject(settings, adapter: adapter, macros: source.macros, templates: source.templates)
  }

  /// What the manifest says of the invocation.
  private static func describe(_ project: CompiledProject, _ request: Request) {
    var metadata = project.manifest.metadata
    metadata.generatedAt = Timestamp.now().isoZ
    metadata.invocationID = request.invocationID
    metadata.invocationStartedAt = request.startedAt.isoZ
    metadata.runStartedAt = request.startedAt.iso + "+00:00"
    metadata.projectName = project.name
    metadata.projectID = Hashes.md5(Array(project.name.utf8))
    metadata.sendAnonymousUsageStats = false
    metadata.adapterType = "postgres"
    metadata.quoting = Quoting(
      database: project.settings.quoting.database, schema: project.settings.quoting.schema,
      identifier: project.settings.quoting.identifier)
    metadata.env = request.environment.sorted { $0.key < $1.key }.compactMap { name, value in
      name.hasPrefix("DBT_ENV_CUSTOM_ENV_") ? (String(name.dropFirst("DBT_ENV_CUSTOM_ENV_".count)), value) : nil
    }
    project.manifest.metadata = metadata
    var selectors = ConfigDict()
    for selector in request.loaded.root.selectors { selectors[selector.name] = ConfigValue(selector.normalized) }
    project.manifest.selectors = selectors
  }

  public static func parameters(_ credentials: Credentials) -> ConnectionParameters {
    var out = ConnectionParameters()
    (out.hosts, out.ports) = hosts(credentials)
    out.user = credentials.user
    out.password = credentials.password
    out.database = credentials.database
    out.connectTimeout = credentials.connectTimeout
    out.keepalivesIdle = credentials.keepalivesIdle
    out.sslMode = credentials.sslMode
    out.sslCertificate = credentials.sslCertificate
    out.sslKey = credentials.sslKey
    out.sslRootCertificate = credentials.sslRootCertificate
    out.searchPath = credentials.searchPath
    out.role = credentials.role
    out.applicationName = credentials.applicationName
    out.targetSessionAttributes = credentials.targetSessionAttributes
    return out
  }

  /// Of several hosts, each may have a port of its own: `db1:5432,db2:5433`.
  private static func hosts(_ credentials: Credentials) -> ([String], [Int]) {
    let hosts = credentials.host.split(separator: ",").map { String($0).trimmingSpace }
    guard hosts.count > 1 else { return (hosts, [credentials.port]) }
    let parts = hosts.map { $0.split(separator: ":", omittingEmptySubsequences: false).map(String.init) }
    let ports = parts.map { $0.count == 2 ? Int($0[1]) : nil }
    return (
      zip(hosts, zip(parts, ports)).map { host, split in split.1 == nil ? host : split.0[0] },
      ports.map { $0 ?? credentials.port }
    )
  }

  private static func comment(_ setting: Project.QueryComment) -> QueryComment {
    switch setting.comment {
    case .standard: QueryComment(.standard, append: setting.append ?? false)
    case .text(let text): QueryComment(.template(text), append: setting.append ?? false)
    case .none: QueryComment(.none)
    }
  }

  private static func configPackage(_ config: ProjectConfig) -> ConfigResolver.Package {
    var sections: [String: ConfigDict] = [:]
    var unrendered: [String: ConfigDict] = [:]
    for (tree, resource) in config.resources {
      let key = tree.rawValue.replacing("-", with: "_")
      if case .dict(let dict) = ConfigValue(resource.rendered) { sections[key] = dict }
      if case .dict(let dict) = ConfigValue(resource.unrendered) { unrendered[key] = dict }
    }
    return ConfigResolver.Package(name: config.name, sections: sections, unrendered: unrendered)
  }

  /// A package's files.
  static func files(_ config: ProjectConfig, root: ProjectConfig) throws(Diagnostics) -> [ParseFile] {
    let display = config.root == root.root ? "" : Path.relative(config.root, to: root.root)
    let tree = try FileTree.read(config, displayRoot: display)
    return tree.files.map { file in
      ParseFile(
        kind: kind(file.kind), path: file.relativePath, originalPath: file.originalPath, source: file.source,
        checksum: Checksum(name: file.checksum.name, checksum: file.checksum.checksum))
    }
  }

  private static func kind(_ kind: Project.FileKind) -> FileKind {
    switch kind {
    case .macro: .macro
    case .model: .model
    case .snapshot: .snapshot
    case .analysis: .analysis
    case .singularTest: .singularTest
    case .genericTest: .genericTest
    case .seed: .seed
    case .documentation: .docs
    case .properties: .properties
    case .fixture: .fixture
    case .function: .function
    }
  }

  /// What is in the program: `dbt` and `dbt_postgres`, the general package and the adapter's.
  static func builtinPackages() -> [ParsePackage] {
    var packages = ["dbt", "dbt_postgres"].map { ParsePackage(name: $0, root: "", isInternal: true, files: []) }
    for file in EmbeddedFiles.all {
      // `macros/postgres/grants.sql`: what kind of file, whose, and its path there.
      let parts = "\(file.path)".split(separator: "/", maxSplits: 2).map(String.init)
      guard parts.count == 3 else { continue }
      let original = "\(parts[0])/\(parts[2])"
      let isDocs = parts[0] == "docs"
      packages[parts[1] == "postgres" ? 1 : 0].files.append(
        ParseFile(
          kind: isDocs ? .docs : .macro, path: isDocs ? parts[2] : original, originalPath: original,
          source: SourceText(name: original, utf8: Array("\(file.text)".utf8), isInternal: true), checksum: .none))
    }
    return packages
  }
}
