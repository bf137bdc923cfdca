extension Manifest {
  /// Notes for every model, seed and snapshot where its counterpart in another environment lives (`--defer`), and
  /// takes over functions that are not here. Ephemeral ones have no relation to defer to.
  public func `defer`(to other: Manifest) {
    for theirs in other.nodes where theirs.isRefable && !theirs.isEphemeralModel {
      guard let node = nodes[theirs.uniqueID] else { continue }
      node.deferRelation = DeferRelation(
        database: theirs.database, schema: theirs.schema ?? "", alias: theirs.alias, relationName: theirs.relationName)
    }
    for function in other.functions {
      if let own = functions[function.uniqueID] {
        own.deferRelation = DeferRelation(
          database: function.database, schema: function.schema ?? "", alias: function.alias,
          relationName: function.relationName)
      } else {
        functions.add(function)
      }
    }
  }
}
