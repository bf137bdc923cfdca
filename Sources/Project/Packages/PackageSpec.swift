import Diagnostics
import Files
import YAML

/// One entry of `packages.yml`.
public struct PackageSpec: Sendable {
  public enum Source: Sendable, Hashable {
    /// `package:` of the hub; versions are requirements, all of which hold.
    case registry(package: String, versions: [String], prerelease: Bool)
    /// `git:`; without a revision the default branch.
    case git(url: String, revision: String?, subdirectory: String?, warnUnpinned: Bool?)
    /// A folder, relative to the project.
    case local(path: String)
    case tarball(url: String, name: String)
    /// `private:`, a repository of a provider; accepted, not resolved.
    case privateRepository(name: String, provider: String?, revision: String?, subdirectory: String?)
  }

  public var source: Source
  /// `name:`, which only the lock file uses.
  public var name: String?
  /// The rendered entry and the entry as written: secrets in it must not reach the lock file.
  public var node: YAMLNode
  public var unrendered: YAMLNode

  /// What a user calls it.
  public var displayName: String {
    switch source {
    case .registry(let package, _, _): package
    case .git(let url, _, _, _): url
    case .local(let path): path
    case .tarball(_, let name): name
    case .privateRepository(let name, _, _, _): name
    }
  }
}

/// `packages.yml`, or the `packages:` of `dependencies.yml`.
public struct PackagesFile: Sendable {
  /// Which of the two files it was.
  public var fileName = "packages.yml"
  public var packages: [PackageSpec] = []
  /// `projects:` of dependencies.yml: names of projects of other teams, accepted and carried.
  public var projects: [String] = []

  public init() {}
}

/// Reads `packages.yml`, `dependencies.yml` and `package-lock.yml`.
struct PackagesReader {
  let root: String
  let displayRoot: String

  /// The packages a project asks for.
  func read(renderer: any ConfigRenderer) throws(Diagnostics) -> PackagesFile {
    do {
      let packages = try load("packages.yml")
      let dependencies = try load("dependencies.yml")
      if let first = packages?["packages"], dependencies?["packages"] != nil {
        throw Diagnostic(
          "two-files", .project, "`packages` can't be given in both packages.yml and dependencies.yml",
          range: first.range)
      }
      if let projects = packages?.mapping?.entry("projects") {
        throw Diagnostic(
          "misplaced-key", .project, "`projects` belongs in dependencies.yml, not packages.yml",
          range: projects.key.range)
      }
      var file = PackagesFile()
      file.projects = (dependencies?["projects"]?.sequence ?? []).compactMap { $0["name"]?.string ?? $0.string }
      if let node = dependencies?["packages"] {
        // dbt renders packages.yml only.
        file.fileName = "dependencies.yml"
        file.packages = try specs(node, unrendered: node)
      } else if let packages {
        let rendered = try TreeRenderer(renderer: renderer).render(packages)
        file.packages = try specs(rendered, packages, file: "packages.yml")
      }
      return file
    } catch let problem as Diagnostic {
      throw Diagnostics([problem])
    } catch let problems as Diagnostics {
      throw problems
    } catch {
      throw Diagnostics([Diagnostic("packages", .project, "\(error)")])
    }
  }

  /// The packages a lock file pins, and its hash; nil when there is no lock file.
  func readLock(renderer: any ConfigRenderer) throws(Diagnostics) -> (packages: [PackageSpec], sha1: String?)? {
    do {
      guard let node = try load("package-lock.yml") else { return nil }
      let rendered = try TreeRenderer(renderer: renderer).render(node)
      let packages = try specs(rendered, node, file: "package-lock.yml")
      return (packages, node["sha1_hash"]?.string)
    } catch let problem as Diagnostic {
      throw Diagnostics([problem])
    } catch let problems as Diagnostics {
      throw problems
    } catch {
      throw Diagnostics([Diagnostic("packages", .project, "\(error)")])
    }
  }

  private func load(_ name: String) throws(Diagnostic) -> YAMLNode? {
    let path = Path.join(root, name)
    guard FileSystem.exists(path) else { return nil }
    let shown = Path.join(displayRoot, name)
    guard let node = try YAML.parse(try FileSystem.source(path, name: shown), trimmed: true), !node.isNull else {
      return nil
    }
    guard node.mapping != nil else {
      throw Diagnostic(
        "not-a-mapping", .project, "\(shown) must be a mapping, but is \(node.kindName)", range: node.range)
    }
    return node
  }

  private func specs(
    _ rendered: YAMLNode, _ unrendered: YAMLNode, file: String
  ) throws(Diagnostics) -> [PackageSpec] {
    var fields = FieldReader(rendered, subject: file, kind: .project)
    fields.rejectUnknownKeys(["packages", "projects", "sha1_hash"])
    try fields.problems.throwErrors()
    guard let node = rendered["packages"], !node.isNull else { return [] }
    return try specs(node, unrendered: unrendered["packages"] ?? node)
  }

  private func specs(_ node: YAMLNode, unrendered: YAMLNode) throws(Diagnostics) -> [PackageSpec] {
    guard let items = node.sequence else {
      throw Diagnostics([
        Diagnostic(
          "wrong-type", .project, "`packages` must be a list, but is \(node.kindName)", range: node.range,
          hint: "begin each package with `- `")
      ])
    }
    var out: [PackageSpec] = []
    var problems: [Diagnostic] = []
    for (index, item) in items.enumerated() {
      let original = unrendered.sequence.flatMap { index < $0.count ? $0[index] : nil } ?? item
      do { out.append(try PackageEntryReader().read(item, unrendered: original)) } catch { problems += error.all }
    }
    try problems.throwErrors()
    return out
  }
}
