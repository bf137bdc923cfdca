/// Paths of dbt_project.yml under which no resource lies: a misspelt folder, most often.
public enum UnusedConfigPaths {
  /// - Parameter root: the root project's sections as rendered.
  /// - Returns: paths such as `models.shop.stagign`, in the order they are written in.
  public static func find(_ root: ConfigResolver.Package, _ manifest: Manifest) -> [String] {
    let configured = root.sections.sorted { $0.key < $1.key }
    // What was not met yet; mostly the first nodes meet all.
    var open = configured.map { paths($0.value) }
    func meet(_ resource: GraphResource, in sections: Range<Int>) {
      for i in sections where !open[i].isEmpty { open[i].removeAll { resource.fqn.starts(with: $0) } }
    }
    func meet(_ resources: [some GraphResource]) {
      for resource in resources {
        if open.allSatisfy(\.isEmpty) { return }
        let section = ConfigResolver.section(resource.resourceType)
        if let i = configured.firstIndex(where: { $0.key == section }) { meet(resource, in: i..<i + 1) }
      }
    }
    meet(manifest.nodes.items)
    meet(manifest.functions.items)
    meet(manifest.sources.items)
    meet(manifest.exposures.items)
    meet(manifest.metrics.items)
    meet(manifest.semanticModels.items)
    meet(manifest.savedQueries.items)
    meet(manifest.unitTests.items)
    for group in manifest.disabled.groups {
      for resource in group.resources { meet(resource, in: open.indices) }
    }
    return zip(configured, open).flatMap { section, paths in
      paths.map { ([section.key] + $0).joined(separator: ".") }
    }
  }

  /// Every path at which something is configured.
  private static func paths(_ config: ConfigDict, under path: [String] = []) -> [[String]] {
    var out: [[String]] = []
    for entry in config {
      if case .dict(let deeper) = entry.value, !entry.key.hasPrefix("+") {
        out += paths(deeper, under: path + [entry.key])
      } else if !out.contains(path) {
        out.append(path)
      }
    }
    return out
  }
}
