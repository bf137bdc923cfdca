/// Which columns look like a model's primary key, from its constraints, else from the tests attached to it.
public enum PrimaryKey {
  /// - Parameter tests: the generic tests attached to the model, disabled ones included.
  /// - Returns: column names, sorted.
  public static func infer(_ model: Node, tests: [Node]) -> [String] {
    for constraint in model.constraints where constraint.type == .primaryKey { return sorted(constraint.columns) }
    for column in model.columns where column.constraints.contains(where: { $0.type == .primaryKey }) {
      return [column.name]
    }
    var enabledUnique: Set<String> = []
    var disabledUnique: Set<String> = []
    var notNull: Set<String> = []
    for test in tests {
      guard let metadata = test.testMetadata else { continue }
      for column in columns(metadata) {
        switch metadata.name {
        case "unique", "unique_combination_of_columns":
          if test.config.enabled { enabledUnique.insert(column) } else { disabledUnique.insert(column) }
        case "not_null": notNull.insert(column)
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

  private static func sorted(_ names: some Sequence<String>) -> [String] { names.sorted(by: isOrdered) }
}
