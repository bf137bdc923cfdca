import Diagnostics
import Manifest

/// What all generic tests of one name have in common, as one package's tests find it.
struct TestMacro: Sendable {
  /// How a test's raw code calls it.
  let call: String
  /// The macro by its id; empty for one that nobody defines.
  let dependencies: [String]
  /// The macros that such a test finds by their bare names while it is parsed, whichever package has them; what
  /// arguments call besides is found when compiling.
  let reachable: Set<String>
  /// One of dbt's own that call nothing: what they refer to is known without rendering.
  let isPlain: Bool
  /// One of dbt's own.
  let isBuiltIn: Bool
}

/// Each kind of test is looked up once: a project has few kinds and many tests.
final class TestMacros: Sendable {
  private struct Key: Hashable {
    let name: String
    let namespace: String?
    let package: String
  }

  private let known = Locked<[Key: TestMacro]>([:])

  func macro(_ name: String, namespace: String?, for package: String, _ library: MacroLibrary) -> TestMacro {
    let key = Key(name: name, namespace: namespace, package: package)
    if let macro = known.withLock({ $0[key] }) { return macro }
    let macroName = "test_\(name)"
    // A test nobody defines is an error once it is compiled, as in dbt; one of the same name in the project hides the one
    // of the package that was asked for.
    let found = library.find(macroName, namespace: namespace, from: package)
    let id = found.map { library.mentioned(macroName, in: package)?.uniqueID ?? $0.uniqueID }
    let dependencies = id.map { [$0] } ?? []
    let macro = TestMacro(
      call: "{{ \(namespace.map { "\($0)." } ?? "")\(macroName)(**_dbt_generic_test_kwargs) }}",
      dependencies: dependencies,
      reachable: library.reachable(
        from: dependencies + [library.macrosByName()["get_where_subquery"]?.uniqueID].compactMap { $0 }),
      isPlain: id == "macro.dbt.test_not_null" || id == "macro.dbt.test_unique",
      isBuiltIn: id?.hasPrefix("macro.dbt.") ?? false)
    known.withLock { $0[key] = macro }
    return macro
  }
}
