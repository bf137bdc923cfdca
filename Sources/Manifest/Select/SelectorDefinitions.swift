import Diagnostics

/// The selectors of a selectors.yml: specs by name, and the normalized form manifests show.
public struct SelectorDefinitions: Sendable {
  public struct Selector: Sendable {
    public var name: String
    public var isDefault: Bool
    public var spec: SelectionSpec
  }

  public private(set) var selectors: [Selector] = []
  /// For `Manifest.selectors`.
  public private(set) var normalized = ConfigDict()

  public init() {}

  /// - Parameters:
  ///   - entries: the items of `selectors:`, each with `name`, `definition`, maybe `description` and `default`.
  ///   - indirect: `--indirect-selection`, for criteria that don't say themselves.
  public init(_ entries: [ConfigValue], indirect: IndirectSelection = .eager) throws(Diagnostic) {
    for entry in entries {
      guard let dict = entry.asDict, let name = dict["name"]?.asString, let definition = dict["definition"] else {
        throw Self.problem("Every selector needs a 'name' and a 'definition', got \(entry.pythonRepr)")
      }
      if definition.asList != nil {
        throw Self.problem(
          "Valid root-level selector definitions: union, intersection, string, dictionary. No lists. "
            + "\nhttps://docs.getdbt.com/reference/node-selection/yaml-selectors")
      }
      let isDefault = dict["default"]?.asBool ?? false
      if isDefault, let other = selectors.first(where: \.isDefault) {
        throw Self.problem(
          "Error when parsing the selector file. Found multiple selectors with `default: true`:\(other.name) and \(name)"
        )
      }
      let spec = try parse(definition, isRoot: true, indirect)
      selectors.append(Selector(name: name, isDefault: isDefault, spec: spec))
      var shown = dict
      shown["definition"] = try normalize(definition)
      normalized[name] = .dict(shown)
    }
  }

  /// The spec of `--selector name`.
  public func selector(_ name: String) throws(Diagnostic) -> SelectionSpec {
    if let found = selectors.first(where: { $0.name == name }) { return found.spec }
    let names = selectors.map(\.name)
    let list = names.map { ConfigValue.pythonRepr(of: $0) }.joined(separator: ", ")
    throw Diagnostic(
      "unknown-selector", .runtime, "Could not find selector named \(name), expected one of [\(list)]",
      hint: NearestName.of(name, among: names).map { "did you mean '\($0)'?" })
  }

  public var defaultSelector: Selector? { selectors.first(where: \.isDefault) }

  // MARK: Specs

  private func parse(
    _ definition: ConfigValue, isRoot: Bool = false, _ indirect: IndirectSelection
  ) throws(Diagnostic) -> SelectionSpec {
    if case .string(let text) = definition {
      return .criteria(try SelectionCriteria(parsing: text, indirect: indirect))
    }
    guard case .dict(let dict) = definition else {
      throw Self.problem(
        "Expected to find union, intersection, str or dict, instead found <class '\(definition.typeName)'>: "
          + definition.pythonString)
    }
    let isSet = dict["union"] != nil || dict["intersection"] != nil
    if isSet, isRoot, dict.count > 1 {
      throw Self.problem(
        "Only a single 'union' or 'intersection' key is allowed in a root level selector definition; found "
          + dict.keys.joined(separator: ",") + ".")
    }
    if dict["union"] != nil {
      let (included, excluded) = try parts(dict, "union", indirect)
      return Self.without(.union(SelectionSpec.Group(included)), excluded)
    }
    if dict["intersection"] != nil {
      let (included, excluded) = try parts(dict, "intersection", indirect)
      return Self.without(.intersection(SelectionSpec.Group(included)), excluded)
    }
    return try criterion(dict, indirect)
  }

  private static func without(_ spec: SelectionSpec, _ excluded: SelectionSpec?) -> SelectionSpec {
    guard let excluded else { return spec }
    return .difference(SelectionSpec.Group([spec, excluded]))
  }

  private func list(_ dict: ConfigDict, _ key: String) throws(Diagnostic) -> [ConfigValue] {
    guard let items = dict[key]?.asList else {
      throw Self.problem("Invalid value for key \"\(key)\". Expected a list.")
    }
    for item in items where item.asString == nil && item.asDict == nil {
      throw Self.problem(
        "Invalid value type <class '\(item.typeName)'> in key \"\(key)\", expected dict or str (value: "
          + "\(item.pythonString)).")
    }
    return items
  }

  private func parts(
    _ dict: ConfigDict, _ key: String, _ indirect: IndirectSelection
  ) throws(Diagnostic) -> ([SelectionSpec], SelectionSpec?) {
    var included: [SelectionSpec] = []
    var excluded: SelectionSpec?
    for item in try list(dict, key) {
      if let inner = item.asDict, inner["exclude"] != nil {
        if excluded != nil {
          throw Self.problem(
            "You cannot provide multiple exclude arguments to the same selector set operator:\n\(item.pythonString)")
        }
        excluded = try exclusions(inner, indirect)
      } else {
        included.append(try parse(item, indirect))
      }
    }
    return (included, excluded)
  }

  private func exclusions(_ dict: ConfigDict, _ indirect: IndirectSelection) throws(Diagnostic) -> SelectionSpec? {
    var specs: [SelectionSpec] = []
    for item in try list(dict, "exclude") { specs.append(try parse(item, indirect)) }
    if specs.count <= 1 { return specs.first }
    return .union(SelectionSpec.Group(specs))
  }

  private func criterion(_ dict: ConfigDict, _ indirect: IndirectSelection) throws(Diagnostic) -> SelectionSpec {
    var fields = dict
    var excluded: SelectionSpec?
    if dict.count == 1, let only = dict.entries.first {
      fields = ["method": .string(only.key), "value": only.value]
    } else if dict["method"] == "selector" {
      let name = dict["value"]?.pythonString ?? "None"
      guard let known = selectors.first(where: { $0.name == name }) else {
        throw Self.problem("Existing selector definition for \(name) not found.")
      }
      return known.spec
    } else if dict["method"] != nil, dict["value"] != nil {
      if dict["exclude"] != nil { excluded = try exclusions(dict, indirect) }
    } else {
      let keys = dict.keys.map { ConfigValue.pythonRepr(of: $0) }.joined(separator: ", ")
      throw Self.problem("Expected either 1 key or else \"method\" and \"value\" keys, but got [\(keys)]")
    }
    let value = fields["value"] ?? .null
    let (method, arguments) = try SelectionCriteria.method(
      fields["method"]?.pythonString, value: value.pythonString)
    var mode = indirect
    if let given = fields["indirect_selection"] {
      guard let text = given.asString, let known = IndirectSelection(rawValue: text) else {
        throw Self.problem("\(given.pythonRepr) is not a valid IndirectSelection")
      }
      mode = known
    }
    var criteria = SelectionCriteria(raw: dict.pythonText, method: method, value: value, indirect: mode)
    criteria.arguments = arguments
    criteria.childrensParents = fields["childrens_parents"]?.isTrue ?? false
    criteria.parents = fields["parents"]?.isTrue ?? false
    criteria.children = fields["children"]?.isTrue ?? false
    criteria.parentsDepth = try depth(fields["parents_depth"])
    criteria.childrenDepth = try depth(fields["children_depth"])
    try criteria.check()
    return Self.without(.criteria(criteria), excluded)
  }

  /// Zero and nothing mean no limit.
  private func depth(_ value: ConfigValue?) throws(Diagnostic) -> Int? {
    guard let value, value.isTrue else { return nil }
    if let number = value.asInt { return number }
    if let number = Int(value.pythonString) { return number }
    throw Self.problem("Invalid node spec - could not handle parent depth \(value.pythonString)")
  }

  // MARK: The form manifests show

  private func normalize(_ definition: ConfigValue) throws(Diagnostic) -> ConfigValue {
    switch definition {
    case .string(let text): return .dict(try CriterionText(text).definition())
    case .dict(let dict):
      for key in ["union", "intersection"] where dict[key] != nil {
        var items: [ConfigValue] = []
        for item in dict[key]?.asList ?? [] { items.append(try normalize(item)) }
        return .dict([key: .list(items)])
      }
      guard let first = dict.entries.first else { return definition }
      var value = first.value
      if case .list(let inner) = value {
        var items: [ConfigValue] = []
        for item in inner { items.append(try normalize(item)) }
        value = .list(items)
      }
      if first.key == "exclude" { return .dict(["exclude": value]) }
      if dict.count == 1 { return .dict(["method": .string(first.key), "value": value]) }
      if first.key == "method", value == "selector", let name = dict["value"]?.asString {
        return normalized[name]?.asDict?["definition"] ?? definition
      }
      return definition
    default: return definition
    }
  }

  private static func problem(_ message: String) -> Diagnostic {
    Diagnostic("selectors-file", .runtime, "Could not read selector file data: \(message)")
  }
}

extension ConfigDict {
  var pythonText: String { ConfigValue.dict(self).pythonString }
}
