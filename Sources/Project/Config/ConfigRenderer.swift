import Diagnostics
import YAML

/// Renders a string of a configuration file as a template whose result keeps its type (dbt's native rendering:
/// `{{ env_var('PORT') | as_number }}` gives a number, plain text stays text).
public protocol ConfigRenderer: Sendable {
  /// - Parameters:
  ///   - text: the template; only called when it holds `{{`, `{%` or `{#`.
  ///   - range: where it stands, for errors.
  func render(_ text: String, at range: SourceRange) throws(Diagnostic) -> YAMLValue
}

/// Which names a configuration file's templates can use (dbt's contexts).
public enum ConfigContext: Sendable {
  /// `profiles.yml`: `env_var` (secrets too), `var` from the command line.
  case profile(vars: YAMLValue)
  /// `packages.yml`: as profiles.
  case packages(vars: YAMLValue)
  /// `dbt_project.yml` and `selectors.yml`: also `target` when a profile is loaded; no secrets. A missing `var` is an
  /// error unless `requireVars` is false (`deps`).
  case project(target: Profile?, vars: YAMLValue, requireVars: Bool)
}

/// Makes the renderer for a context; the Jinja room is behind it.
public protocol ConfigRendererProvider: Sendable {
  func renderer(_ context: ConfigContext) -> any ConfigRenderer
}

/// For commands and tests without templates: anything with a template in it is an error.
public struct PlainRendererProvider: ConfigRendererProvider, ConfigRenderer {
  public init() {}
  public func renderer(_ context: ConfigContext) -> any ConfigRenderer { self }
  public func render(_ text: String, at range: SourceRange) throws(Diagnostic) -> YAMLValue {
    throw Diagnostic("no-templates", .compilation, "templates are not rendered here", range: range)
  }
}

/// Where a value is in its file: keys and list positions from the root.
public enum KeyPathPart: Sendable, Hashable {
  case key(String)
  case index(Int)

  public var key: String? { if case .key(let key) = self { key } else { nil } }
}

/// Renders every string of a YAML tree; what did not change is shared with the original.
struct TreeRenderer {
  let renderer: any ConfigRenderer
  /// Whether the value at a path is rendered at all.
  var renders: @Sendable ([KeyPathPart]) -> Bool = { _ in true }
  /// Of a scalar whose rendering fails under one of these keys the text is kept ("passwords sometimes look like Jinja").
  var forgiving: Set<String> = []

  func render(_ node: YAMLNode) throws(Diagnostic) -> YAMLNode {
    var path: [KeyPathPart] = []
    return try render(node, &path)
  }

  private func render(_ node: YAMLNode, _ path: inout [KeyPathPart]) throws(Diagnostic) -> YAMLNode {
    switch node.content {
    case .scalar(let scalar):
      return try render(scalar, node, path)
    case .sequence(let items):
      var out: [YAMLNode] = []
      var changed = false
      for (index, item) in items.enumerated() {
        path.append(.index(index))
        let rendered = try render(item, &path)
        path.removeLast()
        changed = changed || rendered !== item
        out.append(rendered)
      }
      return changed ? YAMLNode(.sequence(out), at: node) : node
    case .mapping(let mapping):
      var out: [YAMLMapping.Entry] = []
      var changed = false
      for entry in mapping.entries {
        path.append(.key(entry.key.scalar?.text ?? ""))
        let rendered = try render(entry.value, &path)
        path.removeLast()
        changed = changed || rendered !== entry.value
        out.append(.init(key: entry.key, value: rendered))
      }
      return changed ? YAMLNode(.mapping(YAMLMapping(out, duplicates: mapping.duplicates)), at: node) : node
    }
  }

  private func render(_ scalar: YAMLScalar, _ node: YAMLNode, _ path: [KeyPathPart]) throws(Diagnostic) -> YAMLNode {
    switch scalar.value {
    case .date, .dateTime:
      return renders(path) ? YAMLNode(.string(Self.isoFormat(scalar.value)), at: node) : node
    case .string(let text):
      guard renders(path) else { return node }
      guard Self.isTemplate(text) else {
        // The template engine drops one newline at the end of any text.
        return text.hasSuffix("\n") ? YAMLNode(.string(String(text.dropLast())), at: node) : node
      }
      do throws(Diagnostic) {
        return YAMLNode(try renderer.render(text, at: node.range), at: node)
      } catch {
        if path.contains(where: { $0.key.map(forgiving.contains) == true }) { return node }
        throw error
      }
    default: return node
    }
  }

  /// Python's `isoformat()`.
  private static func isoFormat(_ value: YAMLValue) -> String {
    switch value {
    case .date(let date): date.description
    case .dateTime(let time): time.description.replacing(" ", with: "T", maxReplacements: 1)
    default: ""
    }
  }

  /// Whether a text holds anything a template engine would act on.
  static func isTemplate(_ text: String) -> Bool {
    var last: UInt8 = 0
    for byte in text.utf8 {
      if last == UInt8(ascii: "{"), byte == last || byte == UInt8(ascii: "%") || byte == UInt8(ascii: "#") {
        return true
      }
      last = byte
    }
    return false
  }
}
