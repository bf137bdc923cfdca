/// Switches between an old and a new behaviour, set only under `flags:` in dbt_project.yml; the raw value is the key.
/// The defaults are those of dbt 1.11.
public enum BehaviorFlag: String, Sendable, CaseIterable {
  case requireBatchedExecution = "require_batched_execution_for_custom_microbatch_strategy"
  case requireEventNamesInDeprecations = "require_event_names_in_deprecations"
  case requireExplicitPackageOverrides = "require_explicit_package_overrides_for_builtin_materializations"
  case requireResourceNamesWithoutSpaces = "require_resource_names_without_spaces"
  case sourceFreshnessRunsProjectHooks = "source_freshness_run_project_hooks"
  case skipNodesIfOnRunStartFails = "skip_nodes_if_on_run_start_fails"
  case stateModifiedCompareMoreUnrenderedValues = "state_modified_compare_more_unrendered_values"
  case stateModifiedCompareVars = "state_modified_compare_vars"
  case requireYAMLTimeSpines = "require_yaml_configuration_for_mf_time_spines"
  case requireNestedCumulativeTypeParams = "require_nested_cumulative_type_params"
  case validateMacroArguments = "validate_macro_args"
  case requireAllWarningsHandled = "require_all_warnings_handled_by_warn_error"
  case requireGenericTestArguments = "require_generic_test_arguments_property"
  case requireUniqueResourceNames = "require_unique_project_resource_names"
  case refSearchesNodePackageFirst = "require_ref_searches_node_package_before_root"
  /// Of the adapter.
  case enableTruthyNullsEquals = "enable_truthy_nulls_equals_macro"
  case skipAutocommitTransactionStatements = "postgres_skip_autocommit_transaction_statements"

  public var defaultValue: Bool {
    switch self {
    case .requireExplicitPackageOverrides, .requireResourceNamesWithoutSpaces, .sourceFreshnessRunsProjectHooks,
      .requireGenericTestArguments, .skipAutocommitTransactionStatements:
      true
    default: false
    }
  }

  /// Whether templates see it as `adapter.behavior.…` (and not as `flags.…`).
  public var isAdapters: Bool {
    switch self {
    case .enableTruthyNullsEquals, .skipAutocommitTransactionStatements, .requireBatchedExecution: true
    default: false
    }
  }
}
