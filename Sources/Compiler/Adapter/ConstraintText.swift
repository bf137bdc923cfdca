import Diagnostics
import Jinja

/// Constraints of a contract as DDL (https://docs.getdbt.com/reference/resource-properties/constraints). PostgreSQL
/// enforces all five kinds.
enum ConstraintText {
  /// One text a column: `"id" integer not null primary key`.
  static func columns(_ raw: Value, _ r: Interpreter) throws -> Value {
    var out: [Value] = []
    for (_, column) in raw.asDict?.pairs ?? [] {
      guard case .dict(let column) = column else { continue }
      let name = try column["name"]?.str(r).string ?? ""
      let quoted = column["quote"]?.isTrue ?? false
      var parts = ["\(quoted ? Relation.quoted(name) : name) \(try column["data_type"]?.str(r).string ?? "None")"]
      for constraint in column["constraints"]?.asList?.items ?? [] {
        if let text = try self.column(constraint, r) { parts.append(text) }
      }
      out.append(.string(parts.joined(separator: " ")))
    }
    return .list(out)
  }

  static func model(_ raw: Value, _ r: Interpreter) throws -> Value {
    .list(try (raw.asList?.items ?? []).compactMap { try model(one: $0, r).map { .string($0) } })
  }

  private struct Fields {
    var type: String
    var name: String?
    var expression: String
    var to: String?
    var toColumns: [String]
    var columns: [String]
  }

  private static func fields(_ value: Value, _ r: Interpreter) throws -> Fields {
    guard case .dict(let dict) = value, let type = try text(dict["type"], r) else {
      throw ExecutionError(.validation, "Could not parse constraint: \(try value.repr(r).string)")
    }
    func list(_ key: String) throws -> [String] {
      try (dict[key]?.asList?.items ?? []).map { try $0.str(r).string }
    }
    return Fields(
      type: type, name: try text(dict["name"], r), expression: try text(dict["expression"], r) ?? "",
      to: try text(dict["to"], r), toColumns: try list("to_columns"), columns: try list("columns"))
  }

  private static func text(_ value: Value?, _ r: Interpreter) throws -> String? {
    guard let value, !value.isNone, !value.isUndefined else { return nil }
    return try value.str(r).string
  }

  private static func column(_ value: Value, _ r: Interpreter) throws -> String? {
    let f = try fields(value, r)
    let text: String? =
      switch f.type {
      case "check": f.expression.isEmpty ? nil : "check (\(f.expression))"
      case "not_null": "not null \(f.expression)"
      case "unique": "unique \(f.expression)"
      case "primary_key": "primary key \(f.expression)"
      case "foreign_key":
        if let to = f.to, !f.toColumns.isEmpty {
          "references \(to) (\(f.toColumns.joined(separator: ", ")))"
        } else {
          f.expression.isEmpty ? nil : "references \(f.expression)"
        }
      default: f.expression.isEmpty ? nil : f.expression
      }
    return text?.trimmingSpace
  }

  private static func model(one value: Value, _ r: Interpreter) throws -> String? {
    let f = try fields(value, r)
    let prefix = f.name.map { "constraint \($0) " } ?? ""
    let columns = f.columns.joined(separator: ", ")
    let expression = f.expression.isEmpty ? "" : " \(f.expression)"
    switch f.type {
    case "check": return f.expression.isEmpty ? nil : "\(prefix)check (\(f.expression))"
    case "unique": return "\(prefix)unique\(expression) (\(columns))"
    case "primary_key": return "\(prefix)primary key\(expression) (\(columns))"
    case "foreign_key":
      if let to = f.to, !f.toColumns.isEmpty {
        return "\(prefix)foreign key (\(columns)) references \(to) (\(f.toColumns.joined(separator: ", ")))"
      }
      return f.expression.isEmpty ? nil : "\(prefix)foreign key (\(columns)) references \(f.expression)"
    case "custom": return f.expression.isEmpty ? nil : "\(prefix)\(f.expression)"
    default: return nil
    }
  }
}
