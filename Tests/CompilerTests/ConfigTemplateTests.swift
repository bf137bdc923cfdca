import Diagnostics
import Project
import Testing
import YAML

@testable import Compiler

/// Templates of profiles.yml and packages.yml.
@Suite struct ConfigTemplateTests {
  private func render(_ text: String) throws -> YAMLValue {
    let templates = ConfigTemplates(environment: ["DBT_ENV_SECRET_TOKEN": "abc123", "PORT": "5432"])
    let source = SourceText(name: "packages.yml", text: text)
    return try templates.renderer(.packages(vars: .null)).render(
      text, at: SourceRange(source: source, offsets: 0..<0))
  }

  @Test func secretsArePutInWhereTheyWereAskedFor() throws {
    #expect(try render("https://me:{{ env_var('DBT_ENV_SECRET_TOKEN') }}@host") == .string("https://me:abc123@host"))
    #expect(try render("{{ env_var('PORT') }}") == .string("5432"))
  }

  /// What a filter makes of a secret would be hidden nowhere.
  @Test func filtersNeverSeeASecret() throws {
    let shown = try render("{{ env_var('DBT_ENV_SECRET_TOKEN') | join(' ') }}")
    guard case .string(let text) = shown else { return #expect(Bool(false), "no text") }
    #expect(!text.contains("a b c"))
    #expect(text.contains("T O K E N"))
  }
}
