import Diagnostics

/// When a test is selected because of what it tests.
public enum IndirectSelection: String, Sendable, CaseIterable {
  /// Any of its parents is selected.
  case eager
  /// All of them are.
  case cautious
  /// All of them are selected or come before what is selected.
  case buildable
  /// Never.
  case empty
}

/// What a selector looks at.
public enum SelectionMethod: String, Sendable, CaseIterable {
  case fqn, tag, group, access, source, path, file, package, config
  case testName = "test_name"
  case testType = "test_type"
  case resourceType = "resource_type"
  case state, exposure, metric, result
  case sourceStatus = "source_status"
  case version
  case semanticModel = "semantic_model"
  case savedQuery = "saved_query"
  case unitTest = "unit_test"
}

/// One criterion: a method, a value, and how far to go up and down the graph from what it finds.
public struct SelectionCriteria: Sendable {
  /// As written, for messages.
  public var raw: String
  public var method: SelectionMethod
  /// What follows the method after dots: `config.meta.owner` has `meta`, `owner`.
  public var arguments: [String] = []
  /// Text from the command line; selectors.yml can give numbers and booleans too.
  public var value: ConfigValue
  /// `@`: all children, and all parents of those.
  public var childrensParents = false
  public var parents = false
  /// Nil is any depth.
  public var parentsDepth: Int?
  public var children = false
  public var childrenDepth: Int?
  public var indirect: IndirectSelection

  public init(raw: String, method: SelectionMethod, value: ConfigValue, indirect: IndirectSelection = .eager) {
    self.raw = raw
    self.method = method
    self.value = value
    self.indirect = indirect
  }
}

/// A whole selection: criteria and sets of them.
public indirect enum SelectionSpec: Sendable {
  case criteria(SelectionCriteria)
  case union(Group)
  case intersection(Group)
  /// The first without all the others.
  case difference(Group)

  public struct Group: Sendable {
    public var components: [SelectionSpec]
    public var indirect: IndirectSelection = .eager
    /// Set when the user wrote it and would want to know that it matches nothing: the text for that warning.
    public var expects: String?
    public init(_ components: [SelectionSpec], indirect: IndirectSelection = .eager, expects: String? = nil) {
      self.components = components
      self.indirect = indirect
      self.expects = expects
    }
  }
}

extension SelectionCriteria {
  /// Reads `[@][n+][method[.argument…]:]value[+n]`.
  public init(parsing raw: String, indirect: IndirectSelection) throws(Diagnostic) {
    let parts = try CriterionText(raw)
    let (method, arguments) = try Self.method(parts.method, value: parts.value)
    self.init(raw: raw, method: method, value: .string(parts.value), indirect: indirect)
    self.arguments = arguments
    childrensParents = parts.childrensParents
    parents = parts.parents != nil
    parentsDepth = try Self.depth(parts.parents)
    children = parts.children != nil
    childrenDepth = try Self.depth(parts.children)
    try check()
  }

  func check() throws(Diagnostic) {
    if children, childrensParents {
      throw Diagnostic(
        "selector-operators", .runtime, "Invalid node spec \(raw) - \"@\" prefix and \"+\" suffix are incompatible")
    }
  }

  /// An empty depth is no limit, and so is an absent one.
  private static func depth(_ digits: String?) throws(Diagnostic) -> Int? {
    guard let digits, !digits.isEmpty else { return nil }
    guard let depth = Int(digits) else {
      throw Diagnostic("selector-depth", .runtime, "Invalid node spec - could not handle parent depth \(digits)")
    }
    return depth
  }

  /// The method a criterion names, or the one its value suggests: a path, a file, else a name.
  static func method(_ text: String?, value: String) throws(Diagnostic) -> (SelectionMethod, [String]) {
    guard let text else {
      if value.utf8.contains(UInt8(ascii: "/")) { return (.path, []) }
      let lower = value.lowercased()
      if lower.hasSuffix(".sql") || lower.hasSuffix(".py") || lower.hasSuffix(".csv") { return (.file, []) }
      return (.fqn, [])
    }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let method = SelectionMethod(rawValue: parts[0]) else {
      let names = SelectionMethod.allCases.map(\.rawValue)
      throw Diagnostic(
        "unknown-selector-method", .runtime, "'\(parts[0])' is not a valid method name",
        hint: NearestName.of(parts[0], among: names).map { "did you mean '\($0):'?" }
          ?? "the methods are: \(names.joined(separator: ", "))")
    }
    return (method, Array(parts.dropFirst()))
  }
}

/// The parts of a criterion's text.
struct CriterionText {
  var childrensParents = false
  /// The digits before `+`; nil without it.
  var parents: String?
  var method: String?
  var value: String
  var children: String?

  init(_ raw: String) throws(Diagnostic) {
    if raw.contains("\n") { throw Diagnostic("selector-syntax", .runtime, "Invalid selector spec \"\(raw)\"") }
    var rest = raw[...]
    if rest.first == "@" {
      childrensParents = true
      rest.removeFirst()
    }
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    if rest.dropFirst(digits.count).first == "+" {
      parents = String(digits)
      rest = rest.dropFirst(digits.count + 1)
    }
    let word = rest.prefix { $0 == "." || $0 == "_" || $0.isLetter || $0.isNumber }
    if !word.isEmpty, rest.dropFirst(word.count).first == ":" {
      method = String(word)
      rest = rest.dropFirst(word.count + 1)
    }
    if let plus = rest.lastIndex(of: "+"),
      rest[rest.index(after: plus)...].allSatisfy({ $0.isASCII && $0.isNumber })
    {
      children = String(rest[rest.index(after: plus)...])
      rest = rest[..<plus]
    }
    value = String(rest)
  }

  /// As selectors in the manifest show it.
  func definition() throws(Diagnostic) -> ConfigDict {
    var out = ConfigDict()
    if childrensParents { out["childrens_parents"] = true }
    if parents != nil { out["parents"] = true }
    if let parents, !parents.isEmpty { out["parents_depth"] = .string(parents) }
    let (name, arguments) = try SelectionCriteria.method(method, value: value)
    out["method"] = .string(([name.rawValue] + arguments).joined(separator: "."))
    if !value.isEmpty { out["value"] = .string(value) }
    if children != nil { out["children"] = true }
    if let children, !children.isEmpty { out["children_depth"] = .string(children) }
    return out
  }
}
