import Diagnostics
import YAML

extension ProjectConfigReader {
  static let knownKeys: Set<String> = [
    "name", "config-version", "version", "project-root", "source-paths", "model-paths", "macro-paths", "data-paths",
    "seed-paths", "test-paths", "analysis-paths", "docs-paths", "asset-paths", "function-paths", "target-path",
    "snapshot-paths", "clean-targets", "profile", "log-path", "packages-install-path", "quoting", "on-run-start",
    "on-run-end", "require-dbt-version", "dispatch", "models", "seeds", "snapshots", "analyses", "sources", "tests",
    "data_tests", "unit_tests", "metrics", "semantic-models", "saved-queries", "exposures", "functions", "vars",
    "packages", "query-comment", "restrict-access", "dbt-cloud", "flags",
  ]

  func typed(_ fields: inout FieldReader, _ rendered: YAMLNode, _ unrendered: YAMLNode) -> ProjectConfig {
    fields.rejectUnknownKeys(Self.knownKeys)
    let paths = paths(&fields)
    let targetPath = options.targetPath ?? folder("target-path", "target", option: "--target-path", &fields)
    return ProjectConfig(
      name: name(&fields), version: version(&fields), configVersion: fields.int("config-version") ?? 2, root: root,
      profileName: fields.string("profile"), paths: paths, targetPath: targetPath,
      logPath: options.logPath ?? folder("log-path", "logs", option: "--log-path", &fields),
      cleanTargets: fields.strings("clean-targets") ?? [targetPath],
      packagesInstallPath: fields.string("packages-install-path") ?? "dbt_packages", quoting: quoting(&fields),
      onRunStart: fields.locatedStrings("on-run-start", orOne: true) ?? [],
      onRunEnd: fields.locatedStrings("on-run-end", orOne: true) ?? [],
      requireDbtVersion: requiredVersion(&fields), dispatch: dispatch(&fields), queryComment: queryComment(&fields),
      restrictAccess: fields.bool("restrict-access") ?? false, resources: resources(&fields, unrendered),
      vars: fields.mappingNode("vars"), flags: fields.mappingNode("flags"), dbtCloud: fields.mappingNode("dbt-cloud"),
      packages: PackagesFile(), selectors: [], unrendered: unrendered, rendered: rendered, warnings: [])
  }

  /// A folder that is no longer the project's to say: one other than the default is told of.
  private func folder(_ key: String, _ standard: String, option: String, _ fields: inout FieldReader) -> String {
    guard let path = fields.string(key) else { return standard }
    if path != standard {
      let variable = "DBT_" + key.uppercased().replacing("-", with: "_")
      fields.report(
        Diagnostic(
          key, .project,
          "The `\(key)` config in `dbt_project.yml` has been deprecated and will no longer be supported in a future "
            + "version. To use another folder, give \(option) or set \(variable).",
          severity: .warning, range: fields.mapping.entry(key)?.key.range))
    }
    return path
  }

  /// Words that mean something in templates and can't name a project (dbt's list of banned names).
  static let reservedNames: Set<String> = [
    "_sql_results", "adapter", "api", "column", "config", "context", "database", "env", "env_var", "exceptions",
    "execute", "flags", "fromjson", "fromyaml", "graph", "invocation_id", "load_agate_table", "load_result", "log",
    "model", "modules", "post_hooks", "pre_hooks", "ref", "render", "return", "run_started_at", "schema", "source",
    "sql", "sql_now", "store_result", "store_raw_result", "target", "this", "tojson", "toyaml",
    "try_or_compiler_error", "var", "write",
  ]

  private func name(_ fields: inout FieldReader) -> String {
    guard fields.value("name") != nil else {
      fields.report(
        Diagnostic(
          "missing-key", .project, "Required \"name\" field not present in \(displayName)",
          range: fields.mapping.entries.first?.key.range,
          hint: "add `name: my_project`"))
      return ""
    }
    guard let name = fields.string("name") else { return "" }
    let range = fields.value("name")?.range
    let scalars = name.unicodeScalars
    func isWord(_ scalar: Unicode.Scalar) -> Bool {
      scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
    if scalars.isEmpty || !scalars.allSatisfy(isWord) || scalars.first?.properties.numericType != nil {
      let suggestion = String(
        String.UnicodeScalarView(scalars.map { isWord($0) ? $0 : "_" }))
      fields.report(
        Diagnostic(
          "bad-project-name", .project,
          "`\(name)` can't name a project: letters, digits and underscores, not beginning with a digit", range: range,
          hint: suggestion.isEmpty || suggestion.first?.isNumber == true ? nil : "`\(suggestion)` would do"))
    } else if Self.reservedNames.contains(name) {
      fields.report(
        Diagnostic("bad-project-name", .project, "`\(name)` is a reserved word and can't name a project", range: range))
    }
    return name
  }

  private func version(_ fields: inout FieldReader) -> String? {
    guard let node = fields.value("version") else { return nil }
    switch node.scalar?.value {
    case .float?, .int?: return node.scalar?.text
    case .string(let text)?:
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      let isShort =
        parts.count == 2
        && parts.allSatisfy {
          !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0.isNumber } && ($0 == "0" || $0.first != "0")
        }
      let isFull = VersionSpecifier(text).map { $0.matcher == .exact && !text.hasPrefix("=") } ?? false
      if !isShort, !isFull {
        fields.report(
          Diagnostic(
            "bad-version", .project, "`version` must be a version such as 1.0.0, but is `\(text)`", range: node.range))
      }
      return text
    default:
      fields.report(
        Diagnostic("wrong-type", .project, "`version` must be a version such as 1.0.0", range: node.range))
      return nil
    }
  }

  private func paths(_ fields: inout FieldReader) -> ResourcePaths {
    var paths = ResourcePaths()
    func take(_ key: String, old: String? = nil) -> [String]? {
      if let old, fields.mapping[old] != nil {
        let range = fields.mapping.entry(old)?.key.range
        if fields.mapping[key] != nil {
          fields.report(
            Diagnostic(
              "two-names", .project, "`\(old)` and `\(key)` can't both be given; `\(old)` is the old name of `\(key)`",
              range: range))
        } else {
          fields.report(
            Diagnostic(
              old, .project,
              "The `\(old)` config has been renamed to `\(key)`. Please update your `dbt_project.yml` configuration to "
                + "reflect this change.", severity: .warning, range: range))
          return fields.strings(old)
        }
      }
      return fields.strings(key)
    }
    paths.models = take("model-paths", old: "source-paths") ?? paths.models
    paths.seeds = take("seed-paths", old: "data-paths") ?? paths.seeds
    paths.macros = take("macro-paths") ?? paths.macros
    paths.tests = take("test-paths") ?? paths.tests
    paths.analyses = take("analysis-paths") ?? paths.analyses
    paths.snapshots = take("snapshot-paths") ?? paths.snapshots
    paths.functions = take("function-paths") ?? paths.functions
    paths.assets = take("asset-paths") ?? paths.assets
    paths.configuredDocs = take("docs-paths")
    return paths
  }

  private func quoting(_ fields: inout FieldReader) -> Quoting {
    guard let node = fields.mappingNode("quoting") else { return Quoting() }
    var inner = FieldReader(node, subject: "`quoting`", kind: .project)
    inner.rejectUnknownKeys(["database", "schema", "project", "identifier", "column", "snowflake_ignore_case"])
    let quoting = Quoting(
      database: inner.bool("database") ?? inner.bool("project"), schema: inner.bool("schema"),
      identifier: inner.bool("identifier"), column: inner.bool("column"))
    for problem in inner.problems { fields.report(problem) }
    return quoting
  }

  private func dispatch(_ fields: inout FieldReader) -> [DispatchRule] {
    guard let node = fields.value("dispatch") else { return [] }
    guard let items = node.sequence else {
      fields.report(
        Diagnostic("wrong-type", .project, "`dispatch` must be a list, but is \(node.kindName)", range: node.range))
      return []
    }
    var rules: [DispatchRule] = []
    for item in items {
      guard let namespace = item["macro_namespace"]?.string, let order = item["search_order"]?.strings else {
        fields.report(
          Diagnostic(
            "bad-dispatch", .project, "an entry of `dispatch` needs a `macro_namespace` and a list `search_order`",
            range: item.range))
        continue
      }
      rules.append(DispatchRule(macroNamespace: namespace, searchOrder: order))
    }
    return rules
  }

  private func queryComment(_ fields: inout FieldReader) -> QueryComment {
    guard let node = fields.mapping["query-comment"] else { return QueryComment(.standard) }
    if node.isNull { return QueryComment(.none) }
    if let text = node.string { return QueryComment(text.isEmpty ? .none : .text(text)) }
    guard node.mapping != nil else {
      fields.report(
        Diagnostic(
          "wrong-type", .project, "`query-comment` must be a string or a mapping, but is \(node.kindName)",
          range: node.range))
      return QueryComment(.standard)
    }
    var inner = FieldReader(node, subject: "`query-comment`", kind: .project)
    inner.rejectUnknownKeys(["comment", "append", "job-label", "job_label"])
    let comment: QueryComment.Comment
    if inner.mapping["comment"] == nil {
      comment = .standard
    } else if let text = inner.string("comment"), !text.isEmpty {
      comment = .text(text)
    } else {
      comment = .none
    }
    let result = QueryComment(
      comment, append: inner.bool("append"), jobLabel: inner.bool("job-label") ?? inner.bool("job_label") ?? false)
    for problem in inner.problems { fields.report(problem) }
    return result
  }

  private func requiredVersion(_ fields: inout FieldReader) -> [VersionSpecifier] {
    guard let node = fields.value("require-dbt-version") else { return [] }
    let texts: [LocatedString]
    if let text = node.string {
      texts = text.split(separator: ",", omittingEmptySubsequences: false).map {
        LocatedString(text: String($0), range: node.range)
      }
    } else {
      texts = fields.locatedStrings("require-dbt-version") ?? []
    }
    var versions: [VersionSpecifier] = []
    for text in texts {
      guard let version = VersionSpecifier(text.text) else {
        let spaceless = text.text.filter { $0 != " " }
        fields.report(
          Diagnostic(
            "bad-version", .project, "\"\(text.text)\" is not a valid semantic version.", range: text.range,
            hint: spaceless != text.text && VersionSpecifier(spaceless) != nil
              ? "write it without spaces: `\(spaceless)`" : "write it as `>=1.10.0` with three numbers"))
        return []
      }
      versions.append(version)
    }
    guard options.checksVersion, !versions.isEmpty else { return versions }
    let wanted = versions.map(\.description).joined(separator: ", ")
    let package = fields.value("name")?.string ?? displayName
    if VersionRange(all: versions) == nil {
      fields.report(
        Diagnostic(
          "version-mismatch", .project, "no version of dbt satisfies what '\(package)' requires: \(wanted)",
          range: node.range))
    } else if let own = VersionSpecifier(Self.dbtVersion), !VersionRange.compatible([own] + versions) {
      fields.report(
        Diagnostic(
          "version-mismatch", .project,
          "This version of dbt is not supported with the '\(package)' package: it requires dbt \(wanted), and this program "
            + "speaks the language of dbt \(Self.dbtVersion).",
          range: node.range, hint: "use another version of the package, or run with --no-version-check"))
    }
    return versions
  }

  private func resources(
    _ fields: inout FieldReader, _ unrendered: YAMLNode
  ) -> [ResourceTree: ProjectConfig.ResourceConfig] {
    var out: [ResourceTree: ProjectConfig.ResourceConfig] = [:]
    for tree in ResourceTree.allCases {
      guard let node = fields.mappingNode(tree.rawValue) else { continue }
      out[tree] = .init(rendered: node, unrendered: unrendered[tree.rawValue] ?? node)
    }
    if let tests = fields.mapping["tests"]?.mapping, !tests.isEmpty, out[.dataTests] != nil {
      fields.report(
        Diagnostic(
          "two-names", .project, "`tests` and `data_tests` can't both be given; `tests` is the old name",
          range: fields.mapping.entry("tests")?.key.range))
    }
    return out
  }
}
