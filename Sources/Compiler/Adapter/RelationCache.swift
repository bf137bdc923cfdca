import Diagnostics
import Events
import Jinja

/// What relations the database has, schema by schema, so that a run asks for each schema once (dbt's relation cache).
///
/// It also knows which relations are built on which: dropping one with CASCADE takes those with it, and they must not
/// be thought to be there still. Shared by all threads. Macros keep it in step through `adapter.cache_added`,
/// `cache_dropped`, `cache_renamed`.
public final class RelationCache: Sendable {
  struct SchemaKey: Hashable {
    var database: String
    var schema: String
  }

  private struct Key: Hashable {
    var schema: SchemaKey
    var identifier: String
  }

  private struct State {
    var schemas: [SchemaKey: [String: Relation]] = [:]
    /// For each relation those that go when it is dropped.
    var dependents: [Key: Set<Key>] = [:]

    mutating func drop(_ key: Key) {
      var left = [key]
      while let next = left.popLast() {
        schemas[next.schema]?.removeValue(forKey: next.identifier)
        left += dependents.removeValue(forKey: next) ?? []
      }
    }

    /// Views go on with what they were built on, whatever it is called now.
    mutating func rename(_ old: Key, to new: Key) {
      if let moved = dependents.removeValue(forKey: old) { dependents[new] = moved }
      for (key, those) in dependents where those.contains(old) {
        var those = those
        those.remove(old)
        those.insert(new)
        dependents[key] = those
      }
    }
  }

  private let state = Locked(State())

  public init() {}

  private static func key(_ database: String?, _ schema: String?) -> SchemaKey {
    SchemaKey(database: (database ?? "").lowercased(), schema: (schema ?? "").lowercased())
  }

  private static func key(_ relation: Relation) -> Key {
    Key(schema: key(relation.database, relation.schema), identifier: relation.identifier ?? "")
  }

  /// The relations of a schema; nil when it was never listed.
  public func relations(database: String?, schema: String?) -> [Relation]? {
    state.withLock { $0.schemas[Self.key(database, schema)].map { Array($0.values) } }
  }

  public func relation(database: String?, schema: String?, identifier: String) -> Relation?? {
    state.withLock { $0.schemas[Self.key(database, schema)].map { $0[identifier] } }
  }

  public func fill(database: String?, schema: String?, _ relations: [Relation]) {
    state.withLock {
      $0.schemas[Self.key(database, schema)] = Dictionary(
        relations.map { ($0.identifier ?? "", $0) }, uniquingKeysWith: { a, _ in a })
    }
  }

  /// Says that one relation is built on another, by the names they have now.
  public func link(
    database: String?, _ dependent: (schema: String, name: String), on base: (schema: String, name: String)
  ) {
    let from = Key(schema: Self.key(database, base.schema), identifier: base.name)
    let to = Key(schema: Self.key(database, dependent.schema), identifier: dependent.name)
    state.withLock { _ = $0.dependents[from, default: []].insert(to) }
  }

  /// A schema that is new and therefore empty.
  public func addSchema(database: String?, schema: String?) {
    state.withLock { state in
      let key = Self.key(database, schema)
      if state.schemas[key] == nil { state.schemas[key] = [:] }
    }
  }

  public func add(_ relation: Relation) {
    let key = Self.key(relation)
    state.withLock { $0.schemas[key.schema, default: [:]][key.identifier] = relation }
  }

  /// Forgets a relation and everything built on it.
  public func drop(_ relation: Relation) { state.withLock { $0.drop(Self.key(relation)) } }

  public func dropSchema(database: String?, schema: String?) {
    let key = Self.key(database, schema)
    state.withLock { state in
      for identifier in state.schemas[key]?.keys.map({ $0 }) ?? [] {
        state.drop(Key(schema: key, identifier: identifier))
      }
      state.schemas.removeValue(forKey: key)
    }
  }

  public func rename(_ old: Relation, to new: Relation) {
    let (from, to) = (Self.key(old), Self.key(new))
    state.withLock { state in
      var moved = state.schemas[from.schema]?.removeValue(forKey: from.identifier) ?? new
      moved.database = new.database
      moved.schema = new.schema
      moved.identifier = new.identifier
      state.schemas[to.schema, default: [:]][to.identifier] = moved
      state.rename(from, to: to)
    }
  }

  public func clear() { state.withLock { $0 = State() } }
}
