import Testing

@testable import Project

/// What run_results and templates are told of flags, against what dbt 1.11 writes there.
@Suite struct FlagArgumentTests {
  @Test func switchesThatAreOffAreLeftOutWhereDbtLeavesThemOut() {
    let quiet = Flags().arguments(of: "run")
    #expect(quiet["full_refresh"] == nil && quiet["debug"] == nil && quiet["store_failures"] == nil)
    #expect(quiet["defer"] == .bool(false) && quiet["quiet"] == .bool(false))
    var flags = Flags()
    flags.fullRefresh = true
    #expect(flags.arguments(of: "run")["full_refresh"] == .bool(true))
  }

  @Test func commandsHaveFlagsOfTheirOwn() {
    let flags = Flags()
    #expect(flags.arguments(of: "run")["empty"] == .bool(false))
    #expect(flags.arguments(of: "test")["empty"] == nil)
    #expect(flags.arguments(of: "build")["export_saved_queries"] == .bool(false))
    #expect(flags.arguments(of: "run")["resource_types"] == nil)
    #expect(flags.arguments(of: "test")["resource_types"] == .strings([]))
    #expect(flags.arguments(of: "run")["clean_project_files_only"] == nil)
  }

  @Test func operationsShowMoreSwitchesAndFewerPaths() {
    var flags = Flags()
    flags.projectDirectory = "/p"
    let operation = flags.arguments(of: "run-operation")
    #expect(operation["full_refresh"] == .bool(false) && operation["single_threaded"] == .bool(false))
    #expect(operation["project_dir"] == nil && operation["warn_error"] == nil)
    #expect(flags.arguments(of: "run")["project_dir"] == .string("/p"))
  }

  @Test func whatHasNoValueIsNotShown() {
    var flags = Flags()
    #expect(flags.arguments(of: "run")["target"] == nil && flags.arguments(of: "run")["threads"] == nil)
    flags.target = "prod"
    flags.threads = 8
    #expect(flags.arguments(of: "run")["target"] == .string("prod"))
    #expect(flags.arguments(of: "run")["threads"] == .int(8))
  }

  @Test func behavioursAreShownExceptTheAdaptersOwn() {
    let shown = Flags().arguments(of: "run")
    #expect(shown["require_generic_test_arguments_property"] == .bool(true))
    #expect(shown["postgres_skip_autocommit_transaction_statements"] == nil)
    #expect(shown["require_event_names_in_deprecations"] == nil)
  }
}
