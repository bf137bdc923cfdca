import Diagnostics
import Events
import Foundation
import Manifest
import Project
import Testing
import YAML

@testable import Compiler

/// Parsing one project for several tenants gives what parsing it for each alone gives, with less rendering.
@Suite struct SharedParseTests {
  private static let files = [
    "dbt_project.yml": "name: shop\nversion: '1.0'\nprofile: shop\nvars: {tenant_name: nobody, number: 7}\n",
    "profiles.yml": """
    shop:
      target: dev
      outputs:
        dev:
          {type: postgres, host: h, user: u, password: p, port: 1, schema: s, dbname: "{{ env_var('TENANT_NAME') }}_db"}
    """,
    "models/plain.sql": "{{ log('saw plain') }} select {{ var('number') }} as id",
    "models/named.sql":
      "{{ log('saw named') }}{{ config(tags=[var('tenant_name')]) }} select * from {{ ref('plain') }}",
    "models/switched.sql": "{{ config(enabled=env_var('TENANT_NAME') == 'a') }} select 1 as id",
    "models/bound.sql": "{{ log('saw bound') }}{{ config(meta={'database': target.dbname}) }} select 1 as id",
    "models/schema.yml": """
    models:
      - name: plain
        meta: {who: "{{ env_var('TENANT_NAME') }}"}
        columns: [{name: id, data_tests: [unique, {accepted_values: {arguments: {values: [1, 2]}}}]}]
    """,
  ]

  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("shared-\(UUID().uuidString)")
    for (path, text) in Self.files {
      let file = folder.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
  }

  /// - Returns: the project, and which models were rendered.
  private func parse(_ tenant: String, _ shared: SharedParse?) throws -> (CompiledProject, Set<String>) {
    let environment = ["TENANT_NAME": tenant]
    var options = ProjectLoader.Options(environment: environment, workingDirectory: folder.path)
    options.projectDirectory = folder.path
    options.profilesDirectory = folder.path
    let loaded = try ProjectLoader(options, renderers: ConfigTemplates(environment: environment)).load()
    let flags = try FlagsResolver(environment: [:]).resolve(commandLine: [:], project: nil).flags
    var request = ProjectEngine.Request(
      loaded: loaded, flags: flags, environment: environment, invocationID: "x",
      startedAt: Timestamp(seconds: 0, nanoseconds: 0), arguments: ConfigDict(), templateFlags: ConfigDict(),
      variables: ["tenant_name": .string(tenant)], warn: { _ in })
    request.shared = shared
    let log = EventLog(invocationID: "x")
    log.configure { $0.consoleIsOff = true }
    let seen = Locked<Set<String>>([])
    log.observe { event, _ in
      if let word = event.message.split(separator: " ").last, event.message.contains("saw ") {
        seen.withLock { _ = $0.insert(String(word)) }
      }
    }
    return (try ProjectEngine.parse(request, log: log), seen.withLock { $0 })
  }

  private func manifest(_ project: CompiledProject) throws -> String {
    project.manifest.metadata.generatedAt = ""
    let file = folder.appendingPathComponent("manifest-\(UUID().uuidString).json")
    try ManifestWriter.write(project.manifest, toFile: file.path)
    return try String(contentsOf: file, encoding: .utf8)
  }

  @Test func whatReadNothingOfTheTenantIsNotRenderedAgain() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let shared = SharedParse()
    #expect(try parse("a", shared).1 == ["plain", "named", "bound"])
    // `plain` is described by a file that reads the tenant, so that it is another node for each.
    #expect(try parse("b", shared).1 == ["plain", "named", "bound"])
    try "models: [{name: plain}]".write(
      to: folder.appendingPathComponent("models/schema.yml"), atomically: true, encoding: .utf8)
    let again = SharedParse()
    #expect(try parse("a", again).1 == ["plain", "named", "bound"])
    #expect(try parse("b", again).1 == ["named", "bound"])
    // A tenant that is parsed once more reads the same values; only what is bound to a run is rendered for it.
    #expect(try parse("b", again).1 == ["bound"])
  }

  @Test func everyTenantsManifestIsItsOwn() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let shared = SharedParse()
    for tenant in ["a", "b", "c", "a"] {
      let (project, _) = try parse(tenant, shared)
      #expect(try manifest(project) == manifest(parse(tenant, nil).0))
      #expect(project.manifest.nodes["model.shop.plain"]?.database == "\(tenant)_db")
      #expect(project.manifest.nodes["model.shop.named"]?.tags == [tenant])
      #expect((project.manifest.nodes["model.shop.switched"] != nil) == (tenant == "a"))
    }
  }

  @Test func tenantsAtTheSameTime() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let shared = SharedParse()
    let names = (0..<8).map { "t\($0)" }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for name in names {
        group.addTask {
          let project = try parse(name, shared).0
          #expect(project.manifest.nodes["model.shop.named"]?.tags == [name])
          #expect(project.manifest.nodes["model.shop.bound"]?.meta["database"] == .string("\(name)_db"))
        }
      }
      try await group.waitForAll()
    }
  }
}
