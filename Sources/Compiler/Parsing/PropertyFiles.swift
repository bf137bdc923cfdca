import Diagnostics
import Events
import Jinja
import Manifest
import Project
import YAML

/// An entry that is a resource of its own: a source, an exposure, a group, …
struct PropertyEntry: @unchecked Sendable {
  let key: String
  let package: String
  let file: ParseFile
  let node: YAMLNode
  /// Rendered.
  let values: ConfigDict
  /// The file that overrides a source of a package.
  var patchPath: String?

  var name: String { values["name"]?.text ?? "" }
  var range: SourceRange { (node["name"] ?? node).range }
}

extension ProjectParser {
  private static let patchKeys: Set<String> = [
    "models", "seeds", "snapshots", "analyses", "macros", "data_tests", "functions",
  ]
  /// In the order in which a file's sections are read, wherever they stand in it.
  private static let entryOrder = [
    "sources", "exposures", "metrics", "groups", "semantic_models", "unit_tests", "saved_queries",
  ]
  private static let entryKeys = Set(entryOrder)

  /// What one file says.
  struct Reading: @unchecked Sendable {
    var patches: [Patch] = []
    var entries: [PropertyEntry] = []
    var diagnostics: [Diagnostic] = []
  }

  /// Reads all properties files in parallel.
  func readProperties() {
    var files: [(package: String, file: ParseFile)] = []
    for package in packages where !package.isInternal {
      for file in package.files where file.kind == .properties { files.append((package.name, file)) }
    }
    for reading in Parallel.map(files, { [self] in remembered($0.file, package: $0.package) }) {
      patches += reading.patches
      entries += reading.entries
      problems += reading.diagnostics.filter { $0.severity == .error }
      for warning in reading.diagnostics where warning.severity != .error {
        warnings.append(.warning(warning))
      }
    }
    for patch in patches {
      let key = PatchKey(package: patch.package, key: patch.key, name: patch.name)
      if let first = patchIndex[key] {
        problems.append(Self.describedTwice(patch, first))
      } else {
        patchIndex[key] = patch
      }
    }
    indexVersions()
  }

  /// A file's reading, another tenant's where that fits.
  private func remembered(_ file: ParseFile, package: String) -> Reading {
    let reads = TenantReads()
    guard let memo else {
      let reading = read(file, package: package, reads)
      for patch in reading.patches { makeEarlyTests(patch) }
      return reading
    }
    let key = "\(package)://\(file.originalPath)"
    if let known = memo.properties.value(key, for: project) {
      var reading = known
      reading.patches = known.patches.map { $0.copy() }
      return reading
    }
    let reading = read(file, package: package, reads)
    memo.properties.keep(reading, key, reads: reads)
    return reading
  }

  private func read(_ file: ParseFile, package: String, _ reads: TenantReads) -> Reading {
    var out = Reading()
    do {
      guard let root = try YAML.parse(file.source) else { return out }
      guard let mapping = root.mapping else {
        throw Diagnostic(
          "properties-shape", .parsing,
          "Contents of file '\(file.originalPath)' are not valid. Dictionary expected.", range: root.range)
      }
      out.diagnostics += DuplicateKeys.warnings(root, in: file.originalPath)
      for (number, entry) in mapping.entries.enumerated() {
        let key = entry.key.keyText
        let normalized = key == "tests" ? "data_tests" : key
        if Self.patchKeys.contains(normalized) || Self.entryKeys.contains(normalized) {
          try readSection(normalized, entry.value, number, file, package, reads, &out)
        } else if key != "version" && key != "anchors" {
          let near = NearestName.of(key, among: Self.patchKeys.union(Self.entryKeys))
          out.diagnostics.append(
            Diagnostic(
              "unknown-key", .parsing, "Unexpected top-level key '\(key)' in file '\(file.originalPath)'",
              severity: .warning, range: entry.key.range, hint: near.map { "Did you mean '\($0)'?" }))
        }
      }
    } catch {
      var diagnostic = ExecutionError(any: error).asDiagnostic
      if diagnostic.range == nil { diagnostic.range = SourceRange(source: file.source, offsets: 0..<0) }
      if diagnostic.code.hasPrefix("yaml-"), let line = diagnostic.range?.start.line {
        diagnostic.message = "Syntax error near line \(line): \(diagnostic.message)"
      }
      out.diagnostics.append(diagnostic)
    }
    if let first = out.entries.first, out.entries.contains(where: { $0.key != first.key }) {
      let entries = out.entries
      out.entries = Self.entryOrder.flatMap { key in entries.filter { $0.key == key } }
    }
    return out
  }

  private func readSection(
    _ key: String, _ section: YAMLNode, _ number: Int, _ file: ParseFile, _ package: String, _ reads: TenantReads,
    _ out: inout Reading
  ) throws {
    if section.isNull { return }
    guard let items = section.sequence else {
      throw Diagnostic(
        "properties-shape", .parsing,
        "The schema file at \(file.originalPath) is invalid because the value of '\(key)' is not a list",
        range: section.range, hint: "Begin each entry with a dash: `- name: …`.")
    }
    let rendering = YAMLRendering(project: project, package: package, key: key, reads: reads)
    for (index, item) in items.enumerated() {
      do {
        guard let mapping = item.mapping else {
          throw Diagnostic(
            "properties-shape", .parsing,
            "Invalid \(key) config given in \(file.originalPath): expected a dictionary, found \(item.kindName)",
            range: item.range, hint: "Write `- name: …`.")
        }
        guard case .dict(var values) = try rendering.render(item) else { continue }
        guard let name = values["name"]?.text, !name.isEmpty else {
          let near = NearestName.of("name", among: mapping.stringKeys)
          throw Diagnostic(
            "missing-name", .parsing,
            key == "data_tests"
              ? "Entry did not contain a name"
              : "The schema file at \(file.originalPath) is invalid because a list element for '\(key)' does not have a "
                + "name attribute.",
            range: near.flatMap { mapping.entry($0)?.key.range } ?? item.range,
            hint: near.map { "Did you mean 'name' instead of '\($0)'?" })
        }
        try renameTests(&values, item)
        if let problem = PropertySchemas.problem(values, key, file, item) { throw problem }
        if Self.patchKeys.contains(key) {
          if key != "macros" { try moveIntoConfig(&values, key, file, item) }
          out.patches.append(
            Patch(
              key: key, name: name, package: package, file: file, node: item,
              at: Patch.Place(section: number, item: index), values: values, reads: reads))
        } else {
          out.entries.append(PropertyEntry(key: key, package: package, file: file, node: item, values: values))
        }
      } catch {
        var found = ExecutionError(any: error).asDiagnostic
        if key == "data_tests" {
          // Singular tests run without their description.
          found.severity = .warning
          found.code = "unreadable-tests"
          found.message = "Unable to parse 'data_tests' section of file '\(file.originalPath)'\n\(found.message)"
        }
        out.diagnostics.append(found)
      }
    }
  }

  /// meta, docs, group, contract and access may stand at the top or under `config`, not both.
  private func moveIntoConfig(_ values: inout ConfigDict, _ key: String, _ file: ParseFile, _ item: YAMLNode) throws {
    for attribute in ["meta", "docs", "group", "contract", "access"] {
      guard let value = values[attribute] else { continue }
      var config = values["config"]?.asDict ?? ConfigDict()
      if config[attribute] != nil {
        throw Diagnostic(
          "two-places", .parsing,
          "In \(file.originalPath): found \(attribute) dictionary in 'config' dictionary and as top-level key.",
          range: (item[attribute] ?? item).range,
          hint: "Remove the top-level key and define it under 'config' dictionary only.")
      }
      config[attribute] = value
      values["config"] = .dict(config)
    }
  }

  /// `tests:` is the older name of `data_tests:`.
  private func renameTests(_ values: inout ConfigDict, _ item: YAMLNode) throws {
    func rename(_ dict: inout ConfigDict) throws {
      guard let tests = dict["tests"], tests.isTrue else { return }
      if dict["data_tests"] != nil {
        throw Diagnostic(
          "tests-twice", .parsing, "Invalid test config: cannot have both 'tests' and 'data_tests' defined",
          range: item.range)
      }
      dict["data_tests"] = tests
      dict["tests"] = nil
    }
    func renameColumns(_ dict: inout ConfigDict) throws {
      guard case .list(let columns)? = dict["columns"] else { return }
      dict["columns"] = .list(
        try columns.map { column in
          guard case .dict(var column) = column else { return column }
          try rename(&column)
          return .dict(column)
        })
    }
    try rename(&values)
    try renameColumns(&values)
    for key in ["versions", "tables"] {
      guard case .list(let items)? = values[key] else { continue }
      values[key] = .list(
        try items.map { item in
          guard case .dict(var dict) = item else { return item }
          try rename(&dict)
          try renameColumns(&dict)
          return .dict(dict)
        })
    }
  }

  /// Which files are versions of which models.
  private func indexVersions() {
    for patch in patches where patch.key == "models" {
      let versions = patch.versions
      guard !versions.isEmpty, let latest = patch.latestVersion else { continue }
      let modelFiles = Set(
        packages.first { $0.name == patch.package }?.files.filter { $0.kind == .model }.map(\.name) ?? [])
      for version in versions {
        var file = version.values["defined_in"]?.asString ?? "\(patch.name)_v\(version.version.text)"
        if !modelFiles.contains(file), version.version == latest { file = patch.name }
        guard modelFiles.contains(file) else {
          warnings.append(
            .warning(
              "NoNodeForYamlKey", "I058",
              "Did not find matching node for patch with name '\(file)' in the 'models' section of file "
                + "'\(patch.file.originalPath)'"))
          continue
        }
        versionFiles[PatchKey(package: patch.package, key: "models", name: file)] = VersionOf(
          patch: patch, version: version, latest: latest)
      }
      patch.used = true
    }
  }

  /// Singular tests' and macros' descriptions, and singular tests' configuration, come from properties too.
  func applySingularTestPatches(_ manifest: Manifest) {
    if options.validatesMacroArguments {
      // dbt reads no signatures of generic tests that have files of their own.
      let unread = Set(
        packages.flatMap { package in
          package.files.lazy.filter { $0.kind == .genericTest }.map { "\(package.name)://\($0.originalPath)" }
        })
      for macro in manifest.macros where !unread.contains("\(macro.packageName)://\(macro.originalFilePath)") {
        macro.arguments = project.macros.parameters(of: macro).map { Macro.Argument(name: $0) }
      }
    }
    for patch in patches {
      switch patch.key {
      case "data_tests":
        if let node = manifest.nodes["test.\(patch.package).\(patch.name)"] {
          patch.used = true
          node.patchPath = patch.fileID
          node.description = patch.description
        }
      case "macros":
        guard let macro = manifest.macros["macro.\(patch.package).\(patch.name)"] else { continue }
        patch.used = true
        macro.patchPath = patch.fileID
        macro.description = patch.description
        let config = patch.config
        macro.meta = patch.values["meta"]?.asDict ?? ConfigDict()
        macro.meta.update(config["meta"]?.asDict ?? ConfigDict())
        macro.configMeta = macro.meta
        if let docs = (config["docs"] ?? patch.values["docs"])?.asDict {
          macro.docs = DocsOptions(show: docs["show"]?.asBool ?? true, nodeColor: docs["node_color"]?.asString)
          macro.configDocs = macro.docs
        }
        let arguments = (patch.values["arguments"]?.asList ?? []).compactMap(\.asDict).map {
          Macro.Argument(
            name: $0["name"]?.text ?? "", type: $0["type"]?.text, description: $0["description"]?.asString ?? "")
        }
        if options.validatesMacroArguments {
          let defined = macro.arguments.map(\.name)
          problems += MacroAnnotations.problems(macro, described: arguments, defined: defined)
        }
        if !arguments.isEmpty { macro.arguments = arguments }
      default: continue
      }
    }
    for (id, resources) in manifest.disabled.groups {
      if let node = resources.first as? Node, resources.count > 1, manifest.nodes[id] == nil {
        requireOneToEnable(node, resources.count)
      }
    }
  }

  /// Properties can't enable one of several disabled nodes: nobody knows which.
  private func requireOneToEnable(_ node: Node, _ count: Int) {
    let key = PatchKey(package: node.packageName, key: Self.patchKey(node.resourceType), name: node.name)
    guard let patch = patchIndex[key], patch.config["enabled"]?.isTrue ?? false else { return }
    problems.append(
      Diagnostic(
        "several-disabled", .parsing,
        "Found \(count) matching disabled nodes for \(node.resourceType.rawValue) '\(node.name)'. Multiple nodes for the "
          + "same unique id cannot be enabled in the schema file. They must be enabled in `dbt_project.yml` or in the sql "
          + "files.", range: patch.range))
  }
}
