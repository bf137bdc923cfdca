/// Functions of dbt's context that are Python's, give or take the error: `set`, `set_strict`, `zip`, `zip_strict`,
/// `fromjson`, `tojson`.
public enum PythonFunctions {
  /// By name; made anew for each rendering.
  public static func make() -> [(name: String, value: Value)] {
    functions.map { ($0.name, .object(NativeFunction($0.name, $0.body))) }
  }

  private static let setSignature = Signature("value, default=None")
  private static let setStrictSignature = Signature("value")
  private static let zipSignature = Signature("*args, default=None")
  private static let zipStrictSignature = Signature("*args")
  private static let fromJSONSignature = Signature("string, default=None")
  private static let toJSONSignature = Signature("value, default=None, sort_keys=False")

  nonisolated(unsafe) private static let functions: [(name: String, body: NativeFunction.Body)] = [
    (
      "set",
      { a, r in
        let a = try setSignature.bind(a, function: "set")
        do {
          return .object(try SetObject((a[0] ?? .none).items(r)))
        } catch let error as TemplateError where error.kind == .type {
          return a[1] ?? .none
        }
      }
    ),
    (
      "set_strict",
      { a, r in
        let a = try setStrictSignature.bind(a, function: "set_strict")
        return .object(try SetObject((a[0] ?? .none).items(r)))
      }
    ),
    (
      "zip",
      { a, r in
        let a = try zipSignature.bind(a, function: "zip")
        do {
          return try zip(a.rest, r)
        } catch let error as TemplateError where error.kind == .type {
          return a[0] ?? .none
        }
      }
    ),
    ("zip_strict", { a, r in try zip(zipStrictSignature.bind(a, function: "zip_strict").rest, r) }),
    (
      "fromjson",
      { a, r in
        let a = try fromJSONSignature.bind(a, function: "fromjson")
        do {
          guard case .string(let text)? = a[0] else {
            throw TemplateError(
              .type, "the JSON object must be str, bytes or bytearray, not \(a[0]?.typeName ?? "NoneType")")
          }
          return try JSON.parse(text)
        } catch let error as TemplateError where error.kind == .value {
          return a[1] ?? .none
        }
      }
    ),
    (
      "tojson",
      { a, r in
        let a = try toJSONSignature.bind(a, function: "tojson")
        do {
          var options = JSON.Options()
          options.sortKeys = try r.truth(a[2] ?? .bool(false))
          return .string(try JSON.dumps(a[0] ?? .none, options))
        } catch let error as TemplateError where error.kind == .value {
          return a[1] ?? .none
        }
      }
    ),
  ]

  /// Rows of one item each, as long as the shortest.
  private static func zip(_ values: [Value], _ r: Interpreter) throws -> Value {
    let sources = try values.map { try $0.iterate(r) }
    return .object(
      IteratorObject(
        type: "zip",
        LazyIterator {
          {
            guard !sources.isEmpty else { return nil }
            var row: [Value] = []
            row.reserveCapacity(sources.count)
            for source in sources {
              guard let item = try source.next() else { return nil }
              row.append(item)
            }
            return .tuple(row)
          }
        }))
  }
}
