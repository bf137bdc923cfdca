import Diagnostics
import Files
import YAML

/// `dbt_project.yml`, typed; templates rendered where dbt renders them.
public struct ProjectConfig: Sendable {
  public var name: String
  /// As written; dbt asks for a semantic version but does not use it.
  public var version: String?
  public var configVersion: Int
  /// The absolute path of the project's folder.
  public var root: String
  public var profileName: String?
  public var paths: ResourcePaths
  /// `target-path` or `--target-path`, relative to the root unless absolute.
  public var targetPath: String
  public var logPath: String
  public var cleanTargets: [String]
  public var packagesInstallPath: String
  public var quoting: Quoting
  /// Templates, rendered when they run.
  public var onRunStart: [LocatedString]
  public var onRunEnd: [LocatedString]
  public var requireDbtVersion: [VersionSpecifier]
  public var dispatch: [DispatchRule]
  public var queryComment: QueryComment
  public var restrictAccess: Bool
  /// The `models:`, `seeds:`, … trees.
  public var resources: [ResourceTree: ResourceConfig]
  /// `vars:` as written; see `variables(for:)`.
  public var vars: YAMLNode?
  public var flags: YAMLNode?
  public var dbtCloud: YAMLNode?
  public var packages: PackagesFile
  public var selectors: [Selector]
  /// The whole file before and after rendering.
  public var unrendered: YAMLNode
  public var rendered: YAMLNode
  public var warnings: [Diagnostic]

  /// A configuration tree, kept in order with positions, before and after rendering (dbt reports both).
  public struct ResourceConfig: Sendable {
    public var rendered: YAMLNode
    public var unrendered: YAMLNode
  }

  /// `target/` as an absolute path.
  public var absoluteTargetPath: String { Path.absolute(targetPath, from: root) }
  /// Where packages are installed, absolute.
  public var absolutePackagesPath: String { Path.absolute(packagesInstallPath, from: root) }

  /// The search order for a namespace of `adapter.dispatch`, when configured.
  public func dispatchOrder(_ namespace: String) -> [String]? {
    dispatch.first { $0.macroNamespace == namespace }?.searchOrder
  }

  /// This project's variables as nodes of a package see them: its own block wins over the project's.
  /// Blocks of packages are themselves visible as variables, as in dbt.
  public func variables(for package: String) -> YAMLMapping {
    guard let vars = vars?.mapping else { return YAMLMapping([]) }
    guard let own = vars[package]?.mapping, !own.isEmpty else { return vars }
    var entries = vars.entries
    for entry in own.entries {
      if let name = entry.key.string, let at = entries.firstIndex(where: { $0.key.string == name }) {
        entries[at].value = entry.value
      } else {
        entries.append(entry)
      }
    }
    return YAMLMapping(entries)
  }
}

/// Where resources live, relative to the project.
public struct ResourcePaths: Sendable, Hashable {
  public var models = ["models"]
  public var macros = ["macros"]
  public var seeds = ["seeds"]
  public var tests = ["tests"]
  public var analyses = ["analyses"]
  public var snapshots = ["snapshots"]
  public var functions = ["functions"]
  public var assets: [String] = []
  /// Nil: everywhere.
  public var configuredDocs: [String]?

  public init() {}

  public var genericTests: [String] { tests.map { Path.join($0, "generic") } }
  public var fixtures: [String] { tests.map { Path.join($0, "fixtures") } }
  public var docs: [String] { configuredDocs ?? allSources }

  /// Every folder that may hold properties files, each once.
  public var allSources: [String] {
    var out: [String] = []
    for path in models + seeds + snapshots + analyses + macros + tests + functions {
      var path = path[...]
      while path.hasSuffix("/") { path = path.dropLast() }
      if !out.contains(String(path)) { out.append(String(path)) }
    }
    return out
  }
}

/// Which parts of a relation's name are quoted; nil: the adapter's default.
public struct Quoting: Sendable, Hashable {
  public var database: Bool?
  public var schema: Bool?
  public var identifier: Bool?
  public var column: Bool?
  public init(database: Bool? = nil, schema: Bool? = nil, identifier: Bool? = nil, column: Bool? = nil) {
    self.database = database
    self.schema = schema
    self.identifier = identifier
    self.column = column
  }
}

/// One entry of `dispatch:`.
public struct DispatchRule: Sendable, Hashable {
  public var macroNamespace: String
  public var searchOrder: [String]
}

/// `query-comment:`
public struct QueryComment: Sendable, Hashable {
  public enum Comment: Sendable, Hashable {
    /// dbt's own comment, a JSON object.
    case standard
    case none
    /// A template.
    case text(String)
  }
  public var comment: Comment
  /// Whether the comment goes after the query; nil: the adapter's default, before.
  public var append: Bool?
  public var jobLabel: Bool

  public init(_ comment: Comment = .standard, append: Bool? = nil, jobLabel: Bool = false) {
    self.comment = comment
    self.append = append
    self.jobLabel = jobLabel
  }
}

/// The trees of `dbt_project.yml` that configure resources; the raw value is the key.
public enum ResourceTree: String, Sendable, CaseIterable {
  case models, seeds, snapshots, analyses, sources, exposures, metrics, functions
  case dataTests = "data_tests"
  case unitTests = "unit_tests"
  case semanticModels = "semantic-models"
  case savedQueries = "saved-queries"
}
