import Diagnostics

extension ManifestChecks {
  /// Models whose `deprecation_date` has passed, and models that read one that has such a date
  /// (https://docs.getdbt.com/reference/resource-properties/deprecation_date).
  public static func deprecations(_ manifest: Manifest) -> [Diagnostic] {
    let dated = manifest.nodes.filter { $0.resourceType == .model && $0.deprecationDate != nil }
    if dated.isEmpty { return [] }
    var readers: [String: [Node]] = [:]
    for node in manifest.nodes where node.resourceType == .model {
      for id in node.dependsOn.nodes { readers[id, default: []].append(node) }
    }
    var out: [Diagnostic] = []
    for model in dated {
      let date = model.deprecationDate ?? ""
      let isPast = ContractChanges.isPastDeprecation(model)
      let shown = model.name + (model.version.map { ".v\($0.text)" } ?? "")
      if isPast {
        var found = warning(
          "deprecated-model", model,
          "Model \(shown) has passed its deprecation date of \(date). This model should be disabled or removed.")
        found.facts = [
          ("deprecation_date", date), ("model_name", model.name), ("model_version", model.version?.text ?? ""),
        ]
        out.append(found)
      }
      for reader in readers[model.uniqueID] ?? [] {
        var text =
          "While compiling '\(reader.name)': Found a reference to \(shown), which "
          + (isPast ? "was deprecated on '\(date)'. " : "is slated for deprecation on '\(date)'. ")
        if let version = model.version, let latest = model.latestVersion, version != latest {
          text +=
            "A new version of '\(model.name)' is available. \(isPast ? "Migrate now" : "Try it out"): "
            + "{{ ref('\(model.packageName)', '\(model.name)', v='\(latest.text)') }}."
        }
        var found = warning(isPast ? "deprecated-reference" : "upcoming-deprecation", reader, text)
        found.facts = [
          ("model_name", reader.name), ("ref_model_deprecation_date", date),
          ("ref_model_latest_version", model.latestVersion?.text ?? "None"), ("ref_model_name", model.name),
          ("ref_model_package", model.packageName), ("ref_model_version", model.version?.text ?? ""),
        ]
        out.append(found)
      }
    }
    return out
  }

  private static func warning(_ code: String, _ node: Node, _ text: String) -> Diagnostic {
    Diagnostic(code, .compilation, text, severity: .warning, range: node.range)
  }
}
