import Compiler
import Diagnostics
import Events
import Jinja
import Manifest

/// Makes the schemas a run needs, and lists what is in them, so that workers find the cache filled.
struct SchemaPreparation {
  let project: CompiledProject
  let session: DatabaseSession

  init(_ project: CompiledProject, _ session: DatabaseSession) {
    self.project = project
    self.session = session
  }

  func prepare(_ resources: [GraphResource]) throws {
    var wanted: [(database: String?, schema: String)] = []
    for case let node as Node in resources
    where (node.isRelational && !node.isEphemeralModel) || node.resourceType == .function {
      guard let schema = node.schema else { continue }
      if !wanted.contains(where: { $0.database == node.database && $0.schema == schema }) {
        wanted.append((node.database, schema))
      }
    }
    guard !wanted.isEmpty else { return }
    let adapter = project.adapter
    for place in wanted {
      if let database = place.database, database.lowercased() != adapter.database.lowercased() {
        throw ExecutionError(
          .runtime, "Cross-db references not allowed in postgres (\(database) vs \(adapter.database))")
      }
    }
    let listed = try adapter.runMacro("list_schemas", [("database", .string(adapter.database))], session)
    let existing = Set(
      try listed.asObject(AgateTable.self)?.rows.compactMap { try $0.first?.str(nil).string.lowercased() } ?? [])
    for place in wanted {
      var relation = Relation(
        database: place.database, schema: place.schema, identifier: nil, quote: project.settings.quoting)
      relation.include.identifier = false
      if existing.contains(place.schema.lowercased()) {
        _ = try adapter.listRelations(database: place.database, schema: place.schema, session)
      } else {
        session.adapter.log.emit(.schemaCreation(database: place.database ?? "", schema: place.schema))
        _ = try adapter.runMacro("create_schema", [("relation", .object(RelationValue(relation)))], session)
        try session.commitIfAny()
        adapter.cache.fill(database: place.database, schema: place.schema, [])
      }
    }
    // What CASCADE takes along: known before anything is dropped.
    let links = try adapter.runMacro("postgres__get_relations", [], session).asObject(AgateTable.self)
    for row in links?.rows ?? [] where row.count >= 4 {
      let names = try row.prefix(4).map { try $0.str(nil).string }
      adapter.cache.link(database: adapter.database, (names[0], names[1]), on: (names[2], names[3]))
    }
    try session.commitIfAny()
  }
}
