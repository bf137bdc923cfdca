import Diagnostics
import Jinja

/// What a snapshot's table must look like, and what happens to deleted rows.
enum SnapshotTarget {
  static func check(_ columns: [ColumnValue], names: Value?, newRecord: Bool) throws {
    let present = Set(columns.map { $0.name.lowercased() })
    var wanted = ["dbt_scd_id", "dbt_valid_from", "dbt_valid_to"]
    var missing = self.missing(wanted, present, names)
    if missing.isEmpty, newRecord {
      wanted = ["dbt_is_deleted"]
      missing = self.missing(wanted, present, names)
    }
    guard !missing.isEmpty else { return }
    throw ExecutionError(
      .compilation,
      "Snapshot target is missing configured columns (missing \"\(missing.joined(separator: "\", \""))\"). See "
        + "https://docs.getdbt.com/docs/build/snapshots#snapshot-meta-fields for more information.")
  }

  private static func missing(_ wanted: [String], _ present: Set<String>, _ names: Value?) -> [String] {
    wanted.compactMap { column in
      let name = names?.asDict?[column]?.asString ?? column
      return present.contains(name.lowercased()) ? nil : name
    }
  }

  /// `ignore`, `invalidate` or `new_record`, from `hard_deletes` or the older `invalidate_hard_deletes`.
  static func hardDeletes(_ config: Value, _ r: Interpreter) throws -> Value {
    func get(_ key: String) throws -> Value {
      try r.callMethod(config, Str.make("get"), Arguments([.string(key), .none]))
    }
    let old = try get("invalidate_hard_deletes")
    let new = try get("hard_deletes")
    if !old.isNone, !new.isNone {
      throw ExecutionError(
        .validation,
        "You cannot set both the invalidate_hard_deletes and hard_deletes config properties on the same snapshot.")
    }
    switch (old.isTrue, new.asString) {
    case (true, _), (_, "invalidate"): return .string("invalidate")
    case (_, "new_record"): return .string("new_record")
    case (_, nil), (_, "ignore"): return .string("ignore")
    default: throw ExecutionError(.validation, "Invalid setting for property hard_deletes.")
    }
  }
}
