import Diagnostics
import Jinja
import Manifest
import Project

extension ProjectParser {
  /// A file by its places among the packages and among their files.
  private struct Work: Sendable {
    let package: Int
    let file: Int
  }

  private enum Outcome: Sendable {
    case nodes([Node])
    case failed([Diagnostic])
  }

  /// All files that become nodes, rendered in parallel; the order of the result is that of the files.
  func parseFiles() -> [Node] {
    var work: [Work] = []
    for (number, package) in packages.enumerated() where !package.isInternal {
      for (index, file) in package.files.enumerated() {
        switch file.kind {
        case .model, .analysis, .seed, .snapshot, .singularTest, .function:
          work.append(Work(package: number, file: index))
        default: break
        }
      }
    }
    let outcomes = Parallel.map(work) { [self] item -> Outcome in
      let package = packages[item.package]
      let file = package.files[item.file]
      do {
        return .nodes(try nodes(of: file, package))
      } catch let error as Diagnostics {
        return .failed(error.all)
      } catch {
        var diagnostic = ExecutionError(any: error).asDiagnostic
        if diagnostic.range == nil { diagnostic.range = SourceRange(source: file.source, offsets: 0..<0) }
        return .failed([diagnostic])
      }
    }
    var out: [Node] = []
    out.reserveCapacity(outcomes.count)
    for outcome in outcomes {
      switch outcome {
      case .nodes(let nodes): out += nodes
      case .failed(let diagnostics): problems += diagnostics
      }
    }
    for (item, outcome) in zip(work, outcomes) {
      if case .failed = outcome { unreadable.insert(packages[item.package].files[item.file].name) }
    }
    return out
  }

  /// Renders a node's template for what it calls.
  func render(_ node: Node, in file: ParseFile, _ context: DbtContext) throws {
    do {
      _ = try project.template(node, in: file).render(context, host: context)
    } catch {
      var diagnostic = ExecutionError(any: error).asDiagnostic
      // As dbt has it: what a template gets wrong is wrong in its node.
      if diagnostic.kind == .compilation { diagnostic.subject = node.described }
      throw diagnostic
    }
  }

  func nodes(of file: ParseFile, _ package: ParsePackage) throws -> [Node] {
    switch file.kind {
    case .snapshot:
      return try project.macros.snapshotBlocks(file.source).map { block in
        try node(
          .snapshot, name: block.name, file: file, package: package, rawCode: block.contents,
          fqn: FQN.sqlSnapshot(package: package.name, path: file.path, name: block.name))
      }
    case .seed:
      let node = try node(.seed, name: file.name, file: file, package: package, rawCode: "")
      node.rootPath = package.root
      return [node]
    case .analysis:
      return [
        try node(
          .analysis, name: file.name, file: file, package: package, rawCode: text(file), path: "analysis/\(file.path)")
      ]
    case .singularTest: return [try node(.test, name: file.name, file: file, package: package, rawCode: text(file))]
    case .function: return [try node(.function, name: file.name, file: file, package: package, rawCode: text(file))]
    default: return [try node(.model, name: file.name, file: file, package: package, rawCode: text(file))]
    }
  }

  /// A file's text as dbt reads it: without white space at either end.
  private func text(_ file: ParseFile) -> String { String(decoding: file.source.utf8, as: UTF8.self).trimmingSpace }

  /// One node from its file: what properties say of it, its rendered calls, its configuration and names.
  func node(
    _ type: ResourceType, name fileName: String, file: ParseFile, package: ParsePackage, rawCode: String,
    fqn givenFQN: [String]? = nil, path: String? = nil, patchKey: String? = nil, prepare: ((Node) -> Void)? = nil
  ) throws -> Node {
    let key = patchKey ?? Self.patchKey(type)
    let versionOf = type == .model ? versionFiles[PatchKey(package: package.name, key: "models", name: fileName)] : nil
    let patch = versionOf?.patch ?? patchIndex[PatchKey(package: package.name, key: key, name: fileName)]
    let name = versionOf?.patch.name ?? fileName
    var fqn = givenFQN ?? FQN.of(package: package.name, path: path ?? file.path, name: fileName)
    var uniqueID = UniqueID.of(type, package: package.name, name: fileName)
    if let versionOf {
      fqn = FQN.versionedModel(fqn, name: name, version: versionOf.version.version)
      uniqueID = UniqueID.versionedModel(package: package.name, name: name, version: versionOf.version.version)
    }
    let memoKey = memo == nil ? "" : "\(uniqueID) \(file.originalPath) \(patch?.fileID ?? "")"
    if let known = memo?.nodes.value(memoKey, for: project) {
      let node = try renamed(known)
      patch?.describes(node)
      return node
    }
    let recording = NodeRecording()
    recording.reads.merge(patch?.reads)
    let base = try configured(file) { try resolver.base(type, package: package.name, fqn: fqn) }
    let node = Node(
      type, uniqueID: uniqueID, name: name, packageName: package.name, path: path ?? file.path,
      originalFilePath: file.originalPath, fqn: fqn, config: base, alias: name, database: project.adapter.database,
      schema: project.defaultSchema, checksum: file.checksum, rawCode: rawCode)
    node.range = SourceRange(source: file.source, offsets: 0..<0)
    if file.path.hasSuffix(".py") { node.language = .python }
    node.createdAt = options.startedAt
    prepare?(node)
    if let versionOf {
      node.version = versionOf.version.version
      node.latestVersion = versionOf.latest
    }

    let capture = ParseCapture()
    if type != .seed {
      capture.onConfig = { call in try ConfigCalls.merge(call, into: &capture.configCalls) }
      let context = DbtContext(project, role: .node, package: package.name, node: node, capture: capture)
      context.reads = recording.reads
      if node.language == .python, type == .model {
        try readPython(node, in: file, context)
      } else {
        try render(node, in: file, context)
      }
      node.refs = capture.refs
      node.sources = type == .model ? distinctWhereStatic(capture.sources, node) : capture.sources
      node.metrics = capture.metrics
      node.functions = capture.functions
      node.dependsOn.macros = capture.macros
    }
    var properties = patch?.config ?? ConfigDict()
    if let version = versionOf?.version, let own = version.values["config"]?.asDict {
      properties = Self.versionMerged(properties, own)
    }
    if node.language == .python, type == .model, properties["materialized"] == nil {
      // Only tables can come of Python, unless someone says otherwise near the model.
      properties["materialized"] = "table"
    }
    let place = ConfigPlace(file: file, patch: patch, project: options.projectFiles[package.name])
    do {
      try configure(
        node, call: capture.configCalls, properties: properties, file: file, place: place, recording,
        package: patch.flatMap { $0.config.isEmpty ? nil : $0.package })
      // Of several calls in a model that it does not render, dbt keeps what the last one says, unless properties make it
      // look again.
      if capture.configCallCount > 1, patch?.config.isEmpty ?? true, isStatic(node) {
        node.unrenderedConfig.update(capture.writtenConfig)
      }
      if let patch { try apply(patch, versionOf, to: node, recording) }
    } catch var diagnostic as Diagnostic where diagnostic.range == nil {
      diagnostic.range = patch?.range
      throw diagnostic
    }
    if let memo, let naming = recording.naming {
      memo.nodes.keep(ParsedNode(node: node.copy(), naming: naming), memoKey, reads: recording.reads)
    }
    patch?.describes(node)
    return node
  }

  /// Reads a Python model for what it calls.
  private func readPython(_ node: Node, in file: ParseFile, _ context: DbtContext) throws {
    do {
      let bytes = file.source.utf8
      if node.rawCode.hasJinja, let brace = bytes.indices.first(where: { Self.opensTemplate(bytes, at: $0) }) {
        throw Diagnostic(
          "python-jinja", .parsing, "No jinja in python model code is allowed",
          range: SourceRange(source: file.source, offsets: brace..<brace + 2),
          hint: "Read values with dbt.config.get(), and set them in a properties file.")
      }
      try PythonModel(file.source).run(context, project.environment)
    } catch {
      var diagnostic = ExecutionError(any: error).asDiagnostic
      if diagnostic.range == nil { diagnostic.range = SourceRange(source: file.source, offsets: 0..<0) }
      diagnostic.subject = node.described
      throw diagnostic
    }
  }

  private static func opensTemplate(_ bytes: [UInt8], at index: Int) -> Bool {
    bytes[index] == UInt8(ascii: "{") && index + 1 < bytes.count && "{%#".utf8.contains(bytes[index + 1])
  }

  /// The sources a model names, each once when dbt reads the model without rendering it.
  private func distinctWhereStatic(_ sources: [[String]], _ node: Node) -> [[String]] {
    var distinct: [[String]] = []
    for source in sources where !distinct.contains(source) { distinct.append(source) }
    return distinct.count < sources.count && isStatic(node) ? distinct : sources
  }

  /// Whether dbt reads a model without rendering it, which it never does when one of the functions is replaced.
  private func isStatic(_ node: Node) -> Bool {
    let hasReplacements = ["ref", "source", "config"].contains { name in
      [node.packageName, project.name].contains { project.macros.find(name, in: $0) != nil }
    }
    return node.resourceType == .model && !hasReplacements && StaticModel.reads(node.rawCode, project.environment)
  }

  /// What was parsed for another tenant, under this one's names.
  func renamed(_ parsed: ParsedNode) throws -> Node {
    let node = parsed.node.copy()
    node.database = project.adapter.database
    node.schema = project.defaultSchema
    node.alias = node.name
    node.createdAt = options.startedAt
    try name(node, parsed.naming)
    return node
  }

  static func patchKey(_ type: ResourceType) -> String {
    switch type {
    case .analysis: "analyses"
    case .test: "data_tests"
    default: type.rawValue + "s"
    }
  }

  /// - Parameter place: finds the key at fault, where that can be known.
  func configured<R>(_ file: ParseFile, _ place: ((String) -> SourceRange?)? = nil, _ body: () throws -> R) throws -> R
  {
    do { return try body() } catch let problem as ConfigProblem {
      throw problem.diagnostic(
        range: problem.key.flatMap { place?($0) } ?? SourceRange(source: file.source, offsets: 0..<0))
    }
  }

  /// Sets a node's configuration and all that follows from it: tags, meta, group, access, docs, contract, its name in
  /// the database, what its hooks refer to.
  /// - Parameter package: whose dbt_project.yml comes before the properties; the node's own, unless another describes it.
  func configure(
    _ node: Node, call: ConfigDict, properties: ConfigDict, file: ParseFile, place: ConfigPlace? = nil,
    _ recording: NodeRecording? = nil, package: String? = nil
  ) throws {
    let package = package ?? node.packageName
    let find = place.map { place in
      { key in place.range(of: key, call: call, properties: properties, type: node.resourceType, fqn: node.fqn) }
    }
    let config = try configured(file, find) {
      try resolver.resolve(
        node.resourceType, package: package, fqn: node.fqn, properties: properties, call: call)
    }
    node.config = config
    if config[.incrementalStrategy].asString == "microbatch", let begin = config[.begin].text {
      node.config[.begin] = .string(BeginTime.iso(begin))
    }
    node.configCall = call
    let written = options.comparesUnrendered ? place.map { WrittenConfig($0, project.environment) } : nil
    node.unrenderedConfig = resolver.unrendered(
      node.resourceType, package: package, fqn: node.fqn,
      properties: written?.properties(over: properties) ?? properties, call: written?.call(over: call) ?? call)
    tag(node, config.tags, properties)
    if !config.meta.isEmpty { node.meta = config.meta }
    if let group = config.group { node.group = group }
    if node.resourceType == .model, let word = config[.access].asString {
      guard let access = Access(rawValue: word) else {
        throw Diagnostic(
          "access", .parsing, "Node \(node.uniqueID) has an invalid value (\(word)) for the access field",
          range: find?("access"), hint: "It can be private, protected or public.")
      }
      node.access = access
    }
    node.docs = config.docs
    if let contract = config[.contract].asDict {
      node.contract.enforced = contract["enforced"]?.asBool ?? false
      node.contract.aliasTypes = contract["alias_types"]?.asBool ?? true
    }
    let isNamedNull = Self.naming.contains { (call[$0] ?? properties[$0])?.isNull ?? false }
    let naming =
      isNamedNull
      ? try configured(file) {
        try resolver.resolve(
          node.resourceType, package: package, fqn: node.fqn, properties: properties, call: call,
          nullsClear: true)
      } : config
    recording?.naming = naming
    try name(node, naming)
    guard node.resourceType != .test else { return }
    let hooks = config.preHooks + config.postHooks
    for hook in hooks where hook.sql.hasJinja {
      let capture = ParseCapture()
      let context = DbtContext(project, role: .node, package: node.packageName, node: node, capture: capture)
      context.reads = recording?.reads
      _ = try project.render(hook.sql, name: file.originalPath, context)
      if node.resourceType == .seed, !(capture.refs.isEmpty && capture.sources.isEmpty && capture.metrics.isEmpty) {
        throw Self.seedDepends(node, range: SourceRange(source: file.source, offsets: 0..<0))
      }
      node.refs += capture.refs
      node.sources += capture.sources
      for macro in capture.macros { node.dependsOn.addMacro(macro) }
    }
  }

  /// dbt has tagged the node once before it looks at properties: what only they say comes last.
  private func tag(_ node: Node, _ tags: [String], _ properties: ConfigDict) {
    let last = properties["tags"]?.asStrings ?? []
    var late = last
    var early: [String] = []
    for tag in tags {
      if let index = late.firstIndex(of: tag) { late.remove(at: index) } else { early.append(tag) }
    }
    for tag in early + last where !node.tags.contains(tag) { node.tags.append(tag) }
  }

  private static let naming = ["alias", "schema", "database"]

  /// Seeds are the roots of the graph: their hooks may name tables, but not depend on nodes.
  private static func seedDepends(_ node: Node, range: SourceRange) -> Diagnostic {
    let hooks =
      node.config.preHooks.map { "- pre_hook: \"\($0.sql)\"" }
      + node.config.postHooks.map { "- post_hook: \"\($0.sql)\"" }
    return Diagnostic(
      "seed-depends", .parsing,
      "Seeds cannot depend on other nodes. The hooks of \(node.uniqueID) call ref, source or metric:\n"
        + hooks.joined(separator: "\n"), range: range,
      hint: "Write the relation's name, or move the hook to a model that reads the seed.")
  }

  /// Alias, schema and database by `generate_…_name`, which projects may replace.
  /// - Parameter config: the node's, but a null in `config()` clears what project files said.
  func name(_ node: Node, _ config: NodeConfig) throws {
    try project.macros.names.name(node, by: config, project)
    if node.resourceType == .snapshot {
      if let database = node.config[.targetDatabase].asString { node.database = database }
      if let schema = node.config[.targetSchema].asString { node.schema = schema }
    }
    node.relationName =
      node.isRelational && !node.isEphemeralModel ? project.relation(of: node).render() : nil
  }

  /// Snapshots that are defined in YAML alone: `relation:` says what is snapshotted.
  func parseYAMLSnapshots() -> [Node] {
    var out: [Node] = []
    for patch in patches where patch.key == "snapshots" {
      guard let relation = patch.values["relation"]?.asString,
        let package = packages.first(where: { $0.name == patch.package })
      else { continue }
      do {
        let path = "\(patch.file.path)/\(patch.name).sql"
        let node = try node(
          .snapshot, name: patch.name, file: patch.file, package: package,
          rawCode: "select * from {{ \(relation) }}",
          fqn: FQN.prefix(package: package.name, path: patch.file.path) + [patch.name], path: path
        ) { $0.range = patch.range }
        node.checksum = patch.file.checksum
        out.append(node)
      } catch { report(error, range: patch.range) }
    }
    return out
  }
}
