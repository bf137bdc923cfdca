import ArgumentParser
import Compiler
import Diagnostics
import Events
import Files
import Manifest
import Postgres
import Project
import Runner
import Tenants

/// `tenon tenant`: databases of tenants, made, filled, listed, checked and dropped.
struct TenantCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tenant", abstract: "Make, run, list, check and drop tenants.",
    subcommands: [
      TenantCreateCommand.self, TenantRunCommand.self, TenantListCommand.self, TenantInfoCommand.self,
      TenantDropCommand.self, TenantCheckCommand.self, TenantRenameCommand.self, TenantExportCommand.self,
      TenantImportCommand.self, TenantDiffCommand.self,
    ])
}

/// How a tenant's database is made.
struct TenantMakingOptions: ParsableArguments {
  @Option(help: "The database to copy, instead of template1.") var template: String?
  @Option(help: "The role that owns the database.") var owner: String?
  @Option(name: .customLong("connection-limit"), help: "How many sessions the database takes at once.")
  var connectionLimit: Int?
  @Flag(help: "Take over a database that has tables but no tenant's mark.") var adopt = false
  @Flag(
    name: .customLong("with-role"),
    help: "Make a role with rights in this database only; the tenant's runs log in as it.") var withRole = false

  func validate() throws {
    if let connectionLimit, connectionLimit < 1, connectionLimit != -1 {
      throw ValidationError("--connection-limit is \(connectionLimit): at least 1, or -1 for no limit.")
    }
  }

  var options: Provisioner.Options {
    var options = Provisioner.Options()
    options.template = template
    options.owner = owner
    options.connectionLimit = connectionLimit
    options.adopt = adopt
    options.withRole = withRole
    return options
  }
}

struct TenantCreateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Make a tenant's database and schemas, unless they are there, and show its settings.")
  @OptionGroup var options: ProjectOptions
  @OptionGroup var making: TenantMakingOptions
  @Argument(help: "The tenant: 1 to 50 letters, digits, '-' and '_'.") var name: String
  func run() throws {
    let making = making.options
    try TenantWork.run("create", options, name: name) { work in
      try work.create(making)
      return true
    }
  }
}

struct TenantRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Make a tenant if it is missing, then seed, run, snapshot, test and check it.")
  @OptionGroup var options: ProjectOptions
  @Argument(help: "The tenant.") var name: String
  func run() throws {
    try TenantWork.run("run", options, name: name, which: "build", announces: true) { work in
      try work.create()
      let project = try work.invocation.parse()
      let selection = try SelectionOptions.parse([])
      var stages: [(RunSettings.Command, Set<ResourceType>)] = [(.seed, [.seed]), (.run, [.model])]
      // Before the tests: there may be some of snapshots.
      if project.manifest.nodes.contains(where: { $0.resourceType == .snapshot }) {
        stages.append((.snapshot, [.snapshot]))
      }
      stages.append((.test, [.test, .unitTest]))
      var succeeded = true
      for (command, types) in stages where succeeded {
        work.say("\n\(command.rawValue) \(name)")
        project.adapter.cache.clear()
        succeeded = try NodeCommand.run(work.invocation, project, selection, command, types: types)
      }
      let configuration = try work.configuration()
      try work.provisioner.recordRun(configuration, command: "run", status: succeeded ? "success" : "error")
      guard succeeded else { return false }
      return try check(work, configuration)
    }
  }

  /// Whose rows are there.
  private func check(_ work: TenantWork, _ tenant: TenantConfiguration) throws -> Bool {
    let connection = try TenantLogin.open(
      tenant, work.server, key: work.provisioner.roleKey, name: "check of \(tenant.name)")
    defer { connection.close() }
    let check = try TenantCheck.run(connection, schemas: work.settings.schemas)
    var table = TextTable(["tenant_name", "source_s3_bucket", "source_s3_prefix", "count"], right: [3])
    table.rows = check.rows.map { [$0.tenantName ?? "", $0.bucket ?? "", $0.prefix ?? "", String($0.count)] }
    work.answer("\n\(table.text)")
    guard check.isClean(for: tenant.name) else {
      work.invocation.log.emit(
        .mainEncounteredError("\(check.relation) holds rows of another tenant than \(tenant.name)."))
      return false
    }
    return true
  }
}

struct TenantListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List the tenants of the server.")
  @OptionGroup var options: ProjectOptions
  @Option(help: "text or json.") var output = AnswerFormat.text
  @Flag(inversion: .prefixedNo, help: "List each tenant's schemas too; left out beyond 50 tenants unless asked for.")
  var schemas: Bool?

  func run() throws {
    let (output, schemas) = (output, schemas)
    try TenantWork.run("list", options, name: nil) { work in
      let places = try work.everyServer { server, admin in
        try TenantRegistry.list(admin).map { (server: server, entry: $0) }
      }
      let entries = places.map(\.entry)
      var found: [String: [String]] = [:]
      if schemas ?? (entries.count <= 50) {
        let lists = SideBySide.map(places.count, limit: 8) { index -> [String]? in
          let parameters = ProjectEngine.parameters(places[index].server.credentials)
          guard
            let connection = try? Connection.open(
              parameters.with(database: places[index].entry.database), retries: 0, name: "list")
          else { return nil }
          defer { connection.close() }
          return try? TenantRegistry.schemas(connection)
        }
        for (place, list) in zip(places, lists) { found[place.entry.database] = list }
      }
      if output == .json {
        work.answer(
          JSONAnswer.lines(
            places.map { server, entry in
              var fields = entry.fields(schemas: found[entry.database])
              fields["server"] = .string(server.name)
              return .dict(fields)
            }))
      } else if entries.isEmpty {
        work.answer("There are no tenants yet: `tenon tenant create NAME` makes one")
      } else {
        let isOne = Set(places.map(\.server.name)).count <= 1
        let named = places.map { (isOne ? [$0.entry.name] : [$0.entry.name, $0.server.name], $0.entry) }
        var table = TextTable(
          (isOne ? ["tenant"] : ["tenant", "server"]) + ["database", "size", "last run", "status", "schemas"],
          right: [isOne ? 2 : 3])
        for (names, entry) in named {
          table.rows.append(
            names + [
              entry.database, entry.size.map(ByteCount.text) ?? "?",
              entry.mark.lastRunAt ?? "never",
              entry.mark.lastRunStatus ?? "", (found[entry.database] ?? []).joined(separator: ", "),
            ])
        }
        work.answer(table.text)
      }
      return true
    }
  }
}

extension TenantRegistry.Entry {
  fileprivate func fields(schemas: [String]?) -> ConfigDict {
    func text(_ value: String?) -> ConfigValue { value.map { .string($0) } ?? .null }
    return [
      "name": .string(name), "database": .string(database), "owner": .string(owner),
      "size_bytes": size.map { .int($0) } ?? .null, "sessions": .int(sessions), "bucket": text(mark.bucket),
      "prefix": text(mark.prefix), "role": text(mark.role), "created_at": text(mark.createdAt),
      "last_run_at": text(mark.lastRunAt), "last_run_command": text(mark.lastRunCommand),
      "last_run_status": text(mark.lastRunStatus), "schemas": schemas.map { .strings($0) } ?? .null,
    ]
  }
}

struct TenantInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Show a tenant's settings and what its database holds.")
  @OptionGroup var options: ProjectOptions
  @Option(help: "text or json.") var output = AnswerFormat.text
  @Argument(help: "The tenant.") var name: String

  func run() throws {
    let output = output
    try TenantWork.run("info", options, name: name) { work in
      let tenant = try work.configuration()
      let details = try TenantRegistry.info(tenant, work.server)
      let entry = details.entry
      if output == .json {
        var fields = entry.fields(schemas: details.schemas)
        fields["paths"] = .dict(ConfigDict(tenant.paths.map { ($0.entity, .string($0.path)) }))
        fields["relations"] = .list(
          details.relations.map { relation in
            .dict([
              "schema": .string(relation.schema), "name": .string(relation.name), "kind": .string(relation.kind),
              "estimated_rows": relation.estimatedRows.map { .int($0) } ?? .null, "size_bytes": .int(relation.size),
            ])
          })
        work.answer(JSONAnswer.text(.dict(fields)))
        return true
      }
      let lastRun = entry.mark.lastRunAt.map { "\($0) (\(entry.mark.lastRunStatus ?? ""))" } ?? "never"
      work.answer(
        """
        \(work.description(tenant))
        Owner:     \(entry.owner)
        Size:      \(entry.size.map(ByteCount.text) ?? "?")
        Sessions:  \(entry.sessions)
        Created:   \(entry.mark.createdAt ?? "?")
        Last run:  \(lastRun)
        """)
      guard !details.relations.isEmpty else { return true }
      var table = TextTable(["schema", "name", "kind", "rows (about)", "size"], right: [3, 4])
      table.rows = details.relations.map {
        [$0.schema, $0.name, $0.kind, $0.estimatedRows.map(String.init) ?? "", ByteCount.text($0.size)]
      }
      work.answer("\n\(table.text)")
      return true
    }
  }
}

struct TenantDropCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drop", abstract: "Drop a tenant's database with all its data.")
  @OptionGroup var options: ProjectOptions
  @Flag(help: "Don't ask.") var yes = false
  @Flag(help: "Also a database that has tables but no tenant's mark.") var force = false
  @Argument(help: "The tenant.") var name: String

  func run() throws {
    let (yes, force) = (yes, force)
    try TenantWork.run("drop", options, name: name) { work in
      let tenant = try work.configuration()
      let question = "Drop the database \(tenant.database) of tenant \(tenant.name) with all its data?"
      guard try Confirmation.ask(question, yes: yes) else { return false }
      let dropped = try work.provisioner.drop(tenant.name, force: force)
      work.say(
        dropped
          ? "Tenant \(tenant.name): the database \(tenant.database) is dropped"
          : "Tenant \(tenant.name): there is no database \(tenant.database)")
      return true
    }
  }
}

struct TenantRenameCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "rename", abstract: "Give a tenant another name.")
  @OptionGroup var options: ProjectOptions
  @Argument(help: "The tenant.") var name: String
  @Argument(help: "Its new name.") var newName: String

  func run() throws {
    let newName = newName
    try TenantWork.run("rename", options, name: name) { work in
      let old = try work.configuration()
      let new = try work.provisioner.configuration(TenantName(newName))
      try work.warn(new.warnings)
      _ = try work.provisioner.rename(old.name, to: new.name)
      work.say("Tenant \(old.name) is \(new.name) now; its rows say so after the next run")
      work.say(work.description(new))
      return true
    }
  }
}

struct TenantExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a tenant's database to a file.")
  @OptionGroup var options: ProjectOptions
  @Option(name: [.customShort("o"), .customLong("file")], help: "The file; <tenant>.dump unless given.") var file:
    String?
  @Flag(help: "Replace a file that is there.") var overwrite = false
  @Argument(help: "The tenant.") var name: String

  func run() throws {
    let (file, overwrite) = (file, overwrite)
    try TenantWork.run("export", options, name: name) { work in
      let tenant = try work.configuration()
      let path = Path.absolute(file ?? "./\(tenant.name).dump")
      try work.provisioner.export(tenant.name, to: path, overwrite: overwrite)
      work.say("Tenant \(tenant.name) is exported to \(path)")
      return true
    }
  }
}

struct TenantImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Fill a tenant, made if it is missing, from a file that export wrote.")
  @OptionGroup var options: ProjectOptions
  @OptionGroup var making: TenantMakingOptions
  @Flag(help: "Replace what the tenant has.") var replace = false
  @Argument(help: "The tenant.") var name: String
  @Argument(help: "The file.") var file: String

  func run() throws {
    let (file, replace, making) = (file, replace, making.options)
    try TenantWork.run("import", options, name: name) { work in
      let tenant = try work.configuration()
      try work.warn(tenant.warnings)
      let path = Path.absolute(file)
      try work.provisioner.import(tenant.name, from: path, replace: replace, making)
      work.say("Tenant \(tenant.name) is imported from \(path)")
      return true
    }
  }
}

struct TenantDiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show where two tenants differ: relations, columns, row counts, and SQL that a fleet's run compiled.")
  @OptionGroup var options: ProjectOptions
  @Flag(inversion: .prefixedNo, help: "Count the rows of tables.") var rows = true
  @Option(help: "text or json.") var output = AnswerFormat.text
  @Argument(help: "One tenant.") var name: String
  @Argument(help: "The other.") var other: String

  func run() throws {
    let (rows, output, other) = (rows, output, other)
    try TenantWork.run("diff", options, name: name) { work in
      let left = try work.configuration()
      let right = try work.provisioner.configuration(TenantName(other))
      var diff = try TenantDiff.run(
        left, right, leftServer: work.server, rightServer: work.server(of: right),
        key: work.invocation.roleKey, countRows: rows)
      diff.differences += CompiledDiff.run(left, right, in: ArtifactFiles.folder(work.invocation))
      if output == .json {
        func text(_ value: String?) -> ConfigValue { value.map { .string($0) } ?? .null }
        work.answer(
          JSONAnswer.lines(
            diff.differences.map { difference in
              .dict([
                "kind": .string(difference.kind.rawValue), "relation": .string(difference.relation),
                "column": text(difference.column), "left": text(difference.left), "right": text(difference.right),
              ])
            }))
      } else if diff.differences.isEmpty {
        work.answer("\(left.name) and \(right.name) do not differ")
      } else {
        var table = TextTable(["difference", "relation", "column", left.name.text, right.name.text])
        table.rows = diff.differences.map {
          [$0.kind.rawValue, $0.relation, $0.column ?? "", $0.left ?? "missing", $0.right ?? "missing"]
        }
        work.answer(table.text)
      }
      return true
    }
  }
}
