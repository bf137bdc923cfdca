import Diagnostics
import Events
import Manifest
import Project

/// What the tenants of a fleet share of one project: its files, its macros, its compiled templates, and what parsing
/// gave wherever the tenant was not looked at (or had the same values). May be used by many threads.
public final class SharedParse: Sendable {
  private let source = Locked<ProjectSource?>(nil)
  private let memo = Locked<ParseMemo?>(nil)

  public init() {}

  /// The project's files: read by the first tenant that asks, while the others wait. A tenant whose dbt_project.yml
  /// names other places has files of its own.
  func source(_ loaded: LoadedProject) throws -> ProjectSource {
    let layout = ProjectSource.Layout(loaded)
    return try source.withLock { known in
      if let known { return known.layout == layout ? known : try ProjectSource(loaded, layout, isShared: true) }
      let read = try ProjectSource(loaded, layout, isShared: true)
      known = read
      return read
    }
  }

  /// Nil for a tenant whose nodes are configured differently, or whose files are others.
  func memo(_ configurations: [ConfigResolver.Package], _ used: ProjectSource) -> ParseMemo? {
    guard source.withLock({ $0 === used }) else { return nil }
    return memo.withLock { known in
      let memo = known ?? ParseMemo(configurations: configurations)
      known = memo
      return memo.configurations == configurations ? memo : nil
    }
  }
}

/// A project's files as read, with the macros in them. Nothing in it changes, but templates are compiled at need.
final class ProjectSource: @unchecked Sendable {
  /// Where a project's files are looked for, and which macros its names find.
  struct Layout: Equatable {
    struct Place: Equatable {
      let name: String
      let root: String
      let paths: ResourcePaths
    }
    let places: [Place]
    let dispatch: [DispatchRule]

    init(_ loaded: LoadedProject) {
      places = (loaded.packages + [loaded.root]).map { Place(name: $0.name, root: $0.root, paths: $0.paths) }
      dispatch = loaded.root.dispatch
    }
  }

  let layout: Layout
  /// The packages in the program.
  let builtin: [ParsePackage]
  /// For the packages, then the root.
  let files: [[ParseFile]]
  let macros: MacroLibrary
  /// What manifests say of the macros; they get copies.
  let definitions: [Macro]
  let templates: TemplateCache
  /// What is wrong with macros; told together with what parsing finds.
  let problems: [Diagnostic]

  convenience init(_ loaded: LoadedProject) throws { try self.init(loaded, Layout(loaded), isShared: false) }

  fileprivate init(_ loaded: LoadedProject, _ layout: Layout, isShared: Bool) throws {
    self.layout = layout
    templates = TemplateCache(isShared: isShared)
    var problems: [Diagnostic] = []
    var files: [[ParseFile]] = []
    for config in loaded.packages + [loaded.root] {
      do { files.append(try ProjectEngine.files(config, root: loaded.root)) } catch { problems += error.all }
    }
    if !problems.isEmpty { throw Diagnostics(problems) }
    self.files = files

    let macros = MacroLibrary(environment: CompiledProject.makeEnvironment(), rootName: loaded.root.name)
    for rule in loaded.root.dispatch { macros.dispatchOrder[rule.macroNamespace] = rule.searchOrder }
    builtin = ProjectEngine.builtinPackages()
    let all = builtin.map { ($0.name, true, $0.files) } + zip(layout.places, files).map { ($0.name, false, $1) }
    var definitions: [Macro] = []
    for (name, isInternal, files) in all {
      let own = files.filter { $0.kind == .macro || $0.kind == .genericTest }
      do { definitions += try macros.add(package: name, isInternal: isInternal, files: own) } catch let error
        as Diagnostics
      { problems += error.all }
    }
    self.problems = problems
    macros.resolveDependencies(definitions)
    self.macros = macros
    self.definitions = definitions.filter { !MacroLibrary.isPrivate($0) }
  }
}
