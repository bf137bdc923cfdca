import Jinja

/// A relation as templates see it (dbt's `Relation` objects:
/// https://docs.getdbt.com/reference/dbt-classes#relation).
public final class RelationValue: HostObject {
  public let relation: Relation
  private lazy var text = Str.make(relation.sql)

  public init(_ relation: Relation) { self.relation = relation }

  /// A relation of a known type has a name PostgreSQL can hold; longer names would be cut silently.
  public static func checked(_ relation: Relation) throws -> RelationValue {
    if relation.type != nil, let name = relation.identifier, name.utf8.count > Relation.maximumNameLength {
      let unit = name.unicodeScalars.count > Relation.maximumNameLength ? "characters" : "bytes"
      throw TemplateError(
        .runtime, "Relation name '\(name)' is longer than \(Relation.maximumNameLength) \(unit)",
        hint: "PostgreSQL cuts names at 63 bytes; set a shorter `alias`.")
    }
    return RelationValue(relation)
  }

  public override var typeName: String { "PostgresRelation" }
  public override func str(_ interpreter: Interpreter?) -> Str { text }
  public override func repr(_ interpreter: Interpreter?) -> Str { Str.make("<PostgresRelation \(relation.render())>") }
  public override func isEqual(to other: Value) -> Bool {
    guard case .object(let object) = other, let other = object as? RelationValue else { return false }
    return relation == other.relation
  }
  public override func hashCode() -> Int { relation.render().hashValue }
  public override func freeze() { text.freeze() }

  /// Relations are mappings by type, which is how packages tell them from text, though nothing can be listed.
  public override var isMapping: Bool { true }
  public override func iterate(_ interpreter: Interpreter) throws -> ValueIterator? {
    throw TemplateError(
      .runtime,
      "The object (\"\(relation.sql)\") was used as a dictionary. "
        + "This capability has been removed from objects of this type.")
  }
  public override func contains(_ member: Value, _ interpreter: Interpreter) throws -> Bool? {
    guard case .string(let name) = member else { return false }
    return property(name.string) != nil
  }

  public override func property(_ name: String) -> Value? {
    switch name {
    case "database": Self.optional(relation.database)
    case "schema": Self.optional(relation.schema)
    case "identifier", "table", "name": Self.optional(relation.identifier)
    case "type": Self.optional(relation.type?.rawValue)
    case "path":
      .dict([
        "database": Self.optional(relation.database), "schema": Self.optional(relation.schema),
        "identifier": Self.optional(relation.identifier),
      ])
    case "quote_character": .string("\"")
    case "quote_policy": Self.parts(relation.quote)
    case "include_policy": Self.parts(relation.include)
    case "is_table": .bool(relation.type == .table)
    case "is_view": .bool(relation.type == .view)
    case "is_cte": .bool(relation.type == .cte)
    case "is_materialized_view": .bool(relation.type == .materializedView)
    case "is_pointer": .bool(relation.type == .pointerTable)
    case "is_function": .bool(relation.type == .function)
    case "can_be_renamed", "can_be_replaced": .bool(relation.type == .table || relation.type == .view)
    case "dbt_created": .bool(relation.created)
    case "limit": relation.limit.map { .int($0) } ?? Value.none
    case "event_time_filter":
      relation.eventTime.map {
        .dict([
          "field_name": .string($0.field), "start": Self.optional($0.start), "end": Self.optional($0.end),
        ])
      } ?? Value.none
    case "require_alias": .bool(relation.requireAlias)
    case "Table": .string("table")
    case "View": .string("view")
    case "CTE": .string("cte")
    case "External": .string("external")
    case "MaterializedView": .string("materialized_view")
    case "PointerTable": .string("pointer_table")
    case "Function": .string("function")
    default: nil
    }
  }

  public override var methodNames: Set<String> { Self.methods }
  private static let methods: Set<String> = [
    "render", "include", "quote", "quoted", "replace_path", "incorporate", "matches", "without_identifier",
    "information_schema", "information_schema_only", "create", "create_from", "relation_max_name_length",
    "render_limited", "render_event_time_filtered", "get", "add_ephemeral_prefix",
    "get_materialized_view_config_change_collection", "get_function_config", "get_function_macro_name", "replace",
    "to_dict",
  ]

  private static let pathParts: Set<String> = ["database", "schema", "identifier"]

  public override func invoke(_ name: String, _ a: HostArguments, _ interpreter: Interpreter) throws -> Value {
    var copy = relation
    switch name {
    case "render": return .string(relation.render())
    case "render_limited":
      copy.eventTime = nil
      return .string(copy.sql)
    case "render_event_time_filtered":
      return .string(relation.filtered(try a.string(0, "rendered") ?? relation.render()))
    case "get_function_config":
      let model = try a.required(0, "model")
      guard try interpreter.getItem(model, .string("resource_type")).asString == "function" else { return .none }
      let config = try interpreter.getItem(model, .string("config"))
      let out = DictObject()
      out["language"] = try interpreter.getItem(model, .string("language"))
      for key in ["type", "runtime_version", "entry_point"] {
        out[key] = try interpreter.getItem(config, .string(Str.make(key)))
      }
      if out["language"]?.asString == "python" {
        for (key, article) in [("runtime_version", "A"), ("entry_point", "An")] where out[key]?.asString == nil {
          throw ExecutionError(.runtime, "\(article) `\(key)` is required for python functions")
        }
      }
      return .dict(out)
    case "get_function_macro_name":
      let config = try a.required(0, "config")
      let type = try interpreter.getItem(config, .string("type")).str(interpreter).string
      let language = try interpreter.getItem(config, .string("language")).str(interpreter).string
      return .string("\(type)_function_\(language)")
    case "quoted": return .string(Relation.quoted(try a.string(0, "identifier", interpreter) ?? "None"))
    case "include":
      copy.include = try Self.changed(copy.include, a)
      return .object(RelationValue(copy))
    case "quote":
      copy.quote = try Self.changed(copy.quote, a)
      return .object(RelationValue(copy))
    case "without_identifier":
      copy.include.identifier = false
      copy.identifier = nil
      return .object(RelationValue(copy))
    case "information_schema":
      return .object(InformationSchemaValue(relation, view: a.optional(0, "view_name")?.asString))
    case "information_schema_only":
      return .object(InformationSchemaValue(relation, view: nil))
    case "replace_path":
      for keyword in a.raw.keywords { try Self.setPath(keyword.name.string, keyword.value, &copy) }
      return .object(try Self.checked(copy))
    case "incorporate", "replace":
      for keyword in a.raw.keywords {
        switch keyword.name.string {
        case "path":
          guard case .dict(let path) = keyword.value else { continue }
          // Packages also name parts that no path has; dbt passes over them.
          for (key, value) in path.pairs {
            guard let key = key.asString, Self.pathParts.contains(key) else { continue }
            try Self.setPath(key, value, &copy)
          }
        case "type": copy.type = try Self.type(keyword.value)
        case "quote_policy": copy.quote = try Self.parts(keyword.value, over: copy.quote)
        case "include_policy": copy.include = try Self.parts(keyword.value, over: copy.include)
        case "limit": copy.limit = keyword.value.asInt
        default: break
        }
      }
      return .object(try Self.checked(copy))
    case "create": return .object(try Self.create(a))
    case "create_from": return try a.required(0, "relation_config")
    case "matches":
      return .bool(
        try [
          ("database", 0, relation.database), ("schema", 1, relation.schema), ("identifier", 2, relation.identifier),
        ]
        .allSatisfy { name, index, mine in
          guard let wanted = try a.string(index, name) else { return true }
          return wanted == mine
        })
    case "relation_max_name_length": return .int(Relation.maximumNameLength)
    case "add_ephemeral_prefix": return .string("__dbt__cte__\(try a.string(0, "name") ?? "")")
    case "get":
      let key = try a.string(0, "key") ?? ""
      if key == "metadata" { return .dict(["type": .string("PostgresRelation")]) }
      return property(key) ?? a.optional(1, "default") ?? .none
    case "get_materialized_view_config_change_collection":
      return try IndexChanges.collection(
        existing: try a.required(0, "relation_results"), config: try a.required(1, "relation_config"), interpreter)
    case "to_dict":
      return .dict([
        "database": Self.optional(relation.database), "schema": Self.optional(relation.schema),
        "identifier": Self.optional(relation.identifier), "type": Self.optional(relation.type?.rawValue),
      ])
    default: return try super.invoke(name, a, interpreter)
    }
  }

  /// `api.Relation.create(database=, schema=, identifier=, type=, …)`
  static func create(_ a: HostArguments) throws -> RelationValue {
    for (position, part) in ["database", "schema", "identifier"].enumerated() {
      if case .undefined? = a.optional(position, part) {
        throw TemplateError(.value, "Field \"path\" of type Path in PostgresRelation has an undefined \(part)")
      }
    }
    var relation = Relation(
      database: try a.string(0, "database"), schema: try a.string(1, "schema"),
      identifier: try a.string(2, "identifier"), type: try a.optional(3, "type").flatMap { try type($0) })
    for keyword in a.raw.keywords {
      switch keyword.name.string {
      case "quote_policy": relation.quote = try parts(keyword.value, over: relation.quote)
      case "include_policy": relation.include = try parts(keyword.value, over: relation.include)
      case "limit": relation.limit = keyword.value.asInt
      case "dbt_created": relation.created = keyword.value.isTrue
      default: break
      }
    }
    return try checked(relation)
  }

  static func type(_ value: Value) throws -> RelationType? {
    switch value {
    case .none, .undefined: return nil
    default:
      let word = try value.str(nil).string
      guard let type = RelationType(rawValue: word) else {
        let known = RelationType.allCases.map(\.rawValue).joined(separator: ", ")
        throw TemplateError(.value, "'\(word)' is not a relation type", hint: "The types are \(known).")
      }
      return type
    }
  }

  static func optional(_ text: String?) -> Value { text.map { .string($0) } ?? .none }

  private static func parts(_ parts: RelationParts) -> Value {
    .dict([
      "database": .bool(parts.database), "schema": .bool(parts.schema), "identifier": .bool(parts.identifier),
    ])
  }

  private static func parts(_ value: Value, over base: RelationParts) throws -> RelationParts {
    guard case .dict(let dict) = value else { return base }
    var parts = base
    if let v = dict["database"], !v.isNone { parts.database = v.isTrue }
    if let v = dict["schema"], !v.isNone { parts.schema = v.isTrue }
    if let v = dict["identifier"], !v.isNone { parts.identifier = v.isTrue }
    return parts
  }

  private static func changed(_ base: RelationParts, _ a: HostArguments) throws -> RelationParts {
    try a.check(["database", "schema", "identifier"])
    var parts = base
    if let v = a.optional(0, "database"), !v.isNone, !v.isUndefined { parts.database = v.isTrue }
    if let v = a.optional(1, "schema"), !v.isNone, !v.isUndefined { parts.schema = v.isTrue }
    if let v = a.optional(2, "identifier"), !v.isNone, !v.isUndefined { parts.identifier = v.isTrue }
    return parts
  }

  private static func setPath(_ key: String, _ value: Value, _ relation: inout Relation) throws {
    let text: String? = if value.isNone || value.isUndefined { nil } else { try value.str(nil).string }
    switch key {
    case "database": relation.database = text
    case "schema": relation.schema = text
    case "identifier": relation.identifier = text
    default: throw TemplateError(.type, "replace_path() got an unexpected keyword argument '\(key)'")
    }
  }
}

/// `relation.information_schema('tables')`: the information schema of the relation's database.
public final class InformationSchemaValue: HostObject {
  private let relation: Relation
  private let view: String?

  public init(_ relation: Relation, view: String?) {
    self.relation = relation
    self.view = view
  }

  public override var typeName: String { "InformationSchema" }
  public override func str(_ interpreter: Interpreter?) -> Str {
    var parts: [String] = []
    if relation.include.database, let database = relation.database {
      parts.append(relation.quote.database ? Relation.quoted(database) : database)
    }
    parts.append("INFORMATION_SCHEMA")
    if let view { parts.append(view) }
    return Str.make(parts.joined(separator: "."))
  }
  public override func repr(_ interpreter: Interpreter?) -> Str { Str.make("<InformationSchema \(str(nil).string)>") }

  public override func property(_ name: String) -> Value? {
    switch name {
    case "database": RelationValue.optional(relation.database)
    case "schema", "identifier": Value.none
    case "information_schema_view": RelationValue.optional(view)
    default: nil
    }
  }
  public override var methodNames: Set<String> { ["render", "replace_path"] }
  public override func invoke(_ name: String, _ a: HostArguments, _ interpreter: Interpreter) throws -> Value {
    if name == "render" { return .string(str(nil)) }
    return try super.invoke(name, a, interpreter)
  }
}
