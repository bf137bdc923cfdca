import Diagnostics

/// What is allowed and yet worth a word, seen when everything is read.
extension ManifestChecks {
  /// Nodes whose names have spaces: an error where names must do without
  /// (https://docs.getdbt.com/reference/global-configs/behavior-changes), else a warning for the first or, when all are
  /// listed, for each, and one for all.
  public static func namesWithSpaces(_ manifest: Manifest, areErrors: Bool, listsAll: Bool = false) -> [Diagnostic] {
    let found = manifest.nodes.filter { $0.name.hasByte(0x20) }
    guard let first = found.first else { return [] }
    if areErrors {
      let list = found.map { "  * '\($0.uniqueID)' (\($0.originalFilePath))" }.joined(separator: "\n")
      return [
        Diagnostic(
          "names-with-spaces", .validation, "Resource names cannot contain spaces:\n\(list)", range: first.range,
          hint: "Rename them; words can be joined by underscores.")
      ]
    }
    let each = found.prefix(listsAll ? found.count : 1).map { node in
      var warning = Diagnostic(
        "name-with-spaces", .compilation, "Found spaces in the name of `\(node.uniqueID)`", severity: .warning,
        range: node.range)
      warning.facts = [("level", "warn"), ("unique_id", node.uniqueID)]
      return warning
    }
    var total = Diagnostic(
      "names-with-spaces", .compilation,
      "Spaces found in \(found.count) resource name(s). This is deprecated: they may lead to errors."
        + (listsAll ? "" : " Run again with `--debug` to see them all."), severity: .warning, range: first.range)
    total.facts = [("count_invalid_names", String(found.count))]
    return each + [total]
  }

  /// Contracts whose constraints nothing will enforce, because the model is no table.
  public static func unenforcedConstraints(_ manifest: Manifest) -> [Diagnostic] {
    manifest.nodes.compactMap { node in
      guard node.resourceType == .model, node.contract.enforced,
        !["table", "incremental"].contains(node.config.materialized),
        (node.constraints + node.columns.flatMap(\.constraints)).contains(where: \.warnUnsupported)
      else { return nil }
      var warning = Diagnostic(
        "constraint-materialization", .parsing,
        "Constraint types are not supported for \(node.config.materialized) materializations and will be ignored.  Set "
          + "'warn_unsupported: false' on this constraint to ignore this warning.",
        severity: .warning, range: node.range)
      warning.facts = [("materialized", node.config.materialized)]
      return warning
    }
  }

  /// Sources with thresholds for their age but nothing to tell it by: PostgreSQL does not know when a table changed.
  public static func freshness(_ manifest: Manifest) -> [Diagnostic] {
    manifest.sources.compactMap { source in
      guard source.hasFreshness, source.loadedAtField == nil, source.loadedAtQuery == nil else { return nil }
      let message =
        "The configured adapter does not support metadata-based freshness. A loaded_at_field must be specified for "
        + "source '\(source.sourceName).\(source.name)'."
      var warning = Diagnostic("freshness-config", .parsing, message, severity: .warning, range: source.range)
      warning.facts = [("msg", message)]
      return warning
    }
  }

  /// Microbatch models in a project with a strategy macro of its own, which runs once and not batch by batch.
  public static func microbatchMacro(_ manifest: Manifest) -> [Diagnostic] {
    guard let model = manifest.nodes.first(where: \.isMicrobatch) else { return [] }
    return [
      Diagnostic(
        "microbatch-macro", .compilation,
        "The use of a custom microbatch macro outside of batched execution is deprecated. Set "
          + "`flags.require_batched_execution_for_custom_microbatch_strategy` to `True` in `dbt_project.yml` to have it run "
          + "batch by batch.", severity: .warning, range: model.range)
    ]
  }
}
