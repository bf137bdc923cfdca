import ArgumentParser
import Compiler
import Diagnostics
import Events
import Files
import Manifest
import Postgres
import Project
import Tenants

/// What the commands of `tenon tenant` work with: the project's settings and the profile's server.
struct TenantWork {
  let invocation: Invocation
  let settings: TenancySettings
  /// The profile's server; its database is the one of the profile.
  let server: ConnectionParameters
  let provisioner: Provisioner

  /// Runs a command's body as the tenant of a name, or of none. The name is checked before anything is read.
  static func run(
    _ command: String, _ options: ProjectOptions, name: String?, which: String? = nil, announces: Bool = false,
    _ body: @escaping @Sendable (TenantWork) throws -> Bool
  ) throws {
    var options = options
    if let name { options.tenant = name }
    try Invocation.run("tenant \(command)", options, which: which, announces: announces) { invocation in
      let loaded = try invocation.load(packages: false)
      guard let profile = loaded.profile else {
        throw Diagnostic("no-profile", .profile, "This command needs a profile.")
      }
      let settings = try invocation.tenancy(loaded)
      let server = ProjectEngine.parameters(profile.credentials)
      let work = TenantWork(
        invocation: invocation, settings: settings, server: server,
        provisioner: Provisioner(
          server, settings: settings, roleKey: invocation.roleKey, retries: profile.credentials.retries))
      defer { work.provisioner.close() }
      do { return try body(work) } catch let error as PostgresError where error.sqlState == nil {
        throw error.diagnostic(hint: "Is the server running? `tenon server start` starts the project's own.")
      }
    }
  }

  /// The tenant the command is about.
  func configuration() throws -> TenantConfiguration {
    guard let tenant = invocation.tenant else { throw Diagnostic("no-tenant", .usage, "No tenant is named.") }
    return try provisioner.configuration(tenant)
  }

  func say(_ text: String) { if !invocation.flags.quiet { invocation.log.emit(.output(text)) } }

  /// What was asked for, also with `--quiet`.
  func answer(_ text: String) { invocation.log.emit(.output(text)) }

  func warn(_ diagnostics: [Diagnostic]) throws {
    for warning in diagnostics {
      let hint = warning.hint.map { " \($0)" } ?? ""
      try invocation.warn(.warning("TenantWarning", "T001", warning.message + hint))
    }
  }

  /// Where another tenant lives.
  func server(of tenant: TenantConfiguration) throws -> ConnectionParameters {
    guard let credentials = invocation.loaded?.profile?.credentials else { return server }
    return ProjectEngine.parameters(try TenantServers(credentials).home(of: tenant.name).credentials)
  }

  /// Asks each of the target's servers over a session in its maintenance database, all at the same time. One that does
  /// not answer is told of and left out.
  /// - Throws: when none answers.
  func everyServer<Found: Sendable>(
    _ body: @escaping @Sendable (ProfileServer, Connection) throws -> [Found]
  ) throws -> [Found] {
    guard let credentials = invocation.loaded?.profile?.credentials else { return [] }
    let servers = TenantServers(credentials)
    let answers = SideBySide.map(servers.all.count, limit: 16) { index -> Result<[Found], any Error> in
      Result {
        let connection = try Connection.open(servers.maintenance(index), name: "tenants")
        defer { connection.close() }
        return try body(servers.all[index], connection)
      }
    }
    var found: [Found] = []
    var answered = false
    for (server, answer) in zip(servers.all, answers) {
      do {
        found += try answer.get()
        answered = true
      } catch {
        if servers.isOne { throw error }
        // Not on standard output, which a program may read.
        StandardError.write("warning: server '\(server.name)': \(ErrorText.of(error))\n")
      }
    }
    if !answered { throw Diagnostic("no-server", .connection, "None of the target's servers answers.") }
    return found
  }

  /// The tenants of a `--tenants` text, each with its server.
  func chosen(_ text: String) throws -> [(tenant: TenantConfiguration, server: ConnectionParameters)] {
    let places = try everyServer { server, admin in try TenantRegistry.names(admin).map { (name: $0, server: server) } }
    let homes = Dictionary(places.map { ($0.name, $0.server) }) { first, _ in first }
    let known = homes.keys.compactMap { TenantName(valid: $0) }
    let names = try TenantSelection.choose(text, known: known) { path in
      String(decoding: try FileSystem.source(Path.absolute(path), name: path).utf8, as: UTF8.self)
    }
    return try names.map { name in
      let parameters = homes[name.text].map { ProjectEngine.parameters($0.credentials) } ?? server
      return (try provisioner.configuration(name), parameters)
    }
  }

  /// Makes the tenant or completes it, and shows its settings.
  @discardableResult
  func create(_ options: Provisioner.Options = Provisioner.Options(), shows: Bool = true) throws -> Provisioner.Outcome
  {
    let configuration = try configuration()
    try warn(configuration.warnings)
    let outcome = try provisioner.create(configuration.name, options)
    let change =
      switch outcome.change {
      case .created: "created"
      case .completed: "completed"
      case .unchanged: "there already"
      }
    if shows { say(description(outcome.configuration, database: change)) }
    return outcome
  }

  /// A tenant's settings, one a line.
  func description(_ tenant: TenantConfiguration, database note: String? = nil) -> String {
    var lines = [
      "Tenant:    \(tenant.name)\(tenant.isPredefined ? " (predefined)" : "")",
      "Bucket:    \(tenant.bucket)",
      "Prefix:    \(tenant.prefix)",
      "Database:  \(tenant.database)\(note.map { " (\($0))" } ?? "")",
      "Schemas:   \(settings.schemas.joined(separator: ", "))",
      "S3 paths:",
    ]
    let width = tenant.paths.map { $0.entity.utf8.count }.max() ?? 0
    for (entity, path) in tenant.paths {
      lines.append("  \(entity)\(String(repeating: " ", count: width - entity.utf8.count))  \(path)")
    }
    return lines.joined(separator: "\n")
  }
}

/// How an answer is written.
enum AnswerFormat: String, ExpressibleByArgument, CaseIterable, Sendable { case text, json }

/// JSON on standard output.
enum JSONAnswer {
  static func text(_ value: ConfigValue) -> String {
    var sink = JSONSink()
    sink.value(value)
    return String(decoding: sink.bytes, as: UTF8.self)
  }

  /// A list with one item a line.
  static func lines(_ items: [ConfigValue]) -> String {
    items.isEmpty ? "[]" : "[\n  " + items.map(text).joined(separator: ",\n  ") + "\n]"
  }
}
