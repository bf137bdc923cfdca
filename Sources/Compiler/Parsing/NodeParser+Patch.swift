import Diagnostics
import Jinja
import Manifest
import Project

/// What properties files say of a node is laid over it.
extension ProjectParser {
  static func deepMerged(_ a: ConfigDict, _ b: ConfigDict) -> ConfigDict {
    var out = a
    for entry in b {
      if case .dict(let old)? = out[entry.key], case .dict(let new) = entry.value {
        out[entry.key] = .dict(deepMerged(old, new))
      } else {
        out[entry.key] = entry.value
      }
    }
    return out
  }

  /// A version's configuration over its model's: lists of both count, the version's items first.
  static func versionMerged(_ model: ConfigDict, _ version: ConfigDict) -> ConfigDict {
    var out = model
    for entry in version {
      switch (out[entry.key], entry.value) {
      case (.dict(let old)?, .dict(let new)): out[entry.key] = .dict(versionMerged(old, new))
      case (let old?, .list(let new)): out[entry.key] = .list(new + old.listified)
      default: out[entry.key] = entry.value
      }
    }
    return out
  }

  /// What properties say besides configuration.
  func apply(_ patch: Patch, _ versionOf: VersionOf?, to node: Node, _ recording: NodeRecording) throws {
    node.patchPath = patch.fileID
    node.propertiesRange = patch.range
    node.description = patch.description
    if let versionOf {
      if let own = versionOf.version.values["description"]?.asString, !own.isEmpty { node.description = own }
      node.columns = try ColumnParser.columns(patch, versionOf.version)
    } else {
      node.columns = try ColumnParser.columns(patch.values, patch.node)
    }
    switch node.resourceType {
    case .model:
      let values = versionOf.map { Self.deepMerged(patch.values, $0.version.values) } ?? patch.values
      if let access = (versionOf?.version.values["access"] ?? patch.values["access"])?.asString {
        guard let level = Access(rawValue: access) else {
          throw Diagnostic(
            "access", .parsing, "Node \(node.uniqueID) has an invalid value (\(access)) for the access field",
            range: patch.range, hint: "It can be private, protected or public.")
        }
        node.access = level
      }
      if let date = values["deprecation_date"]?.text { node.deprecationDate = DeprecationDate.iso(date) }
      node.constraints = try ColumnParser.constraints(
        versionOf?.version.values["constraints"] ?? patch.values["constraints"],
        versionOf?.version.node?["constraints"] ?? patch.node?["constraints"])
      if let spine = patch.values["time_spine"]?.asDict {
        node.timeSpine = [
          "standard_granularity_column": spine["standard_granularity_column"] ?? .null,
          "custom_granularities": .list(
            (spine["custom_granularities"]?.asList ?? []).map { item in
              .dict([
                "name": item.asDict?["name"] ?? .null,
                "column_name": item.asDict?["column_name"] ?? .null,
              ])
            }),
        ]
      }
      try ForeignKeys.collect(node, project, recording.reads)
      try ContractCheck.apply(node, patch)
    case .function:
      node.functionArguments = (patch.values["arguments"]?.asList ?? []).compactMap(\.asDict).map {
        FunctionArgument(
          name: $0["name"]?.text ?? "", dataType: $0["data_type"]?.text ?? "", description: $0["description"]?.asString,
          defaultValue: $0["default_value"])
      }
      try checkDefaults(of: node, range: patch.range)
      if let returns = patch.values["returns"]?.asDict {
        node.functionReturns = FunctionReturns(
          dataType: returns["data_type"]?.text ?? "", description: returns["description"]?.asString)
      }
    default: break
    }
  }

  /// Arguments of a function that have defaults come last.
  private func checkDefaults(of node: Node, range: SourceRange?) throws {
    guard let first = node.functionArguments.firstIndex(where: { !($0.defaultValue?.isNull ?? true) }),
      let late = node.functionArguments[first...].first(where: { $0.defaultValue?.isNull ?? true })
    else { return }
    throw Diagnostic(
      "function-defaults", .parsing,
      "Non-defaulted argument '\(late.name)' of function '\(node.name)' comes after a defaulted argument. "
        + "Non-defaulted arguments cannot come after defaulted arguments. ", range: range,
      hint: "Move the arguments with a `default_value` to the end, in the file as well.")
  }
}
