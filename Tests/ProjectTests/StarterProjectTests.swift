import Diagnostics
import Testing
import YAML

@testable import Project

@Suite struct StarterProjectTests {
  @Test func namesAreIdentifiersThatNoBuiltInPackageHas() {
    for name in ["shop", "_a1", "Läden", "店"] { #expect(StarterProject.isValid(name: name)) }
    for name in ["", "1st", "two words", "a-b", "dbt", "dbt_postgres", "../up"] {
      #expect(!StarterProject.isValid(name: name))
    }
  }

  @Test func theProjectNamesItselfAndItsProfile() throws {
    let files = StarterProject(name: "shop", profile: "other").files
    let text = try #require(files.first { $0.path == "dbt_project.yml" }?.text)
    let root = try #require(try YAML.parse(SourceText(name: "t", text: text)))
    #expect(root["name"]?.string == "shop")
    #expect(root["profile"]?.string == "other")
    #expect(root["models"]?["shop"]?["example"]?["+materialized"]?.string == "view")
    #expect(files.contains { $0.path == "seeds/.gitkeep" && $0.text.isEmpty })
  }

  /// Answers by key; the standard answer where nothing is said.
  private func profile(_ template: ProfileTemplate, _ answers: [String: YAMLValue]) throws -> YAMLValue {
    try template.profile(
      ask: { question in
        #expect(question.isHidden == (question.name == "pass"))
        return answers[question.name] ?? question.standard ?? .null
      },
      choose: { what, options in
        #expect(what == "how to sign in")
        return options.firstIndex(of: "key") ?? 0
      })
  }

  @Test func theProfileOfPostgresIsMadeOfAnswers() throws {
    let made = try profile(.postgres, ["host": .string("db.example"), "port": .int(6000)])
    let output = made["outputs"]?["dev"]
    #expect(made["target"] == .string("dev"))
    #expect(output?["type"] == .string("postgres"))
    #expect(output?["host"] == .string("db.example"))
    #expect(output?["port"] == .int(6000))
    #expect(output?["threads"] == .int(1))
  }

  @Test func aProjectsTemplateFixesAsksAndLetsChoose() throws {
    let root = try #require(
      try YAML.parse(
        SourceText(
          name: "t",
          text:
            """
            fixed: {type: postgres, target: prod, threads: 8}
            prompts:
              user: {hint: yours}
              _choose_how_to_sign_in:
                password: {pass: {hide_input: true}}
                key: {_fixed_sslmode: verify-full, sslkey: {default: /key}}
            """)))
    let made = try profile(try #require(ProfileTemplate(root)), ["user": .string("ann")])
    let output = made["outputs"]?["prod"]
    #expect(output?["target"] == nil)
    #expect(output?["threads"] == .int(8))
    #expect(output?["user"] == .string("ann"))
    #expect(output?["sslmode"] == .string("verify-full"))
    #expect(output?["sslkey"] == .string("/key"))
    #expect(output?["pass"] == nil)
  }
}
