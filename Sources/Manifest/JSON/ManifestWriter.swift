import Diagnostics

/// Writes manifest v12 as dbt does, streaming: large sections are made in parallel, a stretch of resources at a time,
/// so that memory stays small whatever the size of the project.
public struct ManifestWriter: ~Copyable {
  private let manifest: Manifest
  private let output: (UnsafeRawBufferPointer) throws(Diagnostic) -> Void
  private var sink = JSONSink(capacity: 1 << 16)
  /// Resources that one thread writes at a time.
  private static let piece = 32

  /// - Parameter output: takes the bytes in order.
  public init(_ manifest: Manifest, output: @escaping (UnsafeRawBufferPointer) throws(Diagnostic) -> Void) {
    self.manifest = manifest
    self.output = output
  }

  /// Writes to a file, replacing it when complete.
  public static func write(_ manifest: Manifest, toFile path: String) throws(Diagnostic) {
    let file = try OutputFile(path)
    var writer = ManifestWriter(manifest) { (bytes) throws(Diagnostic) in try file.write(bytes) }
    try writer.write()
    try file.finish()
  }

  /// All bytes at once; for tests and small projects.
  public static func bytes(_ manifest: Manifest) throws(Diagnostic) -> [UInt8] {
    final class Box { var bytes: [UInt8] = [] }
    let box = Box()
    var writer = ManifestWriter(manifest) { (bytes) throws(Diagnostic) in box.bytes += bytes }
    try writer.write()
    return box.bytes
  }

  public mutating func write() throws(Diagnostic) {
    sink.beginObject()
    metadata()
    try table("nodes", manifest.nodes.items)
    try table("sources", manifest.sources.items)
    try table("macros", manifest.macros.items)
    try table("docs", manifest.docs.items)
    try table("exposures", manifest.exposures.items)
    try table("metrics", manifest.metrics.items)
    try table("groups", manifest.groups.items)
    sink.field("selectors", manifest.selectors)
    sink.key("disabled")
    sink.beginObject()
    for group in manifest.disabled.groups {
      sink.key(group.uniqueID)
      sink.beginArray()
      for resource in group.resources { ResourceFields.write(resource, to: &sink) }
      sink.endArray()
    }
    sink.endObject()
    try edges()
    sink.key("group_map")
    groupMap()
    try table("saved_queries", manifest.savedQueries.items)
    try table("semantic_models", manifest.semanticModels.items)
    try table("unit_tests", manifest.unitTests.items)
    try table("functions", manifest.functions.items)
    sink.endObject()
    try flush()
  }

  private mutating func flush() throws(Diagnostic) {
    try sink.withBytes { (bytes) throws(Diagnostic) in try output(bytes) }
    sink.removeAll()
    sink.continues(true)
  }

  private mutating func table<R: Resource>(_ name: StaticString, _ items: [R]) throws(Diagnostic) {
    try members(name, items.count) { range, sink in
      for i in range {
        sink.key(items[i].uniqueID)
        ResourceFields.write(items[i], to: &sink)
      }
    }
  }

  /// An object of `count` members, which `write` makes a stretch at a time: of many, several stretches at once.
  private mutating func members(
    _ name: StaticString, _ count: Int, _ write: @Sendable (Range<Int>, inout JSONSink) -> Void
  ) throws(Diagnostic) {
    sink.key(name)
    sink.beginObject()
    if count <= Self.piece {
      write(0..<count, &sink)
    } else {
      try flush()
      try JSONPieces.write(count, size: Self.piece, write, to: output)
      sink.continues(true)
    }
    sink.endObject()
  }

  private mutating func metadata() {
    let metadata = manifest.metadata
    sink.key("metadata")
    sink.beginObject()
    sink.field("dbt_schema_version", metadata.schemaVersion)
    sink.field("dbt_version", metadata.dbtVersion)
    sink.field("generated_at", metadata.generatedAt)
    sink.field("invocation_id", metadata.invocationID)
    sink.field("invocation_started_at", metadata.invocationStartedAt)
    sink.key("env")
    sink.beginObject()
    for variable in metadata.env {
      sink.key(variable.name)
      sink.string(variable.value)
    }
    sink.endObject()
    sink.field("project_name", metadata.projectName)
    sink.field("project_id", metadata.projectID)
    sink.field("user_id", metadata.userID)
    sink.field("send_anonymous_usage_stats", metadata.sendAnonymousUsageStats)
    sink.field("adapter_type", metadata.adapterType)
    sink.key("quoting")
    ResourceFields.quoting(metadata.quoting, &sink)
    sink.field("run_started_at", metadata.runStartedAt)
    sink.endObject()
  }

  /// In the order the maps of parents and children have.
  private var edgeMembers: [GraphResource] {
    var members: [GraphResource] = manifest.nodes.items
    members += manifest.sources.items as [GraphResource]
    members += manifest.exposures.items as [GraphResource]
    members += manifest.functions.items as [GraphResource]
    members += manifest.metrics.items as [GraphResource]
    members += manifest.semanticModels.items as [GraphResource]
    members += manifest.savedQueries.items as [GraphResource]
    members += manifest.unitTests.items as [GraphResource]
    return members
  }

  private mutating func edges() throws(Diagnostic) {
    let all = edgeMembers
    var positions = Positions(all)
    // Pairs of positions, first what is needed.
    var (needed, needing): ([Int32], [Int32]) = ([], [])
    for (i, member) in all.enumerated() where Self.hasParents(member) {
      for index in member.dependsOn.nodes.indices {
        guard let parent = positions.ofParent(index, of: member) else { continue }
        needed.append(Int32(parent))
        needing.append(Int32(i))
      }
    }
    let children = Adjacency(count: all.count, from: needed, to: needing)
    try members("parent_map", all.count) { range, sink in
      for i in range {
        sink.key(all[i].uniqueID)
        let names = Self.hasParents(all[i]) ? all[i].dependsOn.nodes : []
        sink.strings(names.count > 1 ? names.sorted(by: isOrdered) : names)
      }
    }
    try members("child_map", all.count) { range, sink in
      for i in range {
        sink.key(all[i].uniqueID)
        let names = children[Int32(i)].map { all[Int($0)].uniqueID }
        sink.strings(names.count > 1 ? names.sorted(by: isOrdered) : names)
      }
    }
  }

  /// Seeds and sources need nothing, whatever their hooks say.
  private static func hasParents(_ member: GraphResource) -> Bool {
    member.resourceType != .seed && member.resourceType != .source
  }

  private mutating func groupMap() {
    var ids: [String: [String]] = [:]
    func add(_ resource: GraphResource) {
      if let group = resource.group { ids[group, default: []].append(resource.uniqueID) }
    }
    for node in manifest.nodes { add(node) }
    for query in manifest.savedQueries { add(query) }
    for model in manifest.semanticModels { add(model) }
    for metric in manifest.metrics { add(metric) }
    sink.beginObject()
    var seen: Set<String> = []
    for group in manifest.groups where seen.insert(group.name).inserted {
      sink.key(group.name)
      sink.strings(ids[group.name] ?? [])
    }
    sink.endObject()
  }
}

/// Where resources stand among the members of the maps of parents and children: by their numbers in the graph, when one
/// was made, else by their ids.
private struct Positions {
  private let members: [GraphResource]
  private var byNumber: [Int32]
  private lazy var byID: [String: Int] = Dictionary(
    members.enumerated().map { ($1.uniqueID, $0) }, uniquingKeysWith: { $1 })

  init(_ members: [GraphResource]) {
    self.members = members
    byNumber = Array(repeating: -1, count: members.count)
    for (i, member) in members.enumerated() where members.indices.contains(Int(member.graphID)) {
      byNumber[Int(member.graphID)] = Int32(i)
    }
  }

  /// The position of what a member names at `index` among those it needs; nil when that is no member.
  mutating func ofParent(_ index: Int, of member: GraphResource) -> Int? {
    let id = member.dependsOn.nodes[index]
    if index < member.parents.count {
      let number = Int(member.parents[index])
      if byNumber.indices.contains(number), byNumber[number] >= 0, members[Int(byNumber[number])].uniqueID == id {
        return Int(byNumber[number])
      }
    }
    return byID[id]
  }
}
