import Diagnostics
import Events
import Jinja
import Manifest
import Project

/// All macros names that templates of one package see, found by one look-up.
public final class MacroNamespace: @unchecked Sendable {
  private let table: DictObject
  init(_ table: DictObject) { self.table = table }
  @inline(__always) subscript(_ name: Str) -> Value? { table[name] }
}

/// The macros of a project, its packages and the built-in library, and the rules by which names find them
/// (https://docs.getdbt.com/reference/dbt-jinja-functions/dispatch).
public final class MacroLibrary: @unchecked Sendable {
  public struct Package {
    var name: String
    var isInternal: Bool
    var macros: [String: MacroValue] = [:]
  }

  public let environment: Environment
  private var packages: [String: Package] = [:]
  private var order: [String] = []
  public private(set) var rootName: String
  /// `dispatch:` of dbt_project.yml: the packages to search for a namespace.
  public var dispatchOrder: [String: [String]] = [:]
  private let namespaces = Locked<[String: MacroNamespace]>([:])
  private let packageValues = Locked<[String: MacroPackageValue]>([:])
  private let dispatched = Locked<[DispatchKey: MacroValue?]>([:])
  private let plainSubqueries = Locked<[String: MacroValue?]>([:])
  private let everyName = Locked<[String: MacroValue]?>(nil)
  /// What each macro calls, by ids; private helpers are not among them.
  private let callees = Locked<[String: [String]]>([:])
  let names = NameMacros()

  public init(environment: Environment, rootName: String) {
    self.environment = environment
    self.rootName = rootName
  }

  /// Whether a macro is a helper of the built-in ones: in no manifest, and what it calls counts for its callers.
  static func isPrivate(_ macro: Macro) -> Bool {
    guard ["dbt", "dbt_postgres"].contains(macro.packageName) else { return false }
    return ["", "default__", "postgres__"].contains { macro.name.hasPrefix($0 + "tenon_") }
  }

  /// Adds a package's macro files, in order; the same name twice in a package is an error.
  /// - Returns: what is known of them for the manifest, those that don't show there among them.
  public func add(package: String, isInternal: Bool, files: [ParseFile]) throws -> [Macro] {
    dispatched.withLock { $0.removeAll() }
    if packages[package] == nil {
      packages[package] = Package(name: package, isInternal: isInternal)
      order.append(package)
    }
    var out: [Macro] = []
    var problems: [Diagnostic] = []
    for (file, result) in zip(
      files, Parallel.map(files) { [environment] in Self.parse($0, environment, builtIn: isInternal ? package : nil) })
    {
      switch result {
      case .failure(let diagnostic): problems.append(diagnostic)
      case .success(let parsed):
        if !isInternal, let nested = NestedBlocks.problem(parsed.tree) {
          problems.append(nested)
          continue
        }
        var end = 0
        for statement in parsed.tree.statements {
          guard case .macro(let definition) = statement.kind else { continue }
          let name = definition.name.text.string
          let value = MacroValue(
            uniqueID: "macro.\(package).\(name)", name: name, package: package, definition: definition,
            tree: parsed.tree, environment: environment)
          let macro = Macro(
            uniqueID: value.uniqueID, name: name, packageName: package, path: file.originalPath,
            originalFilePath: file.originalPath, macroSQL: Self.text(statement, parsed.tree, after: &end))
          macro.range = parsed.tree.range(definition.nameSpan)
          if definition.tag == "materialization" { macro.supportedLanguages = Self.languages(definition) }
          if let first = packages[package]?.macros[name] {
            problems.append(
              Diagnostic(
                "duplicate-macro", .compilation,
                "dbt found multiple macros named \"\(name)\" in the project \"\(package)\".",
                range: macro.range,
                notes: [Diagnostic.Note("first defined here", range: first.range)],
                hint: "Rename or remove one of them."))
            continue
          }
          packages[package]?.macros[name] = value
          out.append(macro)
        }
      }
    }
    if !problems.isEmpty { throw Diagnostics(problems) }
    return out
  }

  /// The names of a macro's parameters, in their order.
  func parameters(of macro: Macro) -> [String] {
    (packages[macro.packageName]?.macros[macro.name]?.definition.parameters ?? []).map(\.name.text.string)
  }

  /// A macro's text with its tags, and with the white space that `{%-` and `-%}` take away around them, unless the
  /// macro before (it ended at `previous`) took it.
  private static func text(_ statement: Statement, _ tree: SyntaxTree, after previous: inout Int) -> String {
    let bytes = tree.source.utf8
    var (start, end) = (statement.span.range.lowerBound, statement.span.range.upperBound)
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    if start + 2 < bytes.count, bytes[start + 2] == 0x2D {
      while start > previous, isSpace(bytes[start - 1]) { start -= 1 }
    }
    if end >= 3, bytes[end - 3] == 0x2D {
      var last = end
      while last < bytes.count, isSpace(bytes[last]) { last += 1 }
      // Files are read without white space at their end.
      if last < bytes.count { end = last }
    }
    previous = end
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  private struct Parsed: @unchecked Sendable { var tree: SyntaxTree }

  private static func parse(
    _ file: ParseFile, _ environment: Environment, builtIn package: String?
  ) -> Result<Parsed, Diagnostic> {
    if let package, let known = BuiltinMacros.tree(of: file.originalPath, in: package) {
      return .success(Parsed(tree: known))
    }
    do { return .success(Parsed(tree: try environment.parse(file.source))) } catch {
      // What stands between macros is no template: it is only looked through for macros.
      if let alone = MacroText.alone(in: file.source), let tree = try? environment.parse(alone) {
        return .success(Parsed(tree: tree))
      }
      return .failure(ExecutionError(any: error).asDiagnostic)
    }
  }

  // MARK: Finding

  private var internalPackages: [Package] {
    // The first wins: the adapter's package before the general one.
    ["dbt_postgres", "dbt"].compactMap { packages[$0] }
  }

  /// A macro by the standard order: the package of the caller, the root project, the built-in packages.
  public func find(_ name: String, namespace: String? = nil, from package: String) -> MacroValue? {
    if let namespace {
      if namespace == "dbt" { return internalPackages.lazy.compactMap { $0.macros[name] }.first }
      return packages[namespace]?.macros[name]
    }
    if let macro = packages[package]?.macros[name] { return macro }
    if let macro = packages[rootName]?.macros[name] { return macro }
    return internalPackages.lazy.compactMap { $0.macros[name] }.first
  }

  /// A package's own macro.
  func find(_ name: String, in package: String) -> MacroValue? { packages[package]?.macros[name] }

  /// A macro as dbt finds one that it only reads of: the package's own, then any package's.
  func mentioned(_ name: String, in package: String) -> MacroValue? {
    find(name, in: package) ?? macrosByName()[name]
  }

  /// All macros by name alone: the root project's before other packages', those before the built-in ones.
  /// To be asked when all packages were added.
  func macrosByName() -> [String: MacroValue] {
    if let known = everyName.withLock({ $0 }) { return known }
    let made = collectedByName()
    everyName.withLock { $0 = made }
    return made
  }

  /// The macros of a name in all packages.
  func named(_ name: String) -> [MacroValue] { order.compactMap { packages[$0]?.macros[name] } }

  func remember(_ calls: [String: [String]]) { callees.withLock { $0 = calls } }

  /// These macros and all that they call, directly or not.
  func reachable(from ids: [String]) -> Set<String> {
    callees.withLock { callees in
      var seen = Set(ids)
      var open = ids
      while let id = open.popLast() {
        for callee in callees[id] ?? [] where seen.insert(callee).inserted { open.append(callee) }
      }
      return seen
    }
  }

  private func collectedByName() -> [String: MacroValue] {
    var out: [String: MacroValue] = [:]
    for package in internalPackages.reversed() { out.merge(package.macros) { $1 } }
    for name in order where name != rootName {
      if let package = packages[name], !package.isInternal { out.merge(package.macros) { $1 } }
    }
    if let root = packages[rootName] { out.merge(root.macros) { $1 } }
    return out
  }

  /// Everything a template of a package can call by its bare name.
  public func namespace(for package: String) -> MacroNamespace {
    if let known = namespaces.withLock({ $0[package] }) { return known }
    let table = DictObject(capacity: 1024)
    func add(_ package: Package?) {
      for (name, macro) in package?.macros ?? [:] {
        let key = Str.make(name)
        key.freeze()
        table[key] = .object(macro)
      }
    }
    for package in internalPackages.reversed() { add(package) }
    add(packages[rootName])
    if package != rootName { add(packages[package]) }
    let namespace = MacroNamespace(table)
    namespaces.withLock { $0[package] = namespace }
    return namespace
  }

  /// What a materialization's models may be written in.
  private static func languages(_ definition: MacroDefinition) -> [String] {
    let given = definition.parameters.first { $0.name.text.string == "supported_languages" }?.defaultValue
    switch given?.kind {
    case .list(let items)?, .tuple(let items)?:
      return items.compactMap { item in
        if case .constant(let word) = item.kind { word.asString } else { nil }
      }
    case .constant(let value)?: return value.asList?.items.compactMap(\.asString) ?? ["sql"]
    default: return ["sql"]
    }
  }

  /// A package's name as a value: `dbt_utils.star`.
  func packageValue(_ name: String) -> Value? {
    if let known = packageValues.withLock({ $0[name] }) { return .object(known) }
    guard packages[name] != nil else { return nil }
    let macros =
      name == "dbt"
      ? internalPackages.reversed().reduce(into: [:]) { $0.merge($1.macros) { $1 } }
      : packages[name]?.macros ?? [:]
    let value = MacroPackageValue(name, macros)
    packageValues.withLock { $0[name] = value }
    return .object(value)
  }

  /// Packages to look in for a dispatch; nil stands for the standard order.
  func searchOrder(_ namespace: String?) -> [String?] {
    guard let namespace else { return [nil] }
    if let order = dispatchOrder[namespace] { return order }
    return packages[namespace] == nil ? [nil] : [rootName, namespace]
  }

  private struct DispatchKey: Hashable {
    let name: String
    let namespace: String?
    let package: String
  }

  /// The implementation of a dispatched macro: `postgres__name` before `default__name` in each package. What
  /// was found is kept: every test, and every cross-database macro, asks for the same few names.
  func dispatch(_ name: String, namespace: String?, from package: String) -> MacroValue? {
    let key = DispatchKey(name: name, namespace: namespace, package: package)
    if let known = dispatched.withLock({ $0[key] }) { return known }
    let found = search(name, namespace: namespace, from: package)
    dispatched.withLock { $0[key] = .some(found) }
    return found
  }

  private func search(_ name: String, namespace: String?, from package: String) -> MacroValue? {
    for place in searchOrder(namespace) {
      for prefix in ["postgres__", "default__"] {
        if let macro = find(prefix + name, namespace: place, from: package) { return macro }
      }
    }
    return nil
  }

  /// The `generate_…_name` macro for nodes of a package: the root project's, the package's own, the built-in one.
  func generator(_ name: String, for package: String) -> MacroValue? {
    packages[rootName]?.macros[name] ?? packages[package]?.macros[name]
      ?? internalPackages.lazy.compactMap { $0.macros[name] }.first
  }

  /// `get_where_subquery` as the templates of a package find it, when that and what it dispatches to are the built-in
  /// ones.
  func plainWhereSubquery(from package: String) -> MacroValue? {
    if let known = plainSubqueries.withLock({ $0[package] }) { return known }
    let name = "get_where_subquery"
    var found = find(name, from: package)
    if !isBuiltIn(found) || !isBuiltIn(dispatch(name, namespace: "dbt", from: package)) { found = nil }
    plainSubqueries.withLock { $0[package] = .some(found) }
    return found
  }

  func isBuiltIn(_ macro: MacroValue?) -> Bool { macro.map { packages[$0.package]?.isInternal ?? false } ?? false }

  /// The macro that a command calls by its name alone: the project's, a package's, a built-in one.
  /// - Parameter package: where to look only; nil for everywhere.
  public func operation(_ name: String, package: String?) -> MacroValue? {
    if let package { return find(name, namespace: package, from: package) }
    if let own = packages[rootName]?.macros[name] { return own }
    for other in order where !(packages[other]?.isInternal ?? true) {
      if let macro = packages[other]?.macros[name] { return macro }
    }
    return find(name, namespace: nil, from: rootName)
  }

  /// The materialization of a name: the adapter's before the general one; packages' before the built-in ones, unless a
  /// package replaces a built-in one without saying so in `dispatch`.
  public func materialization(_ name: String, package: String, explicitOverrides: Bool) -> MacroValue? {
    let names = ["materialization_\(name)_postgres", "materialization_\(name)_default"]
    var best: MacroValue?
    for candidate in names {
      if let macro = packages[rootName]?.macros[candidate] { return macro }
      let builtin = internalPackages.lazy.compactMap { $0.macros[candidate] }.first
      let isBuiltin = internalPackages.contains { package in names.contains { package.macros[$0] != nil } }
      if !(isBuiltin && explicitOverrides) {
        if let own = packages[package]?.macros[candidate] { return own }
        for other in order where other != rootName && !(packages[other]?.isInternal ?? true) {
          if let macro = packages[other]?.macros[candidate] { return macro }
        }
      }
      if best == nil { best = builtin }
    }
    return best
  }

  /// All materializations, for hints.
  public var materializations: [String] {
    Set(
      packages.values.flatMap { package in
        package.macros.keys.compactMap { name -> String? in
          guard name.hasPrefix("materialization_") else { return nil }
          let rest = name.dropFirst("materialization_".count)
          for ending in ["_postgres", "_default"] where rest.hasSuffix(ending) {
            return String(rest.dropLast(ending.utf8.count))
          }
          return nil
        }
      }
    ).sorted()
  }

  var testNames: [String] {
    packages.values.flatMap { package in
      package.macros.keys.compactMap { $0.hasPrefix("test_") ? String($0.dropFirst(5)) : nil }
    }.sorted()
  }

  /// All names a template of a package could have meant, for hints.
  func knownNames(from package: String) -> [String] {
    Set([packages[package], packages[rootName]].compactMap { $0 }.flatMap { $0.macros.keys })
      .union(internalPackages.flatMap { $0.macros.keys }).sorted()
  }
}

extension MacroValue {
  var range: SourceRange { tree.range(definition.nameSpan) }
}
