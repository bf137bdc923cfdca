import Diagnostics

/// What metrics depend on: the semantic models of their measures, or other metrics (dbt's `_process_metric_node`).
/// Also lists each metric's input measures.
struct MetricResolver {
  private let manifest: Manifest
  private let lookup: Lookup
  /// Measure name to the semantic models that have it.
  private let measures: [String: [SemanticModel]]

  init(_ manifest: Manifest, _ lookup: Lookup) {
    self.manifest = manifest
    self.lookup = lookup
    var measures: [String: [SemanticModel]] = [:]
    func add(_ model: SemanticModel) {
      for measure in model.measures.asList ?? [] {
        if let name = measure.asDict?["name"]?.asString { measures[name, default: []].append(model) }
      }
    }
    for model in manifest.semanticModels { add(model) }
    for group in manifest.disabled.groups {
      for case let model as SemanticModel in group.resources { add(model) }
    }
    self.measures = measures
  }

  func resolve(_ out: inout [Diagnostic]) {
    for metric in manifest.metrics { SemanticShapes.complete(metric) }
    for model in manifest.semanticModels { SemanticShapes.complete(model) }
    var visited: Set<String> = []
    for metric in manifest.metrics { resolve(metric, &visited, &out) }
  }

  private func resolve(_ metric: Metric, _ visited: inout Set<String>, _ out: inout [Diagnostic]) {
    // Each once: also ends the search where metrics derive from each other in a circle.
    guard visited.insert(metric.uniqueID).inserted else { return }
    let parameters = metric.typeParams
    switch metric.type {
    case "simple", "cumulative":
      if let measure = parameters["measure"], !measure.isNull { use([measure], metric, &out) }
    case "conversion":
      if let conversion = parameters["conversion_type_params"]?.asDict {
        use([conversion["base_measure"], conversion["conversion_measure"]].compactMap { $0 }, metric, &out)
      }
    case "ratio":
      use(metrics: [parameters["numerator"], parameters["denominator"]].compactMap { $0 }, metric, &visited, &out)
    case "derived":
      use(metrics: parameters["metrics"]?.asList ?? [], metric, &visited, &out)
    default: break
    }
  }

  private func use(_ inputs: [ConfigValue], _ metric: Metric, _ out: inout [Diagnostic]) {
    for input in inputs { addInput(input, metric) }
    for input in inputs {
      guard let name = input.asDict?["name"]?.asString else { continue }
      let candidates = measures[name] ?? []
      let model =
        candidates.first { $0.packageName == lookup.rootProject }
        ?? candidates.first { $0.packageName == metric.packageName } ?? candidates.first
      guard let model else {
        out.append(
          problem(
            "A semantic model having a measure `\(name)` does not exist but was referenced.", metric,
            NearestName.of(name, among: measures.keys)))
        continue
      }
      if !model.config.enabled {
        out.append(
          problem("The measure `\(name)` is referenced on disabled semantic model `\(model.name)`.", metric, nil))
        continue
      }
      metric.dependsOn.addNode(model.uniqueID)
    }
  }

  private func use(
    metrics inputs: [ConfigValue], _ metric: Metric, _ visited: inout Set<String>, _ out: inout [Diagnostic]
  ) {
    for input in inputs {
      guard let name = input.asDict?["name"]?.asString else { continue }
      switch lookup.metric(name, package: nil, from: metric.packageName) {
      case .missing:
        out.append(
          problem(
            "The metric `\(name)` does not exist but was referenced by metric `\(metric.name)`.", metric,
            NearestName.of(name, among: lookup.metricNames)))
      case .disabled:
        out.append(problem("The metric `\(name)` is disabled and thus cannot be referenced.", metric, nil))
      case .found(let target):
        resolve(target, &visited, &out)
        for measure in target.typeParams["input_measures"]?.asList ?? [] { addInput(measure, metric) }
        metric.dependsOn.addNode(target.uniqueID)
      }
    }
  }

  private func addInput(_ measure: ConfigValue, _ metric: Metric) {
    var inputs = metric.typeParams["input_measures"]?.asList ?? []
    for known in inputs where known == measure { return }
    inputs.append(measure)
    metric.typeParams["input_measures"] = .list(inputs)
  }

  private func problem(_ message: String, _ metric: Metric, _ nearest: String?) -> Diagnostic {
    Diagnostic(
      "metric-input", .parsing, message, range: metric.range, hint: nearest.map { "did you mean '\($0)'?" })
  }
}
