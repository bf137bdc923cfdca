import Diagnostics

extension ManifestChecks {
  /// What microbatch models must say, and an input without which their batches filter nothing
  /// (https://docs.getdbt.com/docs/build/incremental-microbatch).
  public static func microbatch(_ manifest: Manifest) -> [Diagnostic] {
    var out: [Diagnostic] = []
    for node in manifest.nodes where node.isMicrobatch {
      if let problem = problem(of: node) {
        out.append(Diagnostic("microbatch-config", .parsing, problem, range: node.range))
      } else if !readsTimedInput(node, manifest) {
        var warning = Diagnostic(
          "microbatch-input", .parsing,
          "The microbatch model '\(node.name)' has no 'ref' or 'source' input with an 'event_time' configuration. \n"
            + "This means no filtering can be applied and can result in unexpected duplicate records in the resulting "
            + "microbatch model.", severity: .warning, range: node.range)
        warning.facts = [("model_name", node.name)]
        out.append(warning)
      }
    }
    return out
  }

  private static func problem(of node: Node) -> String? {
    let model = "Microbatch model '\(node.name)' must provide"
    let config = node.config
    switch config[.eventTime] {
    case .string: break
    case .null:
      return "\(model) an 'event_time' (string) config that indicates the name of the event time column."
    case let value: return "\(model) an 'event_time' config of type string, but got: <class '\(value.typeName)'>."
    }
    switch config[.begin] {
    case .date, .datetime: break
    case .string(let text):
      guard isISODate(text) else {
        return "\(model) a 'begin' config of valid datetime (ISO format), but got: \(text)."
      }
    case .null:
      return
        "\(model) a 'begin' (datetime) config that indicates the earliest timestamp the microbatch model should be "
        + "built from."
    case let value: return "\(model) a 'begin' config of type datetime, but got: <class '\(value.typeName)'>."
    }
    let sizes = ["hour", "day", "month", "year"]
    if !sizes.contains(config[.batchSize].asString ?? "") {
      return "\(model) a 'batch_size' config that is one of ['hour', 'day', 'month', 'year'], but got: "
        + "\(config[.batchSize].pythonString)."
    }
    let lookback = config[.lookback]
    if !lookback.isNull, lookback.asInt == nil {
      return "\(model) the optional 'lookback' config as type int, but got: <class '\(lookback.typeName)'>)."
    }
    let concurrent = config[.concurrentBatches]
    if !concurrent.isNull, concurrent.asBool == nil {
      return
        "Microbatch model '\(node.name)' optional 'concurrent_batches' config must be of type `bool` if specified, "
        + "but got: <class '\(concurrent.typeName)'>)."
    }
    return nil
  }

  /// `2025-01-31`, perhaps with a time behind it.
  private static func isISODate(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return false }
    let digits = [0, 1, 2, 3, 5, 6, 8, 9].allSatisfy { (0x30...0x39).contains(bytes[$0]) }
    guard digits, let month = Int(text.dropFirst(5).prefix(2)), let day = Int(text.dropFirst(8).prefix(2)) else {
      return false
    }
    let separated = bytes.count == 10 || bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " ")
    // What follows the day is a time and perhaps a zone.
    let time = bytes.dropFirst(11)
    let isTime = time.allSatisfy { (0x30...0x39).contains($0) || ":.+-Z".utf8.contains($0) }
    return (1...12).contains(month) && (1...31).contains(day) && separated && isTime
  }

  private static func readsTimedInput(_ node: Node, _ manifest: Manifest) -> Bool {
    node.dependsOn.nodes.contains { id in
      if let input = manifest.nodes[id] { return input.config[.eventTime].asString != nil }
      return manifest.sources[id]?.config[.eventTime].asString != nil
    }
  }
}

extension Node {
  /// An incremental model whose strategy is microbatch.
  public var isMicrobatch: Bool {
    resourceType == .model && config.materialized == "incremental" && config.incrementalStrategy == "microbatch"
  }
}
