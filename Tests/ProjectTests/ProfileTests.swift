import Diagnostics
import Testing
import YAML

@testable import Project

@Suite struct ProfileTests {
  private func select(_ text: String, _ name: String = "shop", target: String? = nil) throws -> ProfilesFile.Selection {
    let folder = try Folder(["profiles.yml": text])
    return try ProfilesFile(directory: folder.path).select(
      name, target: target, threads: nil, renderer: TableRenderer())
  }

  @Test func theTargetIsChosenAndRendered() throws {
    let dev = try select(profiles).profile
    #expect(dev.targetName == "dev")
    #expect(dev.threads == 2)
    #expect(dev.credentials.database == "d")
    #expect(dev.credentials.connectTimeout == 10)
    #expect(dev.credentials.applicationName == "dbt")
    let prod = try select(profiles, target: "prod").profile
    #expect(prod.credentials.port == 6000)
    #expect(prod.threads == 1)
    #expect(prod.credentials.password.reveal() == "pw")
  }

  @Test func templatesSeeNoPassword() throws {
    let profile = try select(profiles).profile
    #expect(
      profile.target.map(\.key) == [
        "host", "port", "user", "database", "schema", "connect_timeout", "role", "search_path", "keepalives_idle",
        "sslmode", "sslcert", "sslkey", "sslrootcert", "application_name", "autocommit", "retries", "dbname", "type",
        "threads", "name", "target_name", "profile_name",
      ])
    #expect("\(profile)".contains("pw") == false)
    #expect(String(reflecting: profile).contains("\"pw\"") == false)
    var dumped = ""
    dump(profile, to: &dumped)
    #expect(!dumped.contains("\"pw\""))
  }

  @Test func otherOutputsAreNotRendered() throws {
    #expect(throws: Never.self) { try select(profiles) }
    #expect(codes(#expect(throws: Diagnostics.self) { try select(profiles, target: "broken") }) == ["undefined"])
  }

  @Test func aPasswordThatLooksLikeATemplateIsKept() throws {
    let text =
      "p: {target: d, outputs: {d: {type: postgres, host: h, user: u, password: 'x{{y', port: 1, dbname: d, schema: s}}}"
    #expect(try select(text, "p").profile.credentials.password.reveal() == "x{{y")
  }

  @Test(
    arguments: [
      ("shop: {outputs: {}}", "shap", nil, "unknown-profile"),
      ("shop: {outputs: {dev: {}}}", "shop", "prd", "unknown-target"),
      ("shop: {outputs: {dev: {}}}", "shop", nil, "unknown-target"),
      ("shop: {target: dev}", "shop", nil, "no-outputs"),
      ("shop:", "shop", nil, "empty-profile"),
      ("shop: {target: dev, outputs: {dev: x}}", "shop", nil, "bad-output"),
      (
        "shop: {target: dev, outputs: {dev: {type: mysql, host: h, user: u, password: p, port: 1, dbname: d, schema: s}}}",
        "shop", nil, "unknown-adapter"
      ),
      (
        "shop: {target: dev, outputs: {dev: {host: h, user: u, password: p, port: 1, dbname: d, schema: s}}}", "shop",
        nil,
        "missing-key"
      ),
      (
        "shop: {target: dev, outputs: {dev: {type: postgres, host: h, user: u, password: p, port: '1', dbname: d, schema: s}}}",
        "shop", nil, "wrong-type"
      ),
      (
        "shop: {target: dev, outputs: {dev: {type: postgres, host: h, user: u, password: p, pass: q, port: 1, dbname: d, schema: s}}}",
        "shop", nil, "two-names"
      ),
      (
        "shop: {target: dev, outputs: {dev: {type: postgres, host: h, user: u, password: p, port: 70000, dbname: d, schema: s}}}",
        "shop", nil, "wrong-type"
      ),
    ] as [(String, String, String?, String)])
  func mistakesAreDiagnosed(text: String, name: String, target: String?, code: String) throws {
    let error = #expect(throws: Diagnostics.self) { try select(text, name, target: target) }
    #expect(codes(error) == [code])
  }

  @Test func missingKeysAreReportedTogether() throws {
    let error = #expect(throws: Diagnostics.self) {
      try select("shop: {target: dev, outputs: {dev: {type: postgres, host: h}}}")
    }
    #expect(codes(error) == Array(repeating: "missing-key", count: 5))
  }

  @Test func theFolderIsSearchedInOrder() throws {
    let folder = try Folder()
    let home = ["HOME": "/home/u"]
    func directory(_ option: String?, _ environment: [String: String]) -> String {
      ProfilesFile.directory(option: option, environment: environment, workingDirectory: folder.path)
    }
    #expect(directory(nil, home) == "/home/u/.dbt")
    try folder.write("profiles.yml", profiles)
    #expect(directory(nil, home) == folder.path)
    #expect(directory(nil, ["DBT_PROFILES_DIR": "/p"]) == "/p")
    #expect(directory("sub", ["DBT_PROFILES_DIR": "/p"]) == folder.path + "/sub")
    #expect(directory("~/x", home) == "/home/u/x")
  }
}
