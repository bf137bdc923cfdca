import Jinja

/// A column's name and type as templates see it (dbt's `Column`:
/// https://docs.getdbt.com/reference/dbt-classes#column, with PostgreSQL's rule that text and unbounded
/// varchar keep their names).
public final class ColumnValue: HostObject {
  public let name: String
  public let dtype: String
  public let characterSize: Int?
  public let precision: Int?
  public let scale: Int?

  public init(_ name: String, _ dtype: String, characterSize: Int? = nil, precision: Int? = nil, scale: Int? = nil) {
    self.name = name
    self.dtype = dtype
    self.characterSize = characterSize
    self.precision = precision
    self.scale = scale
  }

  public override var typeName: String { "PostgresColumn" }
  public override func repr(_ interpreter: Interpreter?) throws -> Str {
    func number(_ value: Int?) -> String { value.map(String.init) ?? "None" }
    let texts = try [name, dtype].map { try Value.string($0).repr(interpreter).string }
    return Str.make(
      "PostgresColumn(column=\(texts[0]), dtype=\(texts[1]), char_size=\(number(characterSize)), "
        + "numeric_precision=\(number(precision)), numeric_scale=\(number(scale)))")
  }
  public override func isEqual(to other: Value) -> Bool {
    guard case .object(let object) = other, let o = object as? ColumnValue else { return false }
    return name == o.name && dtype == o.dtype && characterSize == o.characterSize && precision == o.precision
      && scale == o.scale
  }
  public override func hashCode() -> Int { name.hashValue }

  private var lowered: String { dtype.lowercased() }
  public var isString: Bool { ["text", "character varying", "character", "varchar"].contains(lowered) }
  public var isFloat: Bool {
    ["real", "float4", "float", "double precision", "float8", "double"].contains(lowered)
  }
  public var isInteger: Bool {
    [
      "smallint", "integer", "bigint", "smallserial", "serial", "bigserial", "int2", "int4", "int8", "serial2",
      "serial4", "serial8",
    ].contains(lowered)
  }
  public var isNumeric: Bool { ["numeric", "decimal"].contains(lowered) }
  public var stringSize: Int { dtype == "text" ? 256 : characterSize ?? 256 }

  public var dataType: String {
    if lowered == "text" || (lowered == "character varying" && characterSize == nil) { return dtype }
    if isString { return Self.stringType(stringSize) }
    if isNumeric { return Self.numericType(dtype, precision.map(String.init), scale.map(String.init)) }
    return dtype
  }

  static func stringType(_ size: Int) -> String { "character varying(\(size))" }
  static func numericType(_ dtype: String, _ precision: String?, _ scale: String?) -> String {
    guard let precision, let scale else { return dtype }
    return "\(dtype)(\(precision),\(scale))"
  }
  static func translate(_ dtype: String) -> String { dtype.uppercased() == "STRING" ? "TEXT" : dtype }

  public override func property(_ name: String) -> Value? {
    switch name {
    case "name", "column": .string(self.name)
    case "dtype": .string(dtype)
    case "quoted": .string(Relation.quoted(self.name))
    case "data_type", "expanded_data_type": .string(dataType)
    case "char_size": characterSize.map { .int($0) } ?? Value.none
    case "numeric_precision": precision.map { .int($0) } ?? Value.none
    case "numeric_scale": scale.map { .int($0) } ?? Value.none
    default: nil
    }
  }

  public override var methodNames: Set<String> { Self.methods }
  private static let methods: Set<String> = [
    "is_string", "is_number", "is_float", "is_integer", "is_numeric", "string_size", "can_expand_to", "literal",
    "string_type", "numeric_type", "translate_type", "create", "from_description",
  ]

  public override func invoke(_ name: String, _ a: HostArguments, _ interpreter: Interpreter) throws -> Value {
    switch name {
    case "is_string": return .bool(isString)
    case "is_number": return .bool(isInteger || isNumeric || isFloat)
    case "is_float": return .bool(isFloat)
    case "is_integer": return .bool(isInteger)
    case "is_numeric": return .bool(isNumeric)
    case "string_size":
      guard isString else { throw TemplateError(.runtime, "Called string_size() on non-string field!") }
      return .int(stringSize)
    case "can_expand_to":
      guard let other = try a.required(0, "other_column").asObject(ColumnValue.self) else { return .bool(false) }
      return .bool(isString && other.isString && other.stringSize > stringSize)
    case "literal":
      return .string("\(try a.string(0, "value", interpreter) ?? "None")::\(dataType)")
    default: return try ColumnClass.invokeStatic(name, a, interpreter)
    }
  }

  /// `numeric(10,2)` → name, size or precision and scale.
  static func parse(_ name: String, _ raw: String) throws -> ColumnValue {
    guard let open = raw.firstIndex(of: "("), let close = raw[open...].firstIndex(of: ")") else {
      return ColumnValue(name, raw)
    }
    let type = String(raw[..<open])
    let numbers = try raw[raw.index(after: open)..<close].split(separator: ",", omittingEmptySubsequences: false).map {
      part -> Int in
      guard let number = Int(part.filter { $0 != " " }) else {
        throw TemplateError(
          .runtime, "Could not interpret data_type \"\(raw)\": could not convert \"\(part)\" to an integer")
      }
      return number
    }
    switch numbers.count {
    case 1: return ColumnValue(name, type, characterSize: numbers[0])
    case 2: return ColumnValue(name, type, precision: numbers[0], scale: numbers[1])
    default: return ColumnValue(name, type)
    }
  }
}

/// `api.Column` / `adapter.Column`: the class itself.
public final class ColumnClass: HostObject {
  public override var typeName: String { "type" }
  public override var isCallable: Bool { true }
  public override func call(_ arguments: Arguments, _ interpreter: Interpreter) throws -> Value {
    let a = HostArguments(arguments, function: "PostgresColumn")
    return .object(
      ColumnValue(
        try a.string(0, "column") ?? "", try a.string(1, "dtype") ?? "",
        characterSize: a.optional(2, "char_size")?.asInt,
        precision: a.optional(3, "numeric_precision")?.asInt, scale: a.optional(4, "numeric_scale")?.asInt))
  }
  public override var methodNames: Set<String> {
    ["translate_type", "create", "from_description", "string_type", "numeric_type"]
  }
  public override func invoke(_ name: String, _ a: HostArguments, _ interpreter: Interpreter) throws -> Value {
    try Self.invokeStatic(name, a, interpreter)
  }

  static func invokeStatic(_ name: String, _ a: HostArguments, _ interpreter: Interpreter) throws -> Value {
    switch name {
    case "translate_type": return .string(ColumnValue.translate(try a.string(0, "dtype") ?? ""))
    case "create":
      return .object(
        ColumnValue(
          try a.string(0, "name") ?? "", ColumnValue.translate(try a.string(1, "label_or_dtype") ?? "")))
    case "from_description":
      return .object(try ColumnValue.parse(try a.string(0, "name") ?? "", try a.string(1, "raw_data_type") ?? ""))
    case "string_type": return .string(ColumnValue.stringType(try a.required(0, "size").asInt ?? 256))
    case "numeric_type":
      return .string(
        ColumnValue.numericType(
          try a.string(0, "dtype") ?? "", try a.string(1, "precision", interpreter),
          try a.string(2, "scale", interpreter)))
    default: throw TemplateError(.attribute, "type object 'PostgresColumn' has no attribute '\(name)'")
    }
  }
}

/// `api.Relation` / `adapter.Relation`: the class itself.
public final class RelationClass: HostObject {
  private let sample = RelationValue(Relation(database: nil, schema: nil, identifier: nil))
  public override var typeName: String { "type" }
  public override func property(_ name: String) -> Value? {
    switch name {
    case "Table", "View", "CTE", "External", "MaterializedView", "PointerTable", "Function": sample.property(name)
    case "get_relation_type": .object(RelationTypes())
    default: nil
    }
  }
  public override var methodNames: Set<String> {
    ["create", "create_from", "add_ephemeral_prefix", "scd_args", "relation_max_name_length"]
  }
  public override func invoke(_ name: String, _ a: HostArguments, _ interpreter: Interpreter) throws -> Value {
    switch name {
    case "create": return .object(try RelationValue.create(a))
    case "create_from":
      let config = try a.required(1, "relation_config")
      func part(_ key: String) throws -> String? {
        let value = try interpreter.getAttribute(config, Str.make(key))
        return value.isUndefined || value.isNone ? nil : try value.str(interpreter).string
      }
      var relation = Relation(
        database: try part("database"), schema: try part("schema"),
        identifier: try part("identifier") ?? part("alias") ?? part("name"))
      relation.type = try a.optional(2, "type").flatMap { try RelationValue.type($0) }
      return .object(try RelationValue.checked(relation))
    case "scd_args":
      let key = try a.required(0, "primary_key")
      return .list((key.asList?.items ?? [key]) + [try a.required(1, "updated_at")])
    default: return try sample.invoke(name, a, interpreter)
    }
  }
}

/// `Relation.get_relation_type`: an enumeration that is callable with a value and has members.
final class RelationTypes: HostObject {
  override var typeName: String { "EnumMeta" }
  override var isCallable: Bool { true }
  override func property(_ name: String) -> Value? {
    RelationType.allCases.first { $0.rawValue.filter { $0 != "_" } == name.lowercased() }.map { .string($0.rawValue) }
  }
  override func call(_ arguments: Arguments, _ interpreter: Interpreter) throws -> Value {
    .string(try RelationValue.type(arguments.positional.first ?? .none)?.rawValue ?? "")
  }
}
