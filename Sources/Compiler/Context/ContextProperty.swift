import Jinja

/// The names of a template's context that are values rather than functions, as templates write them.
enum ContextProperty: String, CaseIterable {
  case this, model, config, adapter, execute, target, env, schema, database, project_name, dbt_version, invocation_id
  case run_started_at, thread_id, flags, modules, api, column, exceptions, builtins, context, graph, selected_resources
  case dbt_metadata_envs, invocation_args_dict, validation, sql, compiled_code, pre_hooks, post_hooks, sql_now
  case defer_relation

  /// Whether it belongs to one tenant's run alone, or leads to such things.
  var isBound: Bool {
    switch self {
    case .this, .model, .target, .env, .schema, .database, .invocation_id, .run_started_at, .graph, .builtins, .context,
      .invocation_args_dict, .dbt_metadata_envs:
      true
    default: false
    }
  }

  private static let all = Array(allCases)
  /// Positions in `all`: every rendering asks for several, and a table by hash is faster than comparing texts.
  nonisolated(unsafe) private static let positions: DictObject = {
    let table = DictObject()
    for (i, property) in all.enumerated() { table[property.rawValue] = .int(i) }
    for key in table.keys { key.freeze() }
    return table
  }()

  static func named(_ name: Str) -> ContextProperty? {
    guard case .int(let i)? = positions[name] else { return nil }
    return all[i]
  }
}
