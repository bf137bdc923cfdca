import YAML

/// Which tests come along when the nodes they test are selected.
public enum IndirectSelection: String, Sendable, CaseIterable {
  case eager, cautious, buildable, empty
}

/// One term of a selection: `2+tag:nightly+1`, or its long form in `selectors.yml`.
public struct SelectionCriterion: Sendable {
  /// As written on the command line, or the mapping in one line.
  public var raw: String
  public var method: Method
  /// What follows the method after dots: `["materialized"]` of `config.materialized:view`.
  public var methodArguments: [String]
  /// A string except where YAML gave another type (`config.enabled: true`).
  public var value: YAMLValue
  /// `@`
  public var childrensParents: Bool
  public var parents: Bool
  /// Nil: all.
  public var parentsDepth: Int?
  public var children: Bool
  public var childrenDepth: Int?
  /// Nil: as the command line says.
  public var indirectSelection: IndirectSelection?

  /// dbt's selector methods; the raw value is what is written before the colon.
  public enum Method: String, Sendable, CaseIterable {
    case fqn, tag, group, access, source, path, file, package, config, state, exposure, metric, result, version
    case testName = "test_name"
    case testType = "test_type"
    case resourceType = "resource_type"
    case sourceStatus = "source_status"
    case semanticModel = "semantic_model"
    case savedQuery = "saved_query"
    case unitTest = "unit_test"

    /// What a term without a method means: a path if it has a slash, a file if it ends like one, else a name.
    public static func implied(by value: String) -> Method {
      if value.contains("/") { return .path }
      let lower = value.lowercased()
      return [".sql", ".py", ".csv"].contains(where: lower.hasSuffix) ? .file : .fqn
    }
  }

  /// Why a term is refused.
  public enum Problem: Error, Sendable, Equatable {
    case unknownMethod(String)
    /// `@` and a trailing `+` contradict each other.
    case incompatibleOperators
    case malformed
  }

  public init(
    raw: String, method: Method, methodArguments: [String] = [], value: YAMLValue, childrensParents: Bool = false,
    parents: Bool = false, parentsDepth: Int? = nil, children: Bool = false, childrenDepth: Int? = nil,
    indirectSelection: IndirectSelection? = nil
  ) throws(Problem) {
    if childrensParents && children { throw .incompatibleOperators }
    self.raw = raw
    self.method = method
    self.methodArguments = methodArguments
    self.value = value
    self.childrensParents = childrensParents
    self.parents = parents
    self.parentsDepth = parentsDepth
    self.children = children
    self.childrenDepth = childrenDepth
    self.indirectSelection = indirectSelection
  }

  /// A term of the command line; a comma or space in it has no meaning here.
  public init(_ spec: String) throws(Problem) {
    guard let parts = TermParts(spec) else { throw .malformed }
    let (method, arguments) = try Self.method(parts.method, value: parts.value)
    try self.init(
      raw: spec, method: method, methodArguments: arguments, value: .string(parts.value),
      childrensParents: parts.childrensParents, parents: parts.parents,
      parentsDepth: parts.parentsDepth.flatMap { Int($0) }, children: parts.children,
      childrenDepth: parts.childrenDepth.flatMap { Int($0) })
  }

  /// `config.materialized` as a method with arguments; nil stands for none given.
  static func method(_ name: String?, value: String) throws(Problem) -> (Method, [String]) {
    guard let name else { return (.implied(by: value), []) }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let method = Method(rawValue: parts[0]) else { throw .unknownMethod(parts[0]) }
    return (method, Array(parts.dropFirst()))
  }
}

/// A term cut into its parts: `@`, `2+`, `tag:`, the value, `+1`.
struct TermParts {
  var childrensParents = false
  var parents = false
  var parentsDepth: String?
  var method: String?
  var value: String
  var children = false
  var childrenDepth: String?

  /// Nil for a term with a line break in it.
  init?(_ spec: String) {
    guard !spec.contains("\n") else { return nil }
    var rest = spec[...]
    if rest.hasPrefix("@") {
      childrensParents = true
      rest = rest.dropFirst()
    }
    let depth = rest.prefix { $0.isASCII && $0.isNumber }
    if rest.dropFirst(depth.count).hasPrefix("+") {
      parents = true
      parentsDepth = String(depth)
      rest = rest.dropFirst(depth.count + 1)
    }
    if let colon = rest.firstIndex(of: ":") {
      let name = rest[..<colon]
      if !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }) {
        method = String(name)
        rest = rest[rest.index(after: colon)...]
      }
    }
    if let plus = rest.lastIndex(of: "+") {
      let digits = rest[rest.index(after: plus)...]
      if digits.allSatisfy({ $0.isASCII && $0.isNumber }) {
        children = true
        childrenDepth = String(digits)
        rest = rest[..<plus]
      }
    }
    value = String(rest)
  }

  /// The long form dbt keeps in the manifest.
  func normalized() -> YAMLValue {
    let given = method ?? SelectionCriterion.Method.implied(by: value).rawValue
    var pairs: [YAMLPair] = []
    func add(_ key: String, _ value: YAMLValue) { pairs.append(YAMLPair(.string(key), value)) }
    if childrensParents { add("childrens_parents", .bool(true)) }
    if parents { add("parents", .bool(true)) }
    if let parentsDepth, !parentsDepth.isEmpty { add("parents_depth", .string(parentsDepth)) }
    add("method", .string(given))
    if !value.isEmpty { add("value", .string(value)) }
    if children { add("children", .bool(true)) }
    if let childrenDepth, !childrenDepth.isEmpty { add("children_depth", .string(childrenDepth)) }
    return .mapping(pairs)
  }
}
