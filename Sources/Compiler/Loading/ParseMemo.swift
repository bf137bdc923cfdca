import Diagnostics
import Events
import Manifest

/// What parsing gave for one tenant, for those of the others that would read the same.
final class ParseMemo: @unchecked Sendable {
  /// What configures nodes, of the tenant this began with; who has another configuration shares no nodes.
  let configurations: [ConfigResolver.Package]
  /// By unique id and file.
  let nodes = TenantMemo<String, ParsedNode>()
  /// By file.
  let properties = TenantMemo<String, ProjectParser.Reading>()
  /// By the place among all requests.
  let tests = TenantMemo<Int, ParsedTest>()

  init(configurations: [ConfigResolver.Package]) { self.configurations = configurations }
}

/// A node as parsed, and from which configuration its names are made.
struct ParsedNode: @unchecked Sendable {
  /// Never changed; tenants get copies.
  let node: Node
  let naming: NodeConfig
}

struct ParsedTest: @unchecked Sendable {
  let request: ProjectParser.TestRequest
  let parsed: ParsedNode
}

/// Values with what they were made from; for each key a few variants, since what differs for every tenant of a
/// thousand must not be kept a thousand times.
final class TenantMemo<Key: Hashable & Sendable, Value: Sendable>: @unchecked Sendable {
  private struct Variant {
    let reads: TenantReads
    let value: Value
  }

  private static var mostVariants: Int { 4 }
  private let known = Locked<[Key: [Variant]]>([:])

  /// A value that a project would make again just so.
  func value(_ key: Key, for project: CompiledProject, where fits: (Value) -> Bool = { _ in true }) -> Value? {
    guard let variants = known.withLock({ $0[key] }) else { return nil }
    return variants.first { $0.reads.areSame(for: project) && fits($0.value) }?.value
  }

  func keep(_ value: Value, _ key: Key, reads: TenantReads) {
    if reads.isBound { return }
    known.withLock { known in
      if known[key]?.count ?? 0 < Self.mostVariants {
        known[key, default: []].append(Variant(reads: reads, value: value))
      }
    }
  }
}

/// What is noted down while one node is parsed, for the memo.
final class NodeRecording {
  let reads = TenantReads()
  var naming: NodeConfig?
}
