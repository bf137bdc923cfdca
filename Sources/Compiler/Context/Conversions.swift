import Diagnostics
import Jinja
import Manifest
import YAML

/// JSON, YAML and the small Python functions dbt gives to templates.
enum Conversions {
  static func fromJSON(_ value: Value, default fallback: Value?, _ r: Interpreter) throws -> Value {
    guard case .string(let text) = value, let parsed = try? JSON.parse(text) else { return fallback ?? .none }
    return parsed
  }

  static func toJSON(_ value: Value, default fallback: Value?, sortKeys: Bool, _ r: Interpreter) throws -> Value {
    do {
      return .string(try JSON.dumps(plain(value), JSON.Options(sortKeys: sortKeys)))
    } catch let error as TemplateError where error.kind == .type {
      // The default is for values that JSON refuses, not for types it does not know.
      throw error
    } catch {
      return fallback ?? .none
    }
  }

  static func fromYAML(_ value: Value, default fallback: Value?, _ r: Interpreter) throws -> Value {
    guard case .string(let text) = value else { return fallback ?? .none }
    guard let node = try? YAML.parse(SourceText(name: "<yaml>", utf8: text.bytes)) else {
      return (try? YAML.parse(SourceText(name: "<yaml>", utf8: text.bytes))) == nil ? fallback ?? .none : .none
    }
    return PythonValues.value(node)
  }

  static func toYAML(_ value: Value, default fallback: Value?, sortKeys: Bool, _ r: Interpreter) throws -> Value {
    do { return .string(YAML.write(try PythonValues.yaml(plain(value), sortKeys: sortKeys))) } catch {
      return fallback ?? .none
    }
  }

  /// Nodes and rows as the dicts and lists they stand for.
  private static func plain(_ value: Value) -> Value {
    switch value {
    case .object(let object as MappingValue): return plain(.dict(object.dict))
    case .object(let object as AgateRow): return .list(object.values)
    case .list(let list): return .list(list.items.map(plain))
    case .tuple(let tuple): return .list(tuple.items.map(plain))
    case .dict(let dict):
      let out = DictObject(capacity: dict.count)
      for (key, value) in dict.pairs { try? out.set(key, plain(value)) }
      return .dict(out)
    default: return value
    }
  }

  static func set(_ value: Value, _ r: Interpreter) throws -> Value {
    var items: [Value] = []
    let iterator = try value.iterate(r)
    while let item = try iterator.next() { items.append(item) }
    return .object(try SetObject(items))
  }

  static func zip(_ values: [Value], _ r: Interpreter) throws -> Value {
    let iterators = try values.map { try $0.iterate(r) }
    if iterators.isEmpty { return .list([]) }
    var out: [Value] = []
    while true {
      var row: [Value] = []
      for iterator in iterators {
        guard let item = try iterator.next() else { return .list(out) }
        row.append(item)
      }
      out.append(.tuple(row))
    }
  }

  /// The keys of `a` with the members of their lists that are not in `b`'s, compared in lower case.
  static func difference(_ a: Value, _ b: Value) throws -> Value {
    let out = DictObject()
    guard case .dict(let first) = a, case .dict(let second) = b else {
      throw TemplateError(.type, "diff_of_two_dicts() needs two dicts")
    }
    func lowered(_ value: Value) -> String { value.asString?.lowercased() ?? "" }
    for (key, list) in first.pairs {
      let other = second.pairs.first { lowered($0.key) == lowered(key) }?.value.asList?.items.map(lowered)
      let members = list.asList?.items ?? []
      guard let other else {
        try out.set(key, list)
        continue
      }
      let left = members.filter { !other.contains(lowered($0)) }
      if !left.isEmpty { try out.set(key, .list(left)) }
    }
    return .dict(out)
  }

  /// What `load_result` gives: `response`, `data`, `table`.
  static func result(_ response: Value, _ table: AgateTable) -> Value {
    // The rows of a file are not read for this.
    let data: Value = table.source == nil ? .list(table.rows.map { .tuple($0) }) : .object(AgateRows(table))
    return .dict(["response": response, "data": data, "table": .object(table)])
  }
}
