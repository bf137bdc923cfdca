import Diagnostics
import Events
import Jinja
import Manifest
import Postgres

/// What all threads share of the database: how to connect, the relation cache, the query comment, and the macros by
/// which catalog questions are asked.
public final class Adapter: @unchecked Sendable {
  public let pool: ConnectionPool
  public let cache = RelationCache()
  public let log: EventLog
  public let dbtVersion: String
  public let profileName: String
  public let targetName: String
  /// The database of the profile; PostgreSQL can't reach another one.
  public let database: String
  /// Which parts of names are quoted unless a node says otherwise.
  public var quoting = RelationParts()
  public var queryComment = QueryComment()
  /// Runs a macro by name for the adapter's own needs; set by the engine that owns the macros.
  public var runMacro: (_ name: String, _ arguments: [(String, Value)], _ session: DatabaseSession) throws -> Value = {
    name, _, _ in throw ExecutionError(.internal, "No macros are loaded to run \(name).")
  }
  /// Renders a query comment's template.
  public var renderComment: (_ template: String, _ session: DatabaseSession) throws -> String = { text, _ in text }

  /// Why there is no connection at all; nil when there may be one (`--no-introspect`).
  public var refusal: String?
  private let stopping = Locked(false)
  /// The run was interrupted: statements are refused from now on.
  public var isStopping: Bool { stopping.withLock { $0 } }
  public func stop() { stopping.withLock { $0 = true } }
  /// Statements may start again: the last ones of an interrupted run.
  public func resume() { stopping.withLock { $0 = false } }

  public init(
    pool: ConnectionPool, log: EventLog, dbtVersion: String, profileName: String, targetName: String, database: String
  ) {
    self.pool = pool
    self.log = log
    self.dbtVersion = dbtVersion
    self.profileName = profileName
    self.targetName = targetName
    self.database = database
  }

  /// The relations of a schema, from the cache when they were listed before.
  public func listRelations(database: String?, schema: String?, _ session: DatabaseSession) throws -> [Relation] {
    if let known = cache.relations(database: database, schema: schema) { return known }
    var schemaRelation = Relation(database: database, schema: schema, identifier: nil, quote: quoting)
    schemaRelation.include.identifier = false
    let value = try runMacro(
      "list_relations_without_caching", [("schema_relation", .object(RelationValue(schemaRelation)))], session)
    var relations: [Relation] = []
    if let table = value.asObject(AgateTable.self) {
      for row in table.rows where row.count >= 4 {
        var relation = Relation(
          database: try row[0].str(nil).string, schema: try row[2].str(nil).string,
          identifier: try row[1].str(nil).string, type: RelationType(rawValue: try row[3].str(nil).string))
        if relation.type == nil { relation.type = .external }
        relations.append(relation)
      }
    }
    cache.fill(database: database, schema: schema, relations)
    return relations
  }

  /// The relation of this name; nil when there is none. With identifier quoting off, names are compared in lower case.
  public func relation(
    database: String?, schema: String?, identifier: String?, _ session: DatabaseSession
  ) throws -> Relation? {
    guard let identifier else { return nil }
    if let database, database.lowercased() != self.database.lowercased() {
      throw ExecutionError(
        .runtime, "Cross-db references not allowed in postgres (\(database) vs \(self.database))")
    }
    let all = try listRelations(database: database ?? self.database, schema: schema, session)
    let wanted = quoting.identifier ? identifier : identifier.lowercased()
    if let exact = all.first(where: { $0.identifier == wanted && $0.schema == schema }) { return exact }
    if let near = all.first(where: { $0.identifier?.lowercased() == wanted.lowercased() }) {
      let target = Relation(database: database, schema: schema, identifier: identifier)
      throw ExecutionError(
        .compilation,
        "When searching for a relation, dbt found an approximate match. Instead of guessing \n"
          + "which relation to use, dbt will move on. Please delete \(near.render()), or rename it to be less ambiguous."
          + "\nSearched for: \(target.render())\nFound: \(near.render())")
    }
    return nil
  }
}
