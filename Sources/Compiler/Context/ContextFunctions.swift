import Crypto
import Diagnostics
import Events
import Jinja
import Manifest

/// dbt's functions (https://docs.getdbt.com/reference/dbt-jinja-functions). They are made once and shared by all
/// threads; what they need of the rendering they take from the interpreter's host.
enum ContextFunctions {
  nonisolated(unsafe) static let shared: DictObject = {
    let table = DictObject()
    for (name, body) in all { table[name] = .object(NativeFunction(name, body)) }
    for (name, body) in resolvers { table[name] = .object(ResolverFunction(name, body)) }
    table["var"] = .object(VarFunction())
    table["return"] = .object(ReturnFunction())
    for key in table.keys { key.freeze() }
    return table
  }()

  typealias Body = (Arguments, Interpreter) throws -> Value

  private static func function(
    _ name: String, _ body: @escaping (HostArguments, Interpreter, DbtContext) throws -> Value
  ) -> (String, Body) {
    (name, { arguments, r in try body(HostArguments(arguments, function: name), r, DbtContext.of(r)) })
  }

  private static var all: [(String, Body)] {
    resolution + variables + output + data + statements
  }

  // MARK: ref, source and the like

  private static var resolvers: [(String, Body)] {
    [
      function("ref") { a, r, context in try References.ref(a, r, context) },
      function("source") { a, r, context in try References.source(a, r, context) },
    ]
  }

  private static var resolution: [(String, Body)] {
    [
      function("metric") { a, r, context in try References.metric(a, r, context) },
      function("function") { a, r, context in try References.function(a, r, context) },
      function("doc") { a, r, context in try References.doc(a, r, context) },
    ]
  }

  // MARK: var, env_var

  private static var variables: [(String, Body)] {
    [
      function("env_var") { a, r, context in
        try EnvironmentVariables.value(
          a.string(0, "var", r) ?? "", default: a.optional(1, "default"), context: context)
      }
    ]
  }

  // MARK: log, print, return

  private static var output: [(String, Body)] {
    [
      function("log") { a, r, context in
        let message = try a.required(0, "msg").str(r).string
        context.project.log.emit(.jinjaLog(message, info: a.bool(1, "info", default: false)))
        return .string("")
      },
      function("print") { a, r, context in
        let message = try a.required(0, "msg").str(r).string
        if context.project.printsFromJinja {
          context.project.log.emit(.output(message))
        }
        return .string("")
      },
      function("debug") { _, _, _ in .string("") },
      function("write") { a, r, context in
        guard let node = context.node else {
          throw ExecutionError(.compilation, "macros and sources cannot be written to disk")
        }
        try context.project.writeRun(node, a.required(0, "payload").str(r).string)
        return .string("")
      },
      function("render") { a, r, context in
        let text = try a.required(0, "string").str(r).string
        return .string(try context.project.render(text, name: context.node?.originalFilePath ?? "<render>", context))
      },
      function("try_or_compiler_error") { a, r, context in
        let message = try a.required(0, "message_if_exception").str(r).string
        let callee = try a.required(1, "func")
        do {
          return try r.call(
            callee,
            Arguments(
              Array(a.raw.positional.dropFirst(2)),
              keywords: a.raw.keywords.filter {
                !["message_if_exception", "func"].contains($0.name.string)
              }))
        } catch is ReturnSignal {
          throw ExecutionError(.compilation, message)
        } catch {
          throw ExecutionError(.compilation, message)
        }
      },
      function("adapter_macro") { a, r, context in
        let name = try a.string(0, "name", r) ?? ""
        throw ExecutionError(
          .compilation,
          "The \"adapter_macro\" macro has been deprecated. Instead, use the `adapter.dispatch` method to find a macro "
            + "and call the result. For more information, see: "
            + "https://docs.getdbt.com/reference/dbt-jinja-functions/dispatch)\n adapter_macro was called for: \(name)")
      },
      function("submit_python_job") { _, _, _ in
        throw ExecutionError(.runtime, "Python models are not supported by PostgreSQL.")
      },
    ]
  }

  // MARK: Data

  private static var data: [(String, Body)] {
    [
      function("fromjson") { a, r, _ in
        try Conversions.fromJSON(a.required(0, "string"), default: a.optional(1, "default"), r)
      },
      function("tojson") { a, r, _ in
        try Conversions.toJSON(
          a.required(0, "value"), default: a.optional(1, "default"), sortKeys: a.bool(2, "sort_keys", default: false), r
        )
      },
      function("fromyaml") { a, r, _ in
        try Conversions.fromYAML(a.required(0, "value"), default: a.optional(1, "default"), r)
      },
      function("toyaml") { a, r, _ in
        try Conversions.toYAML(
          a.required(0, "value"), default: a.optional(1, "default"), sortKeys: a.bool(2, "sort_keys", default: false), r
        )
      },
      function("set") { a, r, _ in
        do { return try Conversions.set(a.required(0, "value"), r) } catch { return a.optional(1, "default") ?? .none }
      },
      function("set_strict") { a, r, _ in try Conversions.set(a.required(0, "value"), r) },
      (
        "zip",
        { arguments, r in
          do { return try Conversions.zip(arguments.positional, r) } catch {
            return arguments.keywords.first { $0.name.string == "default" }?.value ?? .none
          }
        }
      ),
      ("zip_strict", { arguments, r in try Conversions.zip(arguments.positional, r) }),
      function("local_md5") { a, r, _ in
        let text = try a.required(0, "value").str(r)
        return .string(Hashes.md5(text.bytes))
      },
      function("diff_of_two_dicts") { a, _, _ in
        try Conversions.difference(a.required(0, "dict_a"), a.required(1, "dict_b"))
      },
    ]
  }

  // MARK: Statements

  private static var statements: [(String, Body)] {
    [
      function("store_result") { a, r, context in
        let table = a.optional(2, "agate_table")?.asObject(AgateTable.self) ?? .empty
        context.results[try a.string(0, "name", r) ?? ""] = Conversions.result(try a.required(1, "response"), table)
        return .string("")
      },
      function("store_raw_result") { a, r, context in
        let response = ResponseValue(
          message: try a.string(1, "message", r) ?? "", code: try a.string(2, "code", r) ?? "",
          rowsAffected: try a.string(3, "rows_affected", r).flatMap { Int($0) })
        let table = a.optional(4, "agate_table")?.asObject(AgateTable.self) ?? .empty
        context.results[try a.string(0, "name", r) ?? ""] = Conversions.result(.object(response), table)
        return .string("")
      },
      function("load_result") { a, r, context in
        let name = try a.string(0, "name", r) ?? ""
        guard let value = context.results[name] else { return .none }
        if name == "main" { return value }
        if value.isNone {
          throw ExecutionError(
            .runtime,
            "The 'statement' result named '\(name)' has already been loaded into a variable")
        }
        context.results[name] = Value.none
        return value
      },
      function("load_agate_table") { _, _, context in
        .object(try SeedLoader.table(context))
      },
    ]
  }
}

/// Digests as lower-case hexadecimal.
public enum Hashes {
  public static func md5(_ bytes: [UInt8]) -> String { hex(Insecure.MD5.hash(data: bytes)) }
  public static func sha256(_ bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

  static func hex(_ digest: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var out: [UInt8] = []
    for byte in digest {
      out.append(digits[Int(byte >> 4)])
      out.append(digits[Int(byte & 15)])
    }
    return String(decoding: out, as: UTF8.self)
  }
}
