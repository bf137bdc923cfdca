/// Which columns look like a model's primary key, from its constraints, else from the tests attached to it.
public enum PrimaryKey {
  /// - Parameter tests: the generic tests attached to the model, disabled ones included.
  /// - Returns: column names, sorted.
  public static func infer(_ model: Node, tests: [Node]) -> [String] {
    for constraint in model.constraints where constraint.type == .primaryKey { return sorted(constraint.columns) }
    for column in model.columns where column.constraints.contains(where: { $0.type == .primaryKey }) {
      return [column.name]
    }
    // A model has few: sets would cost more than looking through them.
    var enabledUnique: [String] = []
    var disabledUnique: [String] = []
    var notNull: [String] = []
    func add(_ column: String, to columns: inout [String]) {
      if !columns.contains(column) { columns.append(column) }
    }
    for test in tests {
      guard let metadata = test.testMetadata else { continue }
      for column in columns(metadata) {
        switch metadata.name {
        case "unique", "unique_combination_of_columns":
          if test.config.enabled { add(column, to: &enabledUnique) } else { add(column, to: &disabledUnique) }
        case "not_null": add(column, to: &notNull)
        default: break
        }
      }
    }
    let both = notNull.filter { enabledUnique.contains($0) || disabledUnique.contains($0) }
    if !both.isEmpty { return sorted(both) }
    return sorted(enabledUnique.isEmpty ? disabledUnique : enabledUnique)
  }

  private static func columns(_ metadata: TestMetadata) -> [String] {
    if let column = metadata.kwargs["column_name"]?.asString { return [column] }
    return metadata.kwargs["combination_of_columns"]?.asList?.compactMap(\.asString) ?? []
  }

  private static func sorted(_ names: [String]) -> [String] { names.sorted(by: isOrdered) }
}
