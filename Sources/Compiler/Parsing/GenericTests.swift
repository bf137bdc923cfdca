import Diagnostics
import Jinja
import Manifest
import Project
import YAML

extension ProjectParser {
  struct TestRequest: @unchecked Sendable {
    let definition: ConfigValue
    let node: YAMLNode?
    /// The resource's name as `ref()` or `source()` knows it.
    let model: String
    let version: NodeVersion?
    let source: (name: String, table: String)?
    let column: String?
    let columnTags: [String]
    let package: String
    let file: ParseFile
    let fileKey: String
    /// The id of the node it is attached to, when there is one.
    let attached: String?
    /// The test's fqn without its name.
    let folders: [String]

    /// Whether both ask for the same test of the same thing; what it is attached to is said later.
    func asksTheSame(as other: TestRequest) -> Bool {
      definition == other.definition && model == other.model && version == other.version
        && source?.name == other.source?.name && source?.table == other.source?.table && column == other.column
        && columnTags == other.columnTags && package == other.package && fileKey == other.fileKey
        && file.originalPath == other.file.originalPath
    }
  }

  /// All tests asked for in properties files, made into nodes in parallel, those of nodes before those of sources.
  func parseGenericTests(_ manifest: Manifest) {
    let tested =
      patches.filter { Self.testable.contains($0.key) }.map(Tested.node)
      + entries.filter { $0.key == "sources" }.map(Tested.source)
    manifest.nodes.reserveCapacity(
      manifest.nodes.count + patches.reduce(0) { $0 + ($1.tests?.tests.count ?? 0) })
    var attached = AttachedTests(manifest)
    for start in stride(from: 0, to: tested.count, by: Self.testedAtOnce) {
      let batch = Array(start..<min(start + Self.testedAtOnce, tested.count))
      for outcome in Parallel.map(batch, { [self] in finished(tested[$0], number: $0, manifest) }) {
        problems += outcome.warnings
        for test in outcome.tests {
          switch test {
          case .made(let node):
            attached.attach(node)
            place(node, manifest)
          case .failed(let diagnostic): problems.append(diagnostic)
          case .waiting: continue
          }
        }
      }
    }
  }

  /// Enough to keep all cores busy; what is asked for takes more room than the nodes it becomes.
  private static let testedAtOnce = 512
  private static let testable: Set<String> = ["models", "seeds", "snapshots"]

  private enum Tested: Sendable {
    case node(Patch)
    indirect case source(PropertyEntry)
  }

  /// The tests of one patch or source.
  struct TestOutcome: Sendable {
    enum Test: Sendable {
      case made(Node)
      indirect case failed(Diagnostic)
      indirect case waiting(TestRequest)
    }
    var warnings: [Diagnostic] = []
    var tests: [Test] = []
  }

  /// Makes the tests that a patch asks for while its file is at hand, which it then lets go of. Tests with macros of the
  /// project's own wait until it is parsed as far as dbt has it then: they may say something.
  func makeEarlyTests(_ patch: Patch) {
    if options.comparesUnrendered { return }
    if Self.testable.contains(patch.key) {
      var requests: [TestRequest] = []
      collect(patch, &requests)
      var outcome = TestOutcome(warnings: requests.flatMap(warnings(of:)))
      outcome.tests.reserveCapacity(requests.count)
      for request in requests { outcome.tests.append(isSilent(request) ? made(request, 0) : .waiting(request)) }
      patch.tests = outcome
    }
    patch.forgetNode()
  }

  private func warnings(of request: TestRequest) -> [Diagnostic] {
    TestArgumentWarnings.of(request, nested: options.genericTestArguments)
  }

  private func isSilent(_ request: TestRequest) -> Bool {
    guard let (name, _) = try? Self.parts(request), !name.utf8.contains(UInt8(ascii: ".")) else { return false }
    return testMacros.macro(name, namespace: nil, for: request.package, project.macros).isBuiltIn
  }

  /// - Parameter number: the place of what is tested among all such.
  private func finished(_ tested: Tested, number: Int, _ manifest: Manifest) -> TestOutcome {
    var outcome: TestOutcome
    if case .node(let patch) = tested, let early = patch.tests {
      outcome = early
      for case (let index, .waiting(let request)) in early.tests.enumerated() {
        outcome.tests[index] = made(request, number << 16 + index)
      }
    } else {
      var requests: [TestRequest] = []
      switch tested {
      case .node(let patch): collect(patch, &requests)
      case .source(let entry): collect(entry, manifest, &requests)
      }
      outcome = TestOutcome(warnings: requests.flatMap(warnings(of:)))
      outcome.tests = requests.enumerated().map { made($1, number << 16 + $0) }
    }
    // What is remembered for other tenants is still needed.
    if memo == nil, case .node(let patch) = tested { patch.forgetContents() }
    return outcome
  }

  private func made(_ request: TestRequest, _ index: Int) -> TestOutcome.Test {
    do { return .made(try remembered(request, index)) } catch {
      var diagnostic = ExecutionError(any: error).asDiagnostic
      // What dbt makes of a test's entry, nobody wrote.
      if diagnostic.range?.source.isInternal ?? true { diagnostic.range = request.node?.range }
      return .failed(diagnostic)
    }
  }

  /// A test as another tenant parsed it, where that fits, or parsed now.
  private func remembered(_ request: TestRequest, _ index: Int) throws -> Node {
    let node: Node
    if let known = memo?.tests.value(index, for: project, where: { $0.request.asksTheSame(as: request) }) {
      node = try renamed(known.parsed)
    } else {
      let recording = NodeRecording()
      node = try test(request, recording)
      if let memo, let naming = recording.naming {
        let parsed = ParsedNode(node: node.copy(), naming: naming)
        memo.tests.keep(ParsedTest(request: request, parsed: parsed), index, reads: recording.reads)
      }
    }
    node.attachedNode = request.attached
    return node
  }

  private func collect(_ patch: Patch, _ out: inout [TestRequest]) {
    let place = patch.node
    let quoteColumns = patch.values["quote_columns"]?.asBool
    let fileKey = "\(patch.key).\(patch.name)"
    let folders = FQN.genericTestFolders(package: patch.package, propertiesPath: patch.file.originalPath)
    func add(_ values: ConfigDict, columns: [ConfigDict], tests: ConfigValue?, version: NodeVersion?) {
      let attached = Self.id(of: patch, version)
      func request(_ definition: ConfigValue, _ node: YAMLNode?, _ column: String?, _ tags: [String]) -> TestRequest {
        TestRequest(
          definition: definition, node: node, model: patch.name, version: version, source: nil, column: column,
          columnTags: tags, package: patch.package, file: patch.file, fileKey: fileKey, attached: attached,
          folders: folders)
      }
      for (index, column) in columns.enumerated() {
        guard let definitions = column["data_tests"]?.asList, !definitions.isEmpty else { continue }
        let (name, tags) = Self.column(column, quoteColumns: quoteColumns)
        let column = Self.columnNode(place, column["name"]?.text ?? "", likelyAt: index)
        for (i, definition) in definitions.enumerated() {
          out.append(request(definition, Self.testNode(column, i), name, tags))
        }
      }
      for (i, definition) in (tests?.asList ?? []).enumerated() {
        out.append(request(definition, Self.testNode(place, i), nil, []))
      }
    }
    let versions = patch.key == "models" ? patch.versions : []
    if versions.isEmpty {
      add(
        patch.values, columns: (patch.values["columns"]?.asList ?? []).compactMap(\.asDict),
        tests: patch.values["data_tests"], version: nil)
    }
    for version in versions {
      add(
        version.values,
        columns: ColumnParser.entries(patch.values["columns"]?.asList ?? [], version.values["columns"]?.asList),
        tests: version.values["data_tests"] ?? patch.values["data_tests"], version: version.version)
    }
  }

  private static func id(of patch: Patch, _ version: NodeVersion?) -> String {
    let type = patch.key == "seeds" ? "seed" : patch.key == "snapshots" ? "snapshot" : "model"
    let id = "\(type).\(patch.package).\(patch.name)"
    return version.map { "\(id).v\($0.text)" } ?? id
  }

  private func collect(_ entry: PropertyEntry, _ manifest: Manifest, _ out: inout [TestRequest]) {
    let tableNodes = entry.node["tables"]?.sequence ?? []
    let folders = FQN.genericTestFolders(package: entry.package, propertiesPath: entry.file.originalPath)
    for (t, table) in (entry.values["tables"]?.asList ?? []).compactMap(\.asDict).enumerated() {
      let name = table["name"]?.text ?? ""
      let place = t < tableNodes.count ? tableNodes[t] : nil
      let id = UniqueID.source(package: entry.package, source: entry.name, table: name)
      guard manifest.sources[id] != nil || !manifest.disabled[id].isEmpty else { continue }
      func request(_ definition: ConfigValue, _ node: YAMLNode?, _ column: String?, _ tags: [String]) -> TestRequest {
        TestRequest(
          definition: definition, node: node, model: name, version: nil, source: (entry.name, name), column: column,
          columnTags: (entry.values["tags"]?.asStrings ?? []) + (table["tags"]?.asStrings ?? []) + tags,
          package: entry.package, file: entry.file, fileKey: "sources.\(entry.name)", attached: nil, folders: folders)
      }
      let quote = (table["quoting"]?.asDict?["column"] ?? entry.values["quoting"]?.asDict?["column"])?.asBool
      for column in (table["columns"]?.asList ?? []).compactMap(\.asDict) {
        let (columnName, tags) = Self.column(column, quoteColumns: quote)
        let columnPlace = place.flatMap { Self.columnNode($0, column["name"]?.text ?? "") }
        for (i, definition) in (column["data_tests"]?.asList ?? []).enumerated() {
          out.append(request(definition, Self.testNode(columnPlace, i), columnName, tags))
        }
      }
      for (i, definition) in (table["data_tests"]?.asList ?? []).enumerated() {
        out.append(request(definition, Self.testNode(place, i), nil, []))
      }
    }
  }

  private static func column(_ column: ConfigDict, quoteColumns: Bool?) -> (String, [String]) {
    var name = column["name"]?.text ?? ""
    if column["quote"]?.asBool ?? quoteColumns ?? false { name = Relation.quoted(name) }
    let tags = (column["tags"]?.asStrings ?? []) + (column["config"]?.asDict?["tags"]?.asStrings ?? [])
    return (name, tags)
  }

  /// - Parameter index: where the column stands unless someone moved it.
  static func columnNode(_ owner: YAMLNode?, _ name: String, likelyAt index: Int = 0) -> YAMLNode? {
    guard let columns = owner?["columns"]?.sequence else { return nil }
    if index < columns.count, columns[index]["name"]?.keyText == name,
      !columns[..<index].contains(where: { $0["name"]?.keyText == name })
    {
      return columns[index]
    }
    return columns.first { $0["name"]?.keyText == name }
  }

  private static func testNode(_ owner: YAMLNode?, _ index: Int) -> YAMLNode? {
    guard let tests = (owner?["data_tests"] ?? owner?["tests"])?.sequence, index < tests.count else { return nil }
    return tests[index]
  }

  private static let configNames = Set(configArguments + ["config"])
  static let configArguments = [
    "severity", "tags", "enabled", "where", "limit", "warn_if", "error_if", "fail_calc", "store_failures",
    "store_failures_as", "meta", "database", "schema", "alias",
  ]

  /// One generic test as a node (https://docs.getdbt.com/reference/resource-properties/data-tests).
  private func test(_ request: TestRequest, _ recording: NodeRecording) throws -> Node {
    var (testName, arguments) = try Self.parts(request)
    if let column = request.column { arguments["column_name"] = .string(column) }
    if options.genericTestArguments, let nested = arguments["arguments"] {
      arguments["arguments"] = nil
      for entry in nested.asDict ?? ConfigDict() { arguments[entry.key] = entry.value }
    }
    if arguments["model"] != nil {
      throw Diagnostic(
        "test-argument", .compilation,
        "Invalid generic test configuration given in \(request.file.originalPath): \nTest arguments include \"model\", "
          + "which is a reserved argument")
    }
    let target: TestMetadata.Target =
      request.source.map { .source($0.name, table: $0.table) } ?? .ref(request.model, version: request.version)
    arguments["model"] = .string("{{ get_where_subquery(\(target.call)) }}")

    var namespace: String?
    if let dot = testName.utf8.firstIndex(of: UInt8(ascii: ".")) {
      namespace = String(testName[..<dot])
      testName = String(testName[testName.index(after: dot)...])
    }
    let config = try configuration(&arguments, request, recording.reads)
    var options = config
    let description = arguments["description"]?.asString ?? ""
    arguments["description"] = nil

    let short: String
    let full: String
    if let given = arguments["name"]?.text {
      (short, full) = (given, given)
      arguments["name"] = nil
    } else {
      var name = request.source == nil ? testName : "source_\(testName)"
      if let namespace { name = "\(namespace)_\(name)" }
      let on =
        request.source.map { "\($0.name)_\($0.table)" }
        ?? request.version.map { "\(request.model)_v\($0.text)" } ?? request.model
      (short, full) = GenericTestName.of(test: name, target: on, arguments: arguments)
      if short != full, options["alias"] == nil { options["alias"] = .string(short) }
    }

    let hash = GenericTestName.hash(name: full, test: testName, namespace: namespace, kwargs: arguments)
    let path = NodePaths.genericTest(shortName: short)
    let fqn = request.folders + [full]
    let base = try configured(request.file) { try resolver.base(.test, package: request.package, fqn: fqn) }
    let macro = testMacros.macro(testName, namespace: namespace, for: request.package, project.macros)
    let raw = options.isEmpty ? macro.call : macro.call + Self.configCall(options)
    let node = Node(
      .test, uniqueID: UniqueID.genericTest(package: request.package, name: full, hash: hash), name: full,
      packageName: request.package, path: path, originalFilePath: request.file.originalPath, fqn: fqn, config: base,
      alias: full, database: project.adapter.database, schema: project.defaultSchema, checksum: .none, rawCode: raw)
    node.range = request.node?.range ?? SourceRange(source: request.file.source, offsets: 0..<0)
    node.createdAt = self.options.startedAt
    node.columnName = request.column
    node.fileKeyName = request.fileKey
    node.description = description
    node.testMetadata = TestMetadata(
      name: testName, kwargs: arguments, namespace: namespace, target: target)
    let ownTags = options["tags"]?.asStrings ?? []
    if !(request.columnTags.isEmpty && ownTags.isEmpty) {
      node.tags = Set(request.columnTags + ownTags).sorted { isOrdered($0, $1) }
    }
    node.dependsOn.macros = macro.dependencies
    if macro.isPlain {
      if let source = request.source {
        node.sources = [[source.name, source.table]]
      } else {
        node.refs = [RefArgs(name: request.model, version: request.version)]
      }
      try configure(node, call: options, properties: ConfigDict(), file: request.file, recording)
    } else {
      try render(node, request, options, macro, recording)
    }
    return node
  }

  private func render(
    _ node: Node, _ request: TestRequest, _ options: ConfigDict, _ macro: TestMacro, _ recording: NodeRecording
  ) throws {
    let capture = ParseCapture()
    capture.configCalls = options
    capture.onConfig = { call in try ConfigCalls.merge(call, into: &capture.configCalls) }
    let context = DbtContext(project, role: .node, package: request.package, node: node, capture: capture)
    context.reads = recording.reads
    context.reachableMacros = macro.reachable
    context.variables[ContextVariables.testArguments] = .dict(try project.testArguments(node, context))
    try render(node, in: request.file, context)
    node.refs = capture.refs
    node.sources = capture.sources
    node.metrics = capture.metrics
    let reachable = macro.reachable
    for macro in capture.macros where reachable.contains(macro) { node.dependsOn.addMacro(macro) }
    try configure(node, call: capture.configCalls, properties: ConfigDict(), file: request.file, recording)
  }

  /// The test's name and its arguments, from any of the forms it may be written in.
  private static func parts(_ request: TestRequest) throws -> (String, ConfigDict) {
    let place = request.file.originalPath
    switch request.definition {
    case .string(let name): return (name, ConfigDict())
    case .dict(var dict):
      if let name = dict["test_name"] {
        dict["test_name"] = nil
        guard let name = name.asString else {
          throw Diagnostic("test-shape", .parsing, "Invalid test config given in \(place): test name must be a str")
        }
        return (name, dict)
      }
      guard dict.count == 1, let entry = dict.entries.first else {
        throw Diagnostic(
          "test-shape", .parsing,
          "Invalid test config given in \(place):\n\ttest definition dictionary must have exactly one key, got "
            + "\(dict.count) instead (\(dict.keys.joined(separator: ", ")))",
          hint: "Indent the test's arguments under its name.")
      }
      switch entry.value {
      case .dict(let arguments): return (entry.key, arguments)
      default:
        throw Diagnostic(
          "test-shape", .parsing,
          "Invalid test config given in \(place):\n\ttest arguments must be a dict, got <class '\(entry.value.typeName)'> "
            + "(value \(entry.value.pythonString))",
          hint: entry.value.isNull ? "A test without arguments has no colon: `- \(entry.key)`." : nil)
      }
    default:
      throw Diagnostic(
        "test-shape", .parsing,
        "Invalid test config given in \(place):\n\ttest must be dict or str, got <class "
          + "'\(request.definition.typeName)'> (value \(request.definition.pythonString))")
    }
  }

  /// Takes the configuration out of a test's arguments: keys at the top (the older form) and `config:`.
  private func configuration(
    _ arguments: inout ConfigDict, _ request: TestRequest, _ reads: TenantReads
  ) throws -> ConfigDict {
    guard arguments.contains(where: { Self.configNames.contains($0.key) }) else { return ConfigDict() }
    var nested = arguments["config"]?.asDict ?? ConfigDict()
    var out = ConfigDict()
    for key in Self.configArguments {
      var value = arguments[key]
      arguments[key] = nil
      if value?.isTrue ?? false, nested[key] != nil {
        throw Diagnostic(
          "test-config-twice", .compilation,
          "Invalid generic test configuration given in \(request.file.originalPath): \nTest cannot have the same key at "
            + "the top-level and in config")
      }
      if !(value?.isTrue ?? false), let inner = nested[key] {
        value = inner
        nested[key] = nil
      }
      if let value, !value.isNull { out[key] = value }
    }
    for entry in nested where !entry.value.isNull { out[entry.key] = entry.value }
    arguments["config"] = nil
    for entry in out {
      guard case .string(let text) = entry.value, text.hasJinja else { continue }
      let value = try project.renderNative(
        text, name: request.file.originalPath, package: request.package, reads: reads)
      if value.isNone { out.removeValue(forKey: entry.key) } else { out[entry.key] = ConfigValue(value) }
    }
    return out
  }

  /// `{{ config(severity="warn") }}`, as it stands in the test's raw code.
  private static func configCall(_ options: ConfigDict) -> String {
    if options.isEmpty { return "" }
    let parts = options.map { entry -> String in
      if case .string(let text) = entry.value {
        let escaped = text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
        return "\(entry.key)=\"\(escaped)\""
      }
      return "\(entry.key)=\(entry.value.pythonString)"
    }
    return "{{ config(\(parts.joined(separator: ","))) }}"
  }
}

/// Gives tests what they have of the nodes that they are attached to.
private struct AttachedTests {
  private let manifest: Manifest
  /// The last one asked for; the tests of one node come one after the other.
  private var last: (id: String, node: Node?) = ("", nil)

  init(_ manifest: Manifest) { self.manifest = manifest }

  /// A test of what is not there is attached to nothing.
  mutating func attach(_ test: Node) {
    guard let id = test.attachedNode else { return }
    if id != last.id { last = (id, manifest.nodes[id] ?? manifest.disabled[id].first as? Node) }
    if let node = last.node { test.group = node.group } else { test.attachedNode = nil }
  }
}
