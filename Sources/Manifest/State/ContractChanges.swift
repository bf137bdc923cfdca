import Glibc

/// What in a model's contract changed so that its users may break.
enum ContractChanges {
  /// Sentences, none when the change only adds.
  static func breaking(_ new: Node, _ old: Node) -> [String] {
    var out: [String] = []
    if !new.contract.enforced {
      out.append(
        "Contract enforcement was removed: Previously, this model had an enforced contract. It is no longer configured "
          + "to enforce its contract, and this is a breaking change.")
    }
    var removed: [String] = []
    var retyped: [String] = []
    var loosened: [String] = []
    let oldEnforces = enforces(old)
    for column in old.columns.sorted(by: { isOrdered($0.name, $1.name) }) {
      guard let now = new.columns.first(where: { $0.name == column.name }) else {
        removed.append(column.name)
        continue
      }
      if column.dataType != now.dataType, bareType(column.dataType) != bareType(now.dataType) {
        retyped.append("\(column.name) (\(column.dataType ?? "None") -> \(now.dataType ?? "None"))")
      }
      if oldEnforces {
        for constraint in column.constraints where !now.constraints.contains(constraint) && constraint.type != .custom {
          loosened.append("'\(constraint.name ?? constraint.type.rawValue)' constraint on column \(column.name)")
        }
      }
    }
    var modelLevel: [String] = []
    if oldEnforces {
      for constraint in old.constraints where !new.constraints.contains(constraint) && constraint.type != .custom {
        let columns = ConfigValue.strings(constraint.columns).pythonRepr
        modelLevel.append("'\(constraint.name ?? constraint.type.rawValue)' constraint on columns \(columns)")
      }
    }
    func add(_ title: String, _ items: [String]) {
      if !items.isEmpty { out.append("\(title): \n    - " + items.joined(separator: "\n    - ")) }
    }
    add("Columns were removed", removed)
    add("Columns with data_type changes", retyped)
    add("Enforced column level constraints were removed", loosened)
    add("Enforced model level constraints were removed", modelLevel)
    let hasConstraints = !old.constraints.isEmpty || old.columns.contains { !$0.constraints.isEmpty }
    if oldEnforces, !enforces(new), hasConstraints {
      add(
        "Materialization changed with enforced constraints",
        ["\(old.config.materialized) -> \(new.config.materialized)"])
    }
    return out
  }

  /// Whether the materialization makes the database keep constraints.
  static func enforces(_ node: Node) -> Bool {
    node.config.materialized == "table" || node.config.materialized == "incremental"
  }

  /// Size, precision and scale don't count, nor does case.
  private static func bareType(_ type: String?) -> String? {
    guard let type, !type.isEmpty else { return type }
    let head = type.prefix { $0 != "(" }
    return String(head.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()).lowercased()
  }

  static func isPastDeprecation(_ node: Node) -> Bool {
    guard let date = node.deprecationDate, let seconds = ISODate.seconds(date) else { return false }
    return seconds < Double(time(nil))
  }
}
