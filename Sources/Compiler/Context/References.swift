import Diagnostics
import Jinja
import Manifest

/// `ref`, `source`, `metric`, `function` and `doc`: while parsing they are noted down, afterwards they resolve.
enum References {
  static func ref(_ a: HostArguments, _ r: Interpreter, _ context: DbtContext) throws -> Value {
    let positional = a.raw.positional
    guard positional.count == 1 || positional.count == 2 else {
      throw ExecutionError(.compilation, "ref() takes at most two arguments (\(positional.count) given)")
    }
    let name = try text(positional[positional.count - 1], "name", "ref", r)
    let package = positional.count == 2 ? try text(positional[0], "package", "ref", r) : nil
    var version: NodeVersion?
    for keyword in a.raw.keywords where ["v", "version"].contains(keyword.name.string) {
      if keyword.value.isTrue { version = NodeVersion(ConfigValue(keyword.value)) }
    }
    if let capture = context.capture {
      capture.refs.append(RefArgs(name: name, package: package, version: version))
      guard let node = context.node else { return .none }
      return .object(RelationValue(context.project.relation(of: node)))
    }
    return .object(
      RelationValue(try context.project.resolveRef(name, package: package, version: version, context)))
  }

  static func source(_ a: HostArguments, _ r: Interpreter, _ context: DbtContext) throws -> Value {
    let positional = a.raw.positional
    guard positional.count == 2, a.raw.keywords.isEmpty else {
      throw ExecutionError(.compilation, "source() takes exactly two arguments (\(positional.count) given)")
    }
    let source = try text(positional[0], "source name (first)", "source", r)
    let table = try text(positional[1], "table name (second)", "source", r)
    if let capture = context.capture {
      capture.sources.append([source, table])
      guard let node = context.node else { return .none }
      return .object(RelationValue(context.project.relation(of: node)))
    }
    return .object(RelationValue(try context.project.resolveSource(source, table, context)))
  }

  static func metric(_ a: HostArguments, _ r: Interpreter, _ context: DbtContext) throws -> Value {
    let names = try a.raw.positional.map { try text($0, "name", "metric", r) }
    guard names.count == 1 || names.count == 2 else {
      throw ExecutionError(.compilation, "metric() takes at most two arguments (\(names.count) given)")
    }
    context.capture?.metrics.append(names)
    return .string(names[names.count - 1])
  }

  static func function(_ a: HostArguments, _ r: Interpreter, _ context: DbtContext) throws -> Value {
    let names = try a.raw.positional.map { try text($0, "name", "function", r) }
    guard names.count == 1 || names.count == 2 else {
      throw ExecutionError(.compilation, "function() takes at most two arguments (\(names.count) given)")
    }
    if let capture = context.capture {
      capture.functions.append(names)
      guard let node = context.node else { return .none }
      return .object(RelationValue(context.project.relation(of: node)))
    }
    return .object(
      RelationValue(
        try context.project.resolveFunction(
          names[names.count - 1], package: names.count == 2 ? names[0] : nil, context)))
  }

  static func doc(_ a: HostArguments, _ r: Interpreter, _ context: DbtContext) throws -> Value {
    let names = try a.raw.positional.map { try text($0, "name", "doc", r) }
    guard names.count == 1 || names.count == 2 else {
      throw ExecutionError(.compilation, "doc() takes at most two arguments (\(names.count) given)")
    }
    if let id = context.project.docID(
      names[names.count - 1], package: names.count == 2 ? names[0] : nil, from: context.packageName)
    {
      context.capture?.docs.append(id)
    }
    return .string(
      try context.project.documentation(
        names[names.count - 1], package: names.count == 2 ? names[0] : nil, from: context.packageName))
  }

  private static func text(_ value: Value, _ what: String, _ function: String, _ r: Interpreter) throws -> String {
    guard case .string(let text) = value else {
      throw ExecutionError(
        .compilation,
        "The \(what) argument to \(function)() must be a string, got <class '\(value.typeName)'>")
    }
    return text.string
  }
}
