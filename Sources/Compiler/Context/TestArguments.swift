import Diagnostics
import Jinja
import Manifest

extension CompiledProject {
  /// A generic test's arguments, rendered: strings with Jinja become what they evaluate to.
  public func testArguments(_ node: Node, _ context: DbtContext) throws -> DictObject {
    let dict = DictObject()
    for entry in node.testMetadata?.kwargs ?? ConfigDict() {
      if entry.key == "model", let target = node.testMetadata?.target, let tested = tested(target, node, context) {
        dict[entry.key] = tested
        continue
      }
      dict[entry.key] = try testArgument(entry.value, isColumn: entry.key == "column_name", node, context)
    }
    return dict
  }

  /// The argument `model`. It is the text of a call for every test, with only the names different: they are given to
  /// one template for all. Nil when that fails, because what is wrong is told of the text as it stands.
  private func tested(_ target: TestMetadata.Target, _ node: Node, _ context: DbtContext) -> Value? {
    if let relation = testedRelation(target, node, context) { return relation }
    let call: String
    let names: [String]
    switch target {
    case .ref(let name, let version?):
      call = "ref(_tested_0, version=_tested_1)"
      names = [name, version.text]
    case .ref(let name, nil):
      call = "ref(_tested_0)"
      names = [name]
    case .source(let name, let table):
      call = "source(_tested_0, _tested_1)"
      names = [name, table]
    }
    for (i, name) in names.enumerated() { context.variables[i == 0 ? "_tested_0" : "_tested_1"] = .string(name) }
    defer { for i in names.indices { context.variables[i == 0 ? "_tested_0" : "_tested_1"] = nil } }
    let text = "{{ get_where_subquery(\(call)) }}"
    return try? templates.template(.init(node: "generic test", code: text)) {
      try nativeEnvironment.compileNative(SourceText(name: "generic test", text: text))
    }.renderNative(context, host: context)
  }

  /// The argument `model` of a test without a `where`, when the macro that would look for one is nobody's but ours: it
  /// gives the relation as it is.
  private func testedRelation(_ target: TestMetadata.Target, _ node: Node, _ context: DbtContext) -> Value? {
    guard context.capture == nil, let macro = macros.plainWhereSubquery(from: context.packageName) else { return nil }
    let condition = node.config[.where]
    guard condition.isNull || condition.asString == "" else { return nil }
    let relation: Relation?
    switch target {
    case .ref(let name, let version):
      relation = try? resolveRef(name, package: nil, version: version, context)
    case .source(let name, let table): relation = try? resolveSource(name, table, context)
    }
    guard let relation else { return nil }
    context.enter(macro)
    context.leave()
    return .object(RelationValue(relation))
  }

  private func testArgument(_ value: ConfigValue, isColumn: Bool, _ node: Node, _ context: DbtContext) throws -> Value {
    switch value {
    case .string(var text):
      // `to: ref('x')` is written without braces.
      if !isColumn, Self.looksLikeCall(text) { text = "{{ \(text) }}" }
      guard text.hasJinja else { return .string(text) }
      if isColumn { return .string(try render(text, name: node.originalFilePath, context)) }
      return try renderNative(text, name: node.originalFilePath, context)
    case .list(let items):
      return .list(try items.map { try testArgument($0, isColumn: false, node, context) })
    case .dict(let dict):
      let out = DictObject()
      for entry in dict { out[entry.key] = try testArgument(entry.value, isColumn: false, node, context) }
      return .dict(out)
    default: return value.jinja
    }
  }

  /// A call of one of the functions that arguments may name without braces.
  private static func looksLikeCall(_ text: String) -> Bool {
    let trimmed = text.trimmingSpace
    guard trimmed.hasSuffix(")"), let open = trimmed.firstIndex(of: "(") else { return false }
    let name = String(trimmed[..<open]).trimmingSpace
    return ["env_var", "ref", "var", "source", "doc"].contains(name) && trimmed[open...].utf8.count > 2
  }
}
