import ArgumentParser
import Artifacts
import Compiler
import Diagnostics
import Events
import Files
import Foundation
import LocalServer
import Manifest
import Postgres
import Project
import Runner
import Tenants
import YAML

/// One run of the program on a project: flags, logs, tenant, the loaded project, and how it ends.
final class Invocation: @unchecked Sendable {
  let command: String
  private(set) var options: ProjectOptions
  private(set) var flags: Flags
  let log: EventLog
  let environment: [String: String]
  let invocationID: String
  let startedAt = Timestamp.now()
  let startedMonotonic = monotonicSeconds()
  let tenant: TenantName?
  let interrupt = Interrupt()
  /// What a fleet's tenants share of the project.
  var shared: SharedParse?
  /// Where the tenant lives, once that is known.
  var server: ProfileServer?
  private(set) var loaded: LoadedProject?
  private(set) var parsed: CompiledProject?
  /// The command's own options, for what artifacts and templates see of the command line.
  private(set) var ownOptions: [String: FlagValue]
  /// What templates and artifacts take the command for.
  private(set) var which: String
  /// The `flags:` of dbt_project.yml.
  private let projectFlags: YAMLNode?
  /// What is wrong with flags without being an error.
  private let flagWarnings: [Diagnostic]
  private let warnings: WarningDesk
  /// `vars: tenancy:` and `vars: tenants:`, once they have been read.
  private let knownTenancy = Locked<TenancySettings?>(nil)

  /// - Parameters:
  ///   - command: dbt's name of the command: `run`, `build`, `source freshness`, …
  ///   - extra: the command's own options, for what artifacts and templates see of the command line.
  ///   - which: what templates take the command for, when dbt has none of its name.
  init(
    _ command: String, _ options: ProjectOptions, extra: [String: FlagValue] = [:], which: String? = nil
  ) throws {
    self.command = command
    self.which = which ?? command.split(separator: " ").joined(separator: "-")
    self.options = options
    ownOptions = extra
    var environment = ProcessInfo.processInfo.environment
    tenant = try options.tenant.map { try TenantName($0) }
    if let tenant { environment["TENANT_NAME"] = tenant.text }
    let folder = Self.projectFolder(options, environment)
    Self.useLocalServer(&environment, folder: folder)
    self.environment = environment
    invocationID = environment["TENON_INVOCATION_ID"] ?? UUID().uuidString.lowercased()
    let raw = try? YAML.parse(FileSystem.source(Path.join(folder, "dbt_project.yml"), name: "dbt_project.yml"))
    projectFlags = raw?["flags"]
    let resolved = try FlagsResolver(environment: environment).resolve(
      commandLine: options.flags, project: projectFlags)
    flags = resolved.flags
    log = EventLog(invocationID: invocationID)
    flagWarnings = resolved.warnings
    warnings = WarningDesk(log)
    configureLog(folder: folder)
  }

  /// Goes on as another command with other options; the log stays as it is.
  func become(_ which: String, options: ProjectOptions, extra: [String: FlagValue] = [:]) throws {
    self.which = which
    ownOptions = extra
    self.options = options
    flags = try FlagsResolver(environment: environment).resolve(
      commandLine: options.flags, project: projectFlags
    ).flags
  }

  /// The project's folder, or the one that would be.
  var projectFolder: String { Self.projectFolder(options, environment) }

  /// The folder with dbt_project.yml: as given, or the nearest above.
  private static func projectFolder(_ options: ProjectOptions, _ environment: [String: String]) -> String {
    var loader = ProjectLoader.Options(environment: environment)
    loader.projectDirectory = options.projectDirectory ?? environment["DBT_PROJECT_DIR"]
    return ProjectLoader(loader, renderers: PlainRendererProvider()).projectDirectory
  }

  /// When nothing says where the server is and this project's private one runs, that one is meant.
  private static func useLocalServer(_ environment: inout [String: String], folder: String) {
    guard environment["PGHOST"] == nil, environment["TENON_SERVER"] ?? "local" == "local" else { return }
    guard let endpoint = LocalServer(stateDirectory: Path.join(folder, ".tenon", "server")).endpoint else { return }
    for (name, value) in endpoint.environment where environment[name] == nil { environment[name] = value }
  }

  private func configureLog(folder: String) {
    log.hide(secrets: environment.filter { $0.key.hasPrefix("DBT_ENV_SECRET") }.map(\.value))
    let flags = flags
    let isTerminal = isatty(1) == 1
    let colorsAsked = flags.given.contains("use_colors")
    log.configure { settings in
      settings.console = EventLog.Format(rawValue: flags.logFormat) ?? .text
      settings.consoleLevel = flags.debug ? .debug : Event.Level(word: flags.logLevel) ?? .info
      settings.consoleColor = flags.useColors && (isTerminal || colorsAsked) && environment["NO_COLOR"] == nil
      settings.quiet = flags.quiet
      settings.extra = CustomEnvironment.values(environment)
      settings.file =
        EventLog.Format(rawValue: flags.logFormatFile == "default" ? "debug" : flags.logFormatFile) ?? .debug
      settings.fileLevel = Event.Level(word: flags.logLevelFile) ?? .debug
      settings.fileMaximum = flags.logFileMaximumBytes
      if flags.logLevelFile != "none", FileSystem.exists(Path.join(folder, "dbt_project.yml")) {
        settings.filePath = Path.absolute(Path.join(flags.logPath ?? "logs", "dbt.log"), from: folder)
      }
    }
  }

  // MARK: Loading

  /// Reads dbt_project.yml, the profile and the packages.
  func load(needsProfile: Bool = true, packages: Bool = true, requireVars: Bool = true) throws -> LoadedProject {
    var loader = ProjectLoader.Options(environment: environment)
    loader.projectDirectory = flags.projectDirectory
    loader.profilesDirectory = flags.profilesDirectory
    loader.profile = flags.profile
    loader.target = flags.target
    loader.threads = flags.threads
    loader.vars = try CommandLineVars.parse(options.vars ?? "{}")
    loader.targetPath = flags.targetPath
    loader.logPath = flags.logPath
    loader.checksVersion = flags.versionCheck
    loader.needsProfile = needsProfile
    loader.loadsPackages = packages
    loader.requireVars = requireVars
    var project = try ProjectLoader(loader, renderers: ConfigTemplates(environment: environment)).load()
    try place(&project)
    if let password = project.profile?.credentials.password, !password.isEmpty, password.reveal().utf8.count > 3,
      password.reveal() != project.profile?.credentials.user
    {
      log.hide(secrets: [password.reveal()])
    }
    for entry in ConfigValue(project.commandLineVars).asDict ?? ConfigDict()
    where entry.key.hasPrefix("DBT_ENV_SECRET") {
      if let secret = entry.value.text { log.hide(secrets: [secret]) }
    }
    for found in project.warnings {
      try warn(Event.isNamedWarning(found) ? .warning(found) : .warning("ConfigWarning", "D025", found.message))
    }
    loaded = project
    return project
  }

  /// Where a target has several servers: a tenant's run goes to the one it lives on.
  private func place(_ project: inout LoadedProject) throws {
    guard let tenant, let credentials = project.profile?.credentials, !credentials.servers.isEmpty else { return }
    let home = try server ?? TenantServers(credentials).home(of: tenant)
    server = home
    var chosen = home.credentials
    chosen.database = credentials.database
    chosen.schema = credentials.schema
    chosen.servers = credentials.servers
    project.profile?.credentials = chosen
  }

  /// A warning; an error when warnings are errors.
  func warn(_ event: Event) throws { try warnings.take(event, flags) }

  /// - Throws: flags that contradict each other.
  private func checkTimes() throws {
    let (start, end) = (flags.eventTimeStart, flags.eventTimeEnd)
    guard start != nil || end != nil else { return }
    func missing(_ name: String, _ other: String) -> Diagnostic {
      Diagnostic("flag-alone", .usage, "When specifying `--\(name)`, `--\(other)` must also be present.")
    }
    guard let end else { throw missing("event-time-start", "event-time-end") }
    guard let start else { throw missing("event-time-end", "event-time-start") }
    let window = try RunSettings.Window(start: start, end: end)
    guard let from = window.start, let to = window.end, from < to else {
      throw Diagnostic(
        "flag-order", .usage, "Value for `--event-time-start` must be less than `--event-time-end`",
        hint: "They are \(start) and \(end).")
    }
  }

  private func warnOfFlags() throws {
    let known: Set = ["renamed-variable", "unknown-variable", "warn-error-names"]
    for found in flagWarnings {
      try warn(known.contains(found.code) ? .warning(found) : .warning("FlagWarning", "D013", found.message))
    }
  }

  /// Parses the project.
  /// - Parameter rendersNodes: false for what only looks at the manifest; compiled templates are not kept then.
  func parse(rendersNodes: Bool = true) throws -> CompiledProject {
    let loaded = try load()
    log.emit(.adapterRegistered(version: "1.11.0"))
    let variables = try variables(loaded)
    var request = ProjectEngine.Request(
      loaded: loaded, flags: flags, environment: environment, invocationID: invocationID, startedAt: startedAt,
      arguments: arguments(loaded), templateFlags: templateFlags(loaded), variables: variables,
      warn: { [weak self] in try self?.warn($0) })
    request.onConnect = try tenantGuard(loaded, variables)
    request.shared = shared
    request.rendersNodes = rendersNodes
    request.sample = try SampleWindow.parse(
      flags.sample, start: flags.eventTimeStart, end: flags.eventTimeEnd, now: startedAt)
    let project = try ProjectEngine.parse(request, log: log)
    log.emit(.foundStats(FoundStats.line(project.manifest)))
    parsed = project
    CodePages.giveBack()
    return project
  }

  /// The project's rules for tenants; read once, for they may name hundreds.
  func tenancy(_ loaded: LoadedProject) throws -> TenancySettings {
    try knownTenancy.withLock { known in
      if let known { return known }
      let settings = try TenantSettings.of(loaded)
      known = settings
      return settings
    }
  }

  /// Takes the rules that another invocation has read.
  func use(_ settings: TenancySettings) { knownTenancy.withLock { $0 = settings } }

  // MARK: Running

  /// Runs a command's body between its first and last events; ends the program with dbt's exit code: 0 done, 1 a node
  /// failed, 2 could not run or was interrupted.
  /// - Parameter announces: whether the first line says the version; what prints an answer for programs does without.
  static func run(
    _ command: String, _ options: ProjectOptions, extra: [String: FlagValue] = [:], which: String? = nil,
    announces: Bool = true, _ body: @escaping @Sendable (Invocation) throws -> Bool
  ) throws {
    let invocation: Invocation
    do { invocation = try Invocation(command, options, extra: extra, which: which) } catch {
      if let usage = UsageText.of(error, command: command) {
        StandardError.write(usage)
      } else {
        StandardOutput.write("Encountered an error:\n\(ErrorText.of(error, color: isatty(1) == 1))\n")
      }
      throw ExitCode(2)
    }
    invocation.interrupt.install()
    // Templates can be deep: the work has a thread with a large stack.
    let outcome = Locked<Int32>(2)
    Worker.run(name: "MainThread", stackBytes: 256 << 20) {
      outcome.withLock { $0 = invocation.main(announces: announces, body) }
    }
    // Ending here and not by returning: a large project takes longer to free, node by node, than to parse.
    withExtendedLifetime(invocation) { exit(outcome.withLock { $0 }) }
  }

  private func main(announces: Bool, _ body: (Invocation) throws -> Bool) -> Int32 {
    if announces { log.emit(.mainReportVersion(ProjectEngine.dbtVersion)) }
    log.emit(.mainReportArgs(reportedArguments))
    var success = false
    var code: Int32
    do {
      try checkTimes()
      try warnOfFlags()
      success = try body(self)
      code = success ? 0 : interrupt.happened ? 2 : 1
    } catch let exit as ExitCode {
      code = exit.rawValue
    } catch  where UsageText.of(error, command: command) != nil {
      StandardError.write(UsageText.of(error, command: command) ?? "")
      code = 2
    } catch {
      log.emit(.mainEncounteredError(ErrorText.of(error, color: log.current.consoleColor)))
      code = 2
    }
    do { try warnings.summarize(flags) } catch {
      log.emit(.mainEncounteredError(ErrorText.of(error, color: log.current.consoleColor)))
      (success, code) = (false, 2)
    }
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let seconds = monotonicSeconds() - startedMonotonic
    log.emit(
      .resourceReport(
        command: command, success: success, wall: seconds,
        user: Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) / 1e6,
        system: Double(usage.ru_stime.tv_sec) + Double(usage.ru_stime.tv_usec) / 1e6,
        maximumResidentKB: usage.ru_maxrss, inBlocks: usage.ru_inblock, outBlocks: usage.ru_oublock))
    log.emit(.commandCompleted(command: "dbt \(command)", success: success, at: .now(), seconds: seconds))
    log.close()
    return code
  }
}
