/// Paths of dbt_project.yml under which no resource lies: a misspelt folder, most often.
public enum UnusedConfigPaths {
  /// - Parameter root: the root project's sections as rendered.
  /// - Returns: paths such as `models.shop.stagign`, in the order they are written in.
  public static func find(_ root: ConfigResolver.Package, _ manifest: Manifest) -> [String] {
    var used: [String: [[String]]] = [:]
    func add(_ resource: GraphResource) {
      used[ConfigResolver.section(resource.resourceType), default: []].append(resource.fqn)
    }
    for node in manifest.nodes { add(node) }
    for function in manifest.functions { add(function) }
    for source in manifest.sources { add(source) }
    for exposure in manifest.exposures { add(exposure) }
    for metric in manifest.metrics { add(metric) }
    for model in manifest.semanticModels { add(model) }
    for query in manifest.savedQueries { add(query) }
    for test in manifest.unitTests { add(test) }
    let disabled = manifest.disabled.groups.flatMap { $0.resources.map(\.fqn) }
    var out: [String] = []
    for (section, config) in root.sections.sorted(by: { $0.key < $1.key }) {
      let known = (used[section] ?? []) + disabled
      for path in paths(config) where !known.contains(where: { $0.starts(with: path) }) {
        out.append(([section] + path).joined(separator: "."))
      }
    }
    return out
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
