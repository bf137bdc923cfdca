import Diagnostics
import Events
import Manifest
import Project

/// Entries of properties files that describe a node of another package: where their own has no enabled one of the
/// name, whichever package has one, the root project first.
extension ProjectParser {
  private static let describable: [String: ResourceType] = ["models": .model, "seeds": .seed, "snapshots": .snapshot]

  /// Finds such entries, and parses the nodes they describe again, with what the entries say.
  func applyForeignPatches(_ nodes: inout [Node]) {
    let candidates = patches.filter { patch in
      !patch.describesEnabled && Self.describable[patch.key] != nil && patch.versions.isEmpty
    }
    if candidates.isEmpty { return }
    var byName: [String: [Int]] = [:]
    for (index, node) in nodes.enumerated() where node.isRefable && node.config.enabled && node.version == nil {
      byName[node.name, default: []].append(index)
    }
    for patch in candidates {
      guard let found = byName[patch.name], !found.contains(where: { nodes[$0].packageName == patch.package }),
        let index = found.first(where: { nodes[$0].packageName == project.name }) ?? found.first
      else { continue }
      let node = nodes[index]
      guard Self.describable[patch.key] == node.resourceType else { continue }
      let key = PatchKey(package: node.packageName, key: patch.key, name: patch.name)
      if let first = patchIndex[key] {
        problems.append(Self.describedTwice(patch, first))
        continue
      }
      patchIndex[key] = patch
      if let again = parseAgain(node) { nodes[index] = again }
      // A disabled one of the entry's own package is no longer described by it.
      patchIndex[PatchKey(package: patch.package, key: patch.key, name: patch.name)] = nil
      let own = UniqueID.of(node.resourceType, package: patch.package, name: patch.name)
      for index in nodes.indices where nodes[index].uniqueID == own {
        if let again = parseAgain(nodes[index]) { nodes[index] = again }
      }
    }
  }

  private func parseAgain(_ node: Node) -> Node? {
    guard let package = packages.first(where: { $0.name == node.packageName }),
      let file = package.files.first(where: { $0.originalPath == node.originalFilePath })
    else { return nil }
    do { return try nodes(of: file, package).first { $0.uniqueID == node.uniqueID } } catch {
      report(error, in: file.source)
      return nil
    }
  }

  static func describedTwice(_ patch: Patch, _ first: Patch) -> Diagnostic {
    Diagnostic(
      "duplicate-patch", .compilation,
      "dbt found two schema.yml entries for the same resource named \(patch.name). Resources and their associated "
        + "columns may only be described a single time.",
      range: patch.range, notes: [Diagnostic.Note("first described here", range: first.range)],
      hint: "Remove one of the two entries.")
  }
}
