import Diagnostics
import Files
import Jinja
import Manifest

/// What a Python model asks of dbt: the calls `dbt.ref`, `dbt.source`, `dbt.config`, `dbt.config.get` and
/// `dbt.config.meta_get` with literal arguments (https://docs.getdbt.com/docs/build/python-models).
struct PythonModel {
  struct Call {
    let function: String
    let arguments: Arguments
  }

  let calls: [Call]
  private let source: SourceText

  /// - Throws: `Diagnostic` where the text is no Python, has no `model(dbt, session)`, or computes an argument.
  init(_ source: SourceText) throws {
    self.source = source
    let body: [PythonNode]
    do { body = try PythonParser.parse(source.utf8) } catch {
      let line = source.position(at: error.offset).line
      throw Diagnostic(
        "python-syntax", .parsing, "\(error.message) (\(Path.name(source.name)), line \(line))",
        range: SourceRange(source: source, offsets: error.offset..<error.offset))
    }
    if body.isEmpty {
      calls = []
      return
    }
    try PythonModelCheck.check(body, source)
    var visitor = PythonCallVisitor(source)
    for statement in body { try visitor.visit(statement) }
    calls = visitor.calls
  }

  /// Makes the calls as if a template made them, and tells `config()` which configuration the model reads.
  func run(_ context: DbtContext, _ environment: Environment) throws {
    var used: (config: Reads, meta: Reads) = (Reads(), Reads())
    for call in calls {
      switch call.function {
      case "get": try used.config.add(call, source)
      case "meta_get": try used.meta.add(call, source)
      default: try invoke(call.function, call.arguments, context, environment)
      }
    }
    guard !(used.config.keys.isEmpty && used.meta.keys.isEmpty) else { return }
    let reads: [(Str, Value)] = [
      (Str.make("config_keys_used"), .list(used.config.keys)),
      (Str.make("config_keys_defaults"), .list(used.config.defaults)),
      (Str.make("meta_keys_used"), .list(used.meta.keys)), (Str.make("meta_keys_defaults"), .list(used.meta.defaults)),
    ]
    try invoke("config", Arguments([], keywords: reads), context, environment)
  }

  private func invoke(_ name: String, _ arguments: Arguments, _ context: DbtContext, _ environment: Environment) throws
  {
    let function = context.lookup(Str.make(name)) ?? .none
    _ = try environment.call(function, arguments, context, host: context)
  }

  /// Keys that `get` asked for, and what it takes where they are not set.
  private struct Reads {
    var keys: [Value] = []
    var defaults: [Value] = []

    mutating func add(_ call: Call, _ source: SourceText) throws {
      let given = call.arguments.positional
      guard (1...2).contains(given.count) else {
        throw Diagnostic(
          "python-config", .parsing,
          given.isEmpty
            ? "dbt.config.\(call.function)() requires at least one argument"
            : "dbt.config.\(call.function)() takes at most 2 arguments (\(given.count) given)",
          range: SourceRange(source: source, offsets: 0..<0))
      }
      keys.append(given[0])
      defaults.append(given.count == 2 ? given[1] : .none)
    }
  }
}

/// Every Python model defines one `model(dbt, session)`, which returns one thing.
private enum PythonModelCheck {
  static func check(_ body: [PythonNode], _ source: SourceText) throws {
    var found: [(function: PythonFunction, range: Range<Int>)] = []
    for statement in body { collect(statement, &found) }
    let place = SourceRange(
      source: source, offsets: found.first.map { $0.range.lowerBound..<$0.range.lowerBound } ?? 0..<0)
    guard found.count == 1 else {
      throw Diagnostic(
        "python-model", .parsing,
        "dbt allows exactly one model defined per python file, found \(found.count)", range: place,
        hint: "Define one function `def model(dbt, session):` that returns the model's data frame.")
    }
    var problems: [String] = []
    let model = found[0].function
    if let first = model.parameters.first, first != "dbt" {
      problems.append("'dbt' not provided for model as the first argument")
    }
    if model.parameters.count != 2 {
      problems.append("model function should have two args, `dbt` and a session to current warehouse")
    }
    var returnsOne = false
    if case .returned(let value)? = model.body.last?.kind {
      returnsOne = true
      if case .tuple? = value?.kind { returnsOne = false }
    }
    if !returnsOne {
      problems.append("In current version, model function should return only one dataframe object")
    }
    guard problems.isEmpty else {
      throw Diagnostic(
        "python-model", .parsing, problems.joined(separator: "\n"), range: place,
        hint: "Write `def model(dbt, session):` and `return` one data frame at its end.")
    }
  }

  /// Functions named `model`, within other statements too, but not within functions.
  private static func collect(_ node: PythonNode, _ out: inout [(function: PythonFunction, range: Range<Int>)]) {
    switch node.kind {
    case .function(let function):
      if !function.isAsync {
        if function.name == "model" { out.append((function, node.range)) }
      } else {
        for statement in function.body { collect(statement, &out) }
      }
    case .other(let children): for child in children { collect(child, &out) }
    default: break
    }
  }
}

/// Finds the calls, in the order and the places in which dbt looks: a call's arguments are looked into only where they
/// are calls themselves, or lists, tuples, dicts and f-strings with calls in them.
private struct PythonCallVisitor {
  private(set) var calls: [PythonModel.Call] = []
  private let source: SourceText

  init(_ source: SourceText) { self.source = source }

  private static let names: Set<String> = [
    "dbt.ref", "dbt.source", "dbt.config", "dbt.config.get", "dbt.config.meta_get",
  ]

  mutating func visit(_ node: PythonNode) throws {
    switch node.kind {
    case .name: break
    case .attribute(let owner, _): try visit(owner)
    case .call(let callee, let arguments, let keywords): try visitCall(callee, arguments, keywords)
    case .list(let items), .tuple(let items), .formattedString(let items), .other(let items):
      for item in items { try visit(item) }
    case .dict(let keys, let values): for item in keys + values { try visit(item) }
    case .formattedValue(let value, let format): for item in [value] + format { try visit(item) }
    case .returned(let value): if let value { try visit(value) }
    case .function(let function):
      for item in function.header + function.body + function.decorators { try visit(item) }
      if let result = function.result { try visit(result) }
    }
  }

  private mutating func visitCall(_ callee: PythonNode, _ arguments: [PythonNode], _ keywords: [PythonKeyword]) throws {
    if case .attribute(_, let name) = callee.kind, let path = Self.path(callee), Self.names.contains(path) {
      calls.append(
        PythonModel.Call(
          function: name,
          arguments: Arguments(
            try arguments.map(literal),
            keywords: try keywords.map { (Str.make($0.name ?? ""), try literal($0.value)) })))
    }
    for argument in arguments + keywords.map(\.value) {
      switch argument.kind {
      case .call: try visit(argument)
      case .list(let items), .tuple(let items): for item in items { try visitIfCall(item) }
      case .dict(_, let values): for item in values { try visitIfCall(item) }
      case .formattedString(let parts):
        for case .formattedValue(let value, _) in parts.map(\.kind) { try visitIfCall(value) }
      default: break
      }
    }
    var owner = callee
    while case .attribute(let inner, _) = owner.kind { owner = inner }
    if owner !== callee { try visitIfCall(owner) }
  }

  private mutating func visitIfCall(_ node: PythonNode) throws {
    if case .call = node.kind { try visit(node) }
  }

  /// `dbt.config.get` of an expression that is only names with dots.
  private static func path(_ node: PythonNode) -> String? {
    switch node.kind {
    case .name(let name): name
    case .attribute(let owner, let name): path(owner).map { "\($0).\(name)" }
    default: nil
    }
  }

  /// The value of an argument, which must be written out.
  private func literal(_ node: PythonNode) throws -> Value {
    // In parentheses it may go on over lines.
    let text = Array("(".utf8) + source.utf8[node.range] + Array(")".utf8)
    if let value = PythonLiteral.evaluate(Str.make(text)) { return value }
    throw Diagnostic(
      "python-literal", .parsing,
      "Error when trying to literal_eval an arg to dbt.ref(), dbt.source(), dbt.config() or dbt.config.get() \n"
        + "malformed node or string on line \(source.position(at: node.range.lowerBound).line)\n"
        + "https://docs.python.org/3/library/ast.html#ast.literal_eval\n"
        + "In dbt python model, `dbt.ref`, `dbt.source`, `dbt.config`, `dbt.config.get` function args only support "
        + "Python literal structures",
      range: SourceRange(source: source, offsets: node.range), hint: "Write the value itself, not a name for it.")
  }
}
