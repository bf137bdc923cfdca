import Events
import Jinja

/// What relations the database has, schema by schema, so that a run asks for each schema once (dbt's relation cache).
///
/// Shared by all threads. Macros keep it in step through `adapter.cache_added`, `cache_dropped`, `cache_renamed`.
public final class RelationCache: Sendable {
  struct SchemaKey: Hashable {
    var database: String
    var schema: String
  }

  private let schemas = Locked<[SchemaKey: [String: Relation]]>([:])

  public init() {}

  private static func key(_ database: String?, _ schema: String?) -> SchemaKey {
    SchemaKey(database: (database ?? "").lowercased(), schema: (schema ?? "").lowercased())
  }

  /// The relations of a schema; nil when it was never listed.
  public func relations(database: String?, schema: String?) -> [Relation]? {
    schemas.withLock { $0[Self.key(database, schema)].map { Array($0.values) } }
  }

  public func relation(database: String?, schema: String?, identifier: String) -> Relation?? {
    schemas.withLock { $0[Self.key(database, schema)].map { $0[identifier] } }
  }

  public func fill(database: String?, schema: String?, _ relations: [Relation]) {
    schemas.withLock {
      $0[Self.key(database, schema)] = Dictionary(
        relations.map { ($0.identifier ?? "", $0) }, uniquingKeysWith: { a, _ in a })
    }
  }

  /// A schema that is new and therefore empty.
  public func addSchema(database: String?, schema: String?) {
    schemas.withLock { all in
      let key = Self.key(database, schema)
      if all[key] == nil { all[key] = [:] }
    }
  }

  public func add(_ relation: Relation) {
    schemas.withLock { $0[Self.key(relation.database, relation.schema), default: [:]][relation.identifier ?? ""] = relation }
  }

  public func drop(_ relation: Relation) {
    schemas.withLock { _ = $0[Self.key(relation.database, relation.schema)]?.removeValue(forKey: relation.identifier ?? "") }
  }

  public func dropSchema(database: String?, schema: String?) {
    schemas.withLock { _ = $0.removeValue(forKey: Self.key(database, schema)) }
  }

  public func rename(_ old: Relation, to new: Relation) {
    schemas.withLock { all in
      var moved = all[Self.key(old.database, old.schema)]?.removeValue(forKey: old.identifier ?? "") ?? new
      moved.database = new.database
      moved.schema = new.schema
      moved.identifier = new.identifier
      all[Self.key(new.database, new.schema), default: [:]][new.identifier ?? ""] = moved
    }
  }

  public func clear() { schemas.withLock { $0 = [:] } }
}
