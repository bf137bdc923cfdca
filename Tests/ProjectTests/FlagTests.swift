import Diagnostics
import Testing
import YAML

@testable import Project

@Suite struct FlagTests {
  private func resolve(
    _ line: [String: FlagValue] = [:], env: [String: String] = [:], project: String? = nil
  ) throws -> FlagsResolver.Result {
    let node = try project.flatMap { try YAML.parse(SourceText(name: "dbt_project.yml", text: $0)) }
    return try FlagsResolver(environment: env).resolve(commandLine: line, project: node)
  }

  @Test func theCommandLineWinsThenTheEnvironmentThenTheProject() throws {
    #expect(try resolve().flags.failFast == false)
    #expect(try resolve(project: "fail_fast: true").flags.failFast)
    #expect(try resolve(env: ["DBT_FAIL_FAST": "0"], project: "fail_fast: true").flags.failFast == false)
    #expect(try resolve(["fail_fast": .bool(true)], env: ["DBT_FAIL_FAST": "0"]).flags.failFast)
    #expect(try resolve(env: ["DBT_ENGINE_DEBUG": "yes", "DBT_DEBUG": "no"]).flags.debug)
    #expect(try resolve(env: ["DBT_DEBUG": ""]).flags.debug == false)
    #expect(try resolve(env: ["DBT_TARGET": "prod"]).flags.target == "prod")
    #expect(try resolve(["target": .string("dev")], env: ["DBT_TARGET": "prod"]).flags.target == "dev")
    #expect(try resolve(project: "printer_width: 120").flags.printerWidth == 120)
    #expect(try resolve(env: ["DBT_NO_PRINT": "1"]).flags.print == false)
    #expect(try resolve(env: ["DBT_INDIRECT_SELECTION": "CAUTIOUS"]).flags.indirectSelection == .cautious)
  }

  @Test func behaviorFlagsHaveTheDefaultsOfDbt() throws {
    let flags = try resolve().flags
    let on = BehaviorFlag.allCases.filter { flags[$0] }.map(\.rawValue).sorted()
    #expect(
      on == [
        "postgres_skip_autocommit_transaction_statements",
        "require_explicit_package_overrides_for_builtin_materializations", "require_generic_test_arguments_property",
        "require_resource_names_without_spaces", "source_freshness_run_project_hooks",
      ])
    #expect(try resolve(project: "validate_macro_args: true").flags[.validateMacroArguments])
  }

  @Test func theLogFileFollowsTheConsole() throws {
    let flags = try resolve(["log_level": .string("error"), "use_colors": .bool(false)]).flags
    #expect(flags.logLevelFile == "error")
    #expect(flags.useColorsFile == false)
    #expect(
      try resolve(["log_level": .string("error"), "log_level_file": .string("info")]).flags.logLevelFile == "info")
    #expect(try resolve().flags.logLevelFile == "debug")
  }

  /// Names first, then all deprecations, then everything; silenced before warnings before errors.
  @Test(
    arguments: [
      ("{error: all}", true, true, false), ("{error: all, warn: [Deprecations]}", true, false, false),
      ("{error: all, warn: [NodeNotFoundOrDisabled]}", false, true, false),
      ("{error: [Deprecations]}", false, true, false),
      ("{error: [Deprecations], warn: [DuplicateYAMLKeysDeprecation]}", false, false, false),
      ("{silence: [Deprecations]}", false, false, true),
      ("{error: [DuplicateYAMLKeysDeprecation], silence: [Deprecations]}", false, true, false),
      ("{}", false, false, false),
    ])
  func warnErrorOptionsDecide(_ text: String, _ warning: Bool, _ deprecation: Bool, _ silent: Bool) throws {
    let options = try resolve(project: "warn_error_options: \(text)").flags.warnErrorOptions
    #expect(options.raises("NodeNotFoundOrDisabled", code: "I060") == warning)
    #expect(options.raises("DuplicateYAMLKeysDeprecation", code: "D024") == deprecation)
    #expect(options.silences("DuplicateYAMLKeysDeprecation", code: "D024") == silent)
  }

  @Test func warnErrorOptionsMustMakeSense() throws {
    for text in ["{error: [Nonsense]}", "{error: [Note], warn: [DeprecatedModel]}"] {
      #expect(throws: Diagnostic.self) { try resolve(project: "warn_error_options: \(text)") }
    }
  }

  @Test func oldNamesOfVariablesAreToldOf() throws {
    let warnings = try FlagsResolver(environment: ["DBT_NO_PRINT": "1"]).resolve(commandLine: [:], project: nil)
      .warnings
    #expect(warnings.map(\.code) == ["renamed-variable"])
    #expect(warnings.first?.facts.map(\.value) == ["DBT_ENGINE_PRINT", "DBT_NO_PRINT"])
  }

  @Test func warnErrorOptionsAreRead() throws {
    let flags = try resolve(
      project: "warn_error_options: {include: all, exclude: [DeprecatedModel], silence: [LogTestResult]}"
    ).flags
    #expect(flags.warnErrorOptions.error == ["all"])
    #expect(flags.warnErrorOptions.warn == ["DeprecatedModel"])
    #expect(flags.warnErrorOptions.silence == ["LogTestResult"])
    #expect(
      try resolve(["warn_error_options": .string("{\"error\": [\"Note\"]}")]).flags.warnErrorOptions.error == ["Note"])
  }

  @Test func mistakesAreDiagnosed() throws {
    #expect(codes(#expect(throws: Diagnostic.self) { try resolve(env: ["DBT_DEBUG": "maybe"]) }) == ["bad-variable"])
    #expect(codes(#expect(throws: Diagnostic.self) { try resolve(project: "debug: 1") }) == ["wrong-type"])
    #expect(codes(#expect(throws: Diagnostic.self) { try resolve(["log_level": .string("loud")]) }) == ["bad-choice"])
    #expect(
      codes(#expect(throws: Diagnostic.self) { try resolve(project: "warn_error_options: {error: all, include: all}") })
        == ["two-names"])
    let result = try resolve(env: ["DBT_ENGINE_DEBUGG": "1"], project: "fail_fats: true")
    #expect(result.warnings.map(\.code) == ["unknown-flag", "unknown-variable"])
    #expect(result.warnings.first?.hint == "did you mean `fail_fast`?")
    #expect(result.warnings.last?.hint == "did you mean DBT_ENGINE_DEBUG?")
  }
}
