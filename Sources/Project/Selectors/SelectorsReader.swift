import Diagnostics
import Files
import YAML

/// Reads `selectors.yml`.
struct SelectorsReader {
  static let fileName = "selectors.yml"

  /// The selectors in order; none when there is no file.
  static func read(root: String, displayRoot: String, renderer: any ConfigRenderer) throws(Diagnostics) -> [Selector] {
    let path = Path.join(root, fileName)
    guard FileSystem.exists(path) else { return [] }
    do {
      let source = try FileSystem.source(path, name: Path.join(displayRoot, fileName))
      guard let node = try YAML.parse(source, trimmed: true), !node.isNull else { return [] }
      return try read(try TreeRenderer(renderer: renderer).render(node))
    } catch {
      throw Diagnostics([error])
    }
  }

  static func read(_ root: YAMLNode) throws(Diagnostic) -> [Selector] {
    guard let items = root["selectors"]?.sequence else {
      throw problem("selectors.yml must have a list `selectors`", root)
    }
    if let unknown = root.mapping?.entries.first(where: { !["selectors", "version"].contains($0.key.string ?? "") }) {
      throw problem("selectors.yml has no key `\(unknown.key.scalar?.text ?? "")`", unknown.key)
    }
    var reader = SelectorsReader()
    var out: [Selector] = []
    for item in items { out.append(try reader.selector(item, before: out)) }
    return out
  }

  private var definitions: [String: SelectorDefinition] = [:]
  private var normalized: [String: YAMLValue] = [:]

  private mutating func selector(_ node: YAMLNode, before: [Selector]) throws(Diagnostic) -> Selector {
    guard let name = node["name"]?.string else { throw Self.problem("a selector needs a `name`", node) }
    guard let definition = node["definition"] else {
      throw Self.problem("selector '\(name)' has no `definition`", node)
    }
    let known = ["name", "definition", "description", "default"]
    if let key = node.mapping?.entries.first(where: { !known.contains($0.key.string ?? "") })?.key {
      throw Self.problem(
        "a selector has no key `\(key.scalar?.text ?? "")`", key,
        hint: NearestName.of(key.scalar?.text ?? "", among: known).map { "did you mean `\($0)`?" })
    }
    let isDefault = node["default"]?.bool ?? false
    if isDefault, let first = before.first(where: \.isDefault) {
      throw Diagnostic(
        "two-defaults", .project, "two selectors have `default: true`: \(first.name) and \(name)", range: node.range,
        notes: [.init("the first is here", range: first.range)])
    }
    let parsed = try parse(definition, atRoot: true)
    let long = normalize(definition)
    definitions[name] = parsed
    normalized[name] = long
    let pairs = (node.mapping?.entries ?? []).map { entry in
      YAMLPair(entry.key.value, entry.key.string == "definition" ? long : entry.value.value)
    }
    return Selector(
      name: name, description: node["description"]?.string ?? "", isDefault: isDefault, definition: parsed,
      normalized: .mapping(pairs), range: node.range)
  }

  private static func problem(_ message: String, _ node: YAMLNode, hint: String? = nil) -> Diagnostic {
    Diagnostic("bad-selector", .project, message, range: node.range, hint: hint)
  }

  // MARK: - Definitions

  private func parse(_ node: YAMLNode, atRoot: Bool = false) throws(Diagnostic) -> SelectorDefinition {
    if let text = node.string {
      do { return .criterion(try SelectionCriterion(text)) } catch { throw Self.describe(error, text, node) }
    }
    guard let mapping = node.mapping, !mapping.isEmpty else {
      throw Self.problem(
        "a definition is a string or a mapping, but this is \(node.kindName)", node,
        hint: node.sequence == nil ? nil : "put the list under `union:` or `intersection:`")
    }
    if atRoot, mapping.count > 1, mapping["union"] != nil || mapping["intersection"] != nil {
      throw Self.problem(
        "a definition has only one key when that is `union` or `intersection`; found \(mapping.stringKeys.joined(separator: ", "))",
        node)
    }
    if let items = mapping["union"] { return try group(items, "union") { .union($0) } }
    if let items = mapping["intersection"] { return try group(items, "intersection") { .intersection($0) } }
    return try method(node, mapping)
  }

  private func group(
    _ node: YAMLNode, _ name: String, _ make: ([SelectorDefinition]) -> SelectorDefinition
  ) throws(Diagnostic) -> SelectorDefinition {
    guard let items = node.sequence else {
      throw Self.problem("`\(name)` must be a list, but is \(node.kindName)", node)
    }
    var included: [SelectorDefinition] = []
    var excluded: SelectorDefinition?
    var hasExclude = false
    for item in items {
      // A term with a method and an `exclude` of its own is a set operation too, for dbt.
      guard let exclude = item["exclude"] else {
        included.append(try parse(item))
        continue
      }
      if hasExclude {
        throw Self.problem("`\(name)` can have only one `exclude`", item, hint: "join the two lists")
      }
      hasExclude = true
      excluded = try exclusions(exclude)
    }
    guard let excluded else { return make(included) }
    return .difference(make(included), excluding: excluded)
  }

  private func exclusions(_ node: YAMLNode) throws(Diagnostic) -> SelectorDefinition? {
    guard let items = node.sequence else {
      throw Self.problem("`exclude` must be a list, but is \(node.kindName)", node)
    }
    var parsed: [SelectorDefinition] = []
    for item in items { parsed.append(try parse(item)) }
    return parsed.isEmpty ? nil : parsed.count == 1 ? parsed[0] : .union(parsed)
  }

  private func method(_ node: YAMLNode, _ mapping: YAMLMapping) throws(Diagnostic) -> SelectorDefinition {
    if mapping.count == 1, let entry = mapping.entries.first {
      guard let name = entry.key.string else { throw Self.problem("a method's name must be a string", entry.key) }
      return .criterion(try criterion(node, name, entry.value, YAMLMapping([])))
    }
    if mapping["method"]?.string == "selector" {
      let name = mapping["value"]?.string ?? ""
      guard let definition = definitions[name] else {
        throw Self.problem(
          "no selector '\(name)' comes before this one", mapping["value"] ?? node,
          hint: NearestName.of(name, among: definitions.keys).map { "did you mean '\($0)'?" }
            ?? "a selector can use those above it")
      }
      return definition
    }
    guard let name = mapping["method"]?.string, let value = mapping["value"] else {
      throw Self.problem("a definition needs `method` and `value`, or one key alone", node)
    }
    let base = SelectorDefinition.criterion(try criterion(node, name, value, mapping))
    guard let exclude = mapping["exclude"], let excluded = try exclusions(exclude) else { return base }
    return .difference(base, excluding: excluded)
  }

  private func criterion(
    _ node: YAMLNode, _ name: String, _ value: YAMLNode, _ options: YAMLMapping
  ) throws(Diagnostic) -> SelectionCriterion {
    var indirect: IndirectSelection?
    if let given = options["indirect_selection"] {
      indirect = given.string.flatMap(IndirectSelection.init(rawValue:))
      if indirect == nil {
        let modes = IndirectSelection.allCases.map(\.rawValue).joined(separator: ", ")
        throw Self.problem("`indirect_selection` is one of \(modes)", given)
      }
    }
    do {
      let (method, arguments) = try SelectionCriterion.method(name, value: value.scalar?.text ?? "")
      return try SelectionCriterion(
        raw: "\(name):\(value.scalar?.text ?? YAML.write(value))", method: method, methodArguments: arguments,
        value: value.value, childrensParents: Self.truth(options["childrens_parents"]),
        parents: Self.truth(options["parents"]), parentsDepth: Self.depth(options["parents_depth"]),
        children: Self.truth(options["children"]), childrenDepth: Self.depth(options["children_depth"]),
        indirectSelection: indirect)
    } catch {
      throw Self.describe(error, name, node)
    }
  }

  /// Python's `bool(…)`.
  private static func truth(_ node: YAMLNode?) -> Bool {
    guard let node, !node.isNull else { return false }
    if let bool = node.bool { return bool }
    if let int = node.int { return int != 0 }
    return node.string != ""
  }

  private static func depth(_ node: YAMLNode?) -> Int? {
    node?.int.flatMap { $0 == 0 ? nil : $0 } ?? node?.string.flatMap { Int($0) }
  }

  static func describe(_ problem: SelectionCriterion.Problem, _ text: String, _ node: YAMLNode) -> Diagnostic {
    switch problem {
    case .unknownMethod(let name):
      return Self.problem(
        "'\(name)' is not a valid method name", node,
        hint: NearestName.of(name, among: SelectionCriterion.Method.allCases.map(\.rawValue)).map {
          "did you mean `\($0)`?"
        })
    case .incompatibleOperators:
      return Self.problem("'\(text)': `@` before and `+` after a name contradict each other", node)
    case .malformed: return Self.problem("'\(text)' is no selection", node)
    }
  }

  // MARK: - The manifest's form

  private func normalize(_ node: YAMLNode) -> YAMLValue {
    if let text = node.string { return TermParts(text)?.normalized() ?? .string(text) }
    guard let mapping = node.mapping, let first = mapping.entries.first else { return node.value }
    for name in ["union", "intersection"] {
      guard let items = mapping[name]?.sequence else { continue }
      return .mapping([YAMLPair(.string(name), .sequence(items.map(normalize)))])
    }
    var value = first.value.value
    if let items = first.value.sequence { value = .sequence(items.map(normalize)) }
    let key = first.key.string ?? ""
    if key == "exclude" { return .mapping([YAMLPair(.string(key), value)]) }
    if mapping.count == 1 {
      return .mapping([YAMLPair(.string("method"), .string(key)), YAMLPair(.string("value"), value)])
    }
    if key == "method", value == .string("selector"), let name = mapping["value"]?.string {
      return normalized[name] ?? node.value
    }
    return node.value
  }
}
