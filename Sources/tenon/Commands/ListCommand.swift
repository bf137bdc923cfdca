import ArgumentParser
import Compiler
import Diagnostics
import Events
import Manifest
import Project

/// `tenon ls`: what a selection means, one resource a line.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls", abstract: "List what is selected.", aliases: ["list"])
  @OptionGroup var options: ProjectOptions
  @OptionGroup var selection: SelectionOptions
  @Option(help: "selector, name, path or json.") var output = "selector"
  @Option(
    name: .customLong("output-keys"), parsing: .upToNextOption,
    help: "Which fields of json; `config.materialized` reaches inside.")
  var outputKeys: [String] = []

  func run() throws {
    let (selection, output) = (selection, output)
    let keys = outputKeys.flatMap { $0.split(whereSeparator: { $0 == " " || $0 == "," }).map(String.init) }
    let own = selection.flags.merging(["output": .string(output), "output_keys": .strings(keys)]) { $1 }
    try Invocation.run("list", options, extra: own) { invocation in
      guard let format = ListFormat(rawValue: output == "text" ? "selector" : output) else {
        throw Diagnostic(
          "output", .usage,
          "Invalid value for '--output': '\(output)' is not one of 'json', 'name', 'path', 'selector'.")
      }
      if !selection.models.isEmpty, !selection.select.isEmpty {
        throw Diagnostic("models-and-select", .runtime, "\"models\" and \"select\" are mutually exclusive arguments")
      }
      if !selection.models.isEmpty, !selection.resourceTypes.isEmpty {
        throw Diagnostic(
          "models-and-type", .runtime, "\"models\" and \"resource_type\" are mutually exclusive arguments")
      }
      let project = try invocation.parse(rendersNodes: false)
      let chooser = try Selection(invocation, project)
      let selected = try chooser.select(
        selection, types: types(selection, invocation.flags), includesEmpty: true)
      let resources = selected.members.map { chooser.graph[$0] }
        .sorted { isOrdered($0.uniqueID, $1.uniqueID) }
      if resources.isEmpty { try invocation.warn(.noNodesSelected()) }
      for resource in resources { invocation.log.emit(.output(format.line(resource, keys: keys))) }
      try ArtifactFiles.writeManifest(invocation, project)
      return true
    }
  }

  /// Analyses are listed only when asked for; `--models` means models.
  private func types(_ selection: SelectionOptions, _ flags: Flags) throws -> Set<ResourceType> {
    let standard: Set<ResourceType> = [
      .model, .seed, .snapshot, .test, .unitTest, .source, .exposure, .metric, .semanticModel, .savedQuery, .function,
    ]
    if !selection.models.isEmpty { return [.model] }
    let asked = selection.resourceTypes.isEmpty ? flags.resourceTypes : selection.resourceTypes
    return try Selection.types(selection, flags, of: asked.isEmpty ? standard : standard.union([.analysis]))
  }
}

/// How `ls` writes a resource.
enum ListFormat: String {
  case selector, name, path, json

  /// What json has unless fields are named.
  private static let standardKeys: Set<String> = [
    "alias", "name", "package_name", "depends_on", "tags", "config", "resource_type", "source_name",
    "original_file_path", "unique_id",
  ]

  func line(_ resource: GraphResource, keys: [String]) -> String {
    switch self {
    case .name: return resource.searchName
    case .path: return resource.originalFilePath
    case .selector: return Self.selector(resource)
    case .json:
      let all = resource.artifactFields
      var out = ConfigDict()
      if keys.isEmpty {
        for entry in all where Self.standardKeys.contains(entry.key) { out[entry.key] = entry.value }
      } else {
        for key in keys {
          let value = Self.value(key, in: all)
          if key.contains("."), value?.isNull ?? true { continue }
          if let value { out[key] = value }
        }
      }
      return JSONAnswer.text(.dict(out))
    }
  }

  private static func value(_ key: String, in fields: ConfigDict) -> ConfigValue? {
    guard key.contains(".") else { return fields[key] }
    var current = ConfigValue.dict(fields)
    for part in key.split(separator: ".") {
      guard let next = current.asDict?[String(part)] else { return nil }
      current = next
    }
    return current
  }

  private static func selector(_ resource: GraphResource) -> String {
    let plain = "\(resource.packageName).\(resource.name)"
    switch resource.resourceType {
    case .source:
      return "source:\(resource.packageName).\((resource as? SourceDefinition)?.searchName ?? resource.name)"
    case .exposure: return "exposure:\(plain)"
    case .metric: return "metric:\(plain)"
    case .savedQuery: return "saved_query:\(plain)"
    case .semanticModel: return "semantic_model:\(plain)"
    case .unitTest: return "unit_test:\(resource.packageName).\(resource.searchName)"
    default: return resource.fqn.joined(separator: ".")
    }
  }
}
