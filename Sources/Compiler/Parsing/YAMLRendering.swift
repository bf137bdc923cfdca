import Diagnostics
import Jinja
import Manifest
import YAML

/// Properties files' values as configuration, strings with Jinja in them rendered (native: `"{{ 1 }}"` is a number),
/// except those that are rendered later: descriptions, tests' arguments, hooks
/// (dbt's `SchemaYamlRenderer`).
struct YAMLRendering {
  let project: CompiledProject
  let package: String
  /// The top-level key the value stands under: `models`, `sources`, …
  let key: String
  /// Where what is read of the tenant is noted down.
  let reads: TenantReads

  func render(_ node: YAMLNode) throws -> ConfigValue {
    var path: [String] = []
    return try render(node, &path)
  }

  /// - Parameter path: the keys down to the node; an item of a list adds an empty one.
  private func render(_ node: YAMLNode, _ path: inout [String]) throws -> ConfigValue {
    switch node.content {
    case .sequence(let items):
      var out: [ConfigValue] = []
      out.reserveCapacity(items.count)
      path.append("")
      for item in items { out.append(try render(item, &path)) }
      path.removeLast()
      return .list(out)
    case .mapping(let mapping):
      var out = ConfigDict()
      out.reserveCapacity(mapping.count)
      for entry in mapping.entries {
        let key = entry.key.keyText
        path.append(key)
        out[key] = try render(entry.value, &path)
        path.removeLast()
      }
      return .dict(out)
    case .scalar(let scalar):
      guard case .string(let text) = scalar.value else { return ConfigValue(scalar.value) }
      guard shouldRender(path) else { return .string(text) }
      // A template loses one line feed at its end, and so does a text that is only taken for one.
      guard text.hasJinja else { return .string(text.hasSuffix("\n") ? String(text.dropLast()) : text) }
      do {
        return ConfigValue(
          try project.renderNative(text, name: node.range.source.name, package: package, reads: reads))
      } catch {
        var diagnostic = ExecutionError(any: error).asDiagnostic
        diagnostic.range = node.range
        throw diagnostic
      }
    }
  }

  /// As written, nothing rendered.
  static func plain(_ node: YAMLNode) -> ConfigValue {
    switch node.content {
    case .sequence(let items): return .list(items.map(plain))
    case .mapping(let mapping):
      var out = ConfigDict()
      for entry in mapping.entries { out[entry.key.keyText] = plain(entry.value) }
      return .dict(out)
    case .scalar(let scalar): return ConfigValue(scalar.value)
    }
  }

  private static let late: Set<String> = ["tests", "data_tests", "description", "loaded_at_query"]

  private func isLate(_ path: [String]) -> Bool {
    if let first = path.first, Self.late.contains(first) { return true }
    if path.count == 2, Self.late.contains(path[1]) { return true }
    if path.count >= 2, path[0] == "config", ["pre_hook", "post_hook", "loaded_at_query"].contains(path[1]) {
      return true
    }
    if path.count == 5, path[4] == "description" { return true }
    if path.count >= 3, ["columns", "dimensions", "measures", "entities"].contains(path[0]),
      ["tests", "data_tests", "description"].contains(path[2])
    {
      return true
    }
    return false
  }

  private func shouldRender(_ path: [String]) -> Bool {
    guard let first = path.first else { return true }
    switch key {
    case "sources":
      if first == "description" || first == "loaded_at_query" { return false }
      if path.count >= 2, first == "config", path[1] == "loaded_at_query" { return false }
      return !(first == "tables" && isLate(Array(path.dropFirst(2))))
    case "macros":
      return first == "arguments" ? !isLate(Array(path.dropFirst())) : !isLate(path)
    case "metrics":
      if path.last == "filter" || (path.count > 1 && path[path.count - 2] == "filter") { return false }
      return !isLate(path)
    case "saved_queries":
      if first == "query_params", path.count > 1, path[1] == "where" { return false }
      return !isLate(path)
    default: return !isLate(path)
    }
  }
}

extension String {
  /// Whether rendering could change it.
  var hasJinja: Bool {
    guard hasByte(UInt8(ascii: "{")) else { return false }
    var last: UInt8 = 0
    for byte in utf8 {
      if last == UInt8(ascii: "{"), byte == UInt8(ascii: "{") || byte == UInt8(ascii: "%") || byte == UInt8(ascii: "#")
      {
        return true
      }
      last = byte
    }
    return false
  }
}

extension YAMLNode {
  /// A mapping's key as text.
  var keyText: String {
    if let text = string { return text }
    return scalar?.text ?? ""
  }
}

extension ExecutionError {
  var asDiagnostic: Diagnostic {
    if var diagnostic {
      diagnostic.kind = kind
      return diagnostic
    }
    return Diagnostic("execution", kind, message)
  }
}
