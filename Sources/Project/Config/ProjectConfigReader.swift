import Diagnostics
import Files
import YAML

/// Reads `dbt_project.yml`: load, render, check, type.
public struct ProjectConfigReader {
  public static let fileName = "dbt_project.yml"

  /// What the command line decides.
  public struct Options: Sendable {
    public var targetPath: String?
    public var logPath: String?
    /// Whether `require-dbt-version` is enforced.
    public var checksVersion = true
    public init() {}
  }

  /// The dbt version whose language is spoken; what `require-dbt-version` is compared with.
  public static let dbtVersion = "1.11.16"

  let root: String
  let displayName: String
  let options: Options

  /// - Parameter displayName: what the file is called in messages.
  public init(root: String, displayName: String = fileName, options: Options = Options()) {
    self.root = root
    self.displayName = displayName
    self.options = options
  }

  /// The file as a tree of YAML, nothing rendered; `tests:` is renamed to `data_tests:` when only that is there.
  public func load() throws(Diagnostics) -> YAMLNode {
    let path = Path.join(root, Self.fileName)
    guard FileSystem.exists(path) else {
      throw Diagnostics([
        Diagnostic(
          "no-project", .project, "No \(Self.fileName) found at expected path \(path)",
          hint: "run this in a project's folder, or name it with --project-dir")
      ])
    }
    let node: YAMLNode?
    do {
      node = try YAML.parse(try FileSystem.source(path, name: displayName), trimmed: true)
    } catch {
      throw Diagnostics([error])
    }
    guard let node, let mapping = node.mapping else {
      throw Diagnostics([
        Diagnostic(
          "not-a-mapping", .project,
          "\(displayName) does not parse to a dictionary: it is \(node?.kindName ?? "empty")",
          range: node?.range)
      ])
    }
    guard mapping["data_tests"] == nil, mapping["tests"] != nil else { return node }
    let renamed = mapping.entries.map { entry -> YAMLMapping.Entry in
      guard entry.key.string == "tests" else { return entry }
      return .init(key: YAMLNode(.string("data_tests"), at: entry.key), value: entry.value)
    }
    return YAMLNode(.mapping(YAMLMapping(renamed, duplicates: mapping.duplicates)), at: node)
  }

  /// Renders and types a tree that `load` gave.
  public func read(_ unrendered: YAMLNode, renderer: any ConfigRenderer) throws(Diagnostics) -> ProjectConfig {
    let rendered: YAMLNode
    do {
      rendered = try TreeRenderer(renderer: renderer, renders: Self.renders).render(unrendered)
    } catch {
      throw Diagnostics([error])
    }
    var fields = FieldReader(rendered, subject: displayName, kind: .project)
    let config = typed(&fields, rendered, unrendered)
    try fields.problems.throwErrors()
    var result = config
    result.warnings = fields.problems + DuplicateKeys.warnings(unrendered, in: "dbt_project.yml")
    return result
  }

  /// Hooks, query comments and variables are templates of later stages.
  @Sendable static func renders(_ path: [KeyPathPart]) -> Bool {
    guard let first = path.first?.key else { return true }
    switch first {
    case "on-run-start", "on-run-end", "query-comment", "vars": return false
    case "seeds", "models", "snapshots", "tests", "data_tests":
      let hooks: Set = ["pre-hook", "post-hook", "pre_hook", "post_hook"]
      return !path.contains { part in
        guard let key = part.key else { return false }
        return hooks.contains(String(key.drop { $0 == "+" || $0 == " " }))
      }
    default: return true
    }
  }
}
