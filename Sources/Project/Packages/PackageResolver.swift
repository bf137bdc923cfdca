import Diagnostics
import Files
import YAML

/// Chooses versions and looks into packages for what they need in turn.
final class PackageResolver {
  /// What is known of a package after looking into it.
  struct Metadata {
    var projectName: String
    var packages: [PackageSpec]
    /// Where it lies: a checkout, an unpacked archive, a local folder. Nil for the hub's, which are not yet fetched.
    var folder: String?
    /// The commit, of a git package.
    var commit: String?
  }

  let projectRoot: String
  let downloads: String
  let fetcher: Fetcher
  let hub: PackageHub
  let renderer: any ConfigRenderer
  let checksVersion: Bool
  let report: (PackageEvent) -> Void
  private var metadata: [String: Metadata] = [:]
  private var folders = 0

  init(
    projectRoot: String, downloads: String, fetcher: Fetcher, hub: PackageHub, renderer: any ConfigRenderer,
    checksVersion: Bool, report: @escaping (PackageEvent) -> Void
  ) {
    self.projectRoot = projectRoot
    self.downloads = downloads
    self.fetcher = fetcher
    self.hub = hub
    self.renderer = renderer
    self.checksVersion = checksVersion
    self.report = report
  }

  /// All packages that are needed, wave by wave: those asked for, then those they ask for, …
  func resolve(
    _ specs: [PackageSpec], rootName: String
  ) throws(Diagnostic) -> [(package: PinnedPackage, metadata: Metadata)] {
    var pending = try PackageListing(specs)
    var final = try PackageListing()
    while !pending.packages.isEmpty {
      var next = try PackageListing()
      for package in pending.packages {
        let joined = try final.add(package)
        let found = try look(into: try pin(joined))
        for spec in found.packages { try next.add(try UnpinnedPackage(spec)) }
      }
      pending = next
    }
    var out: [(package: PinnedPackage, metadata: Metadata)] = []
    var seen: [String: PackageSpec] = [:]
    for package in final.packages {
      var pinned = try pin(package)
      let found = try look(into: pinned)
      if case .git(let url, let unrendered, _, let warn, let subdirectory) = pinned.kind, let commit = found.commit {
        pinned.kind = .git(
          url: url, unrendered: unrendered, revision: commit, warn: warn, subdirectory: subdirectory)
      }
      if found.projectName == rootName {
        throw Diagnostic(
          "duplicate-package", .dependency,
          "the package \(pinned.name) has the same name as this project, \(rootName)", range: package.spec.node.range,
          hint: "rename one of them")
      }
      if let first = seen[found.projectName] {
        throw Diagnostic(
          "duplicate-package", .dependency,
          "two packages have the same name, \(found.projectName): \(first.displayName) and \(package.spec.displayName)",
          range: package.spec.node.range, notes: [.init("the first is here", range: first.node.range)],
          hint: "the same package from the hub and from git, perhaps: remove one")
      }
      seen[found.projectName] = package.spec
      out.append((pinned, found))
    }
    return out
  }

  /// Locked packages: their versions are what the lock file says.
  func pinLocked(_ specs: [PackageSpec]) throws(Diagnostic) -> [PinnedPackage] {
    var out: [PinnedPackage] = []
    for package in try PackageListing(specs).packages { out.append(try pin(package)) }
    return out
  }

  func pin(_ package: UnpinnedPackage) throws(Diagnostic) -> PinnedPackage {
    let kind: PinnedPackage.Kind
    switch package.kind {
    case .registry(let name, let versions, let prerelease):
      let (version, latest) = try hub.resolve(
        name, versions, prerelease: prerelease, checksVersion: checksVersion, spec: package.spec)
      kind = .registry(package: name, version: version, latest: latest)
    case .git(let url, let unrendered, let revisions, let warn, let subdirectory):
      let wanted = Set(revisions)
      guard wanted.count <= 1 else {
        throw Diagnostic(
          "several-revisions", .dependency,
          "\(fetcher.scrub(url)) is asked for in several revisions: \(wanted.sorted().joined(separator: ", "))",
          range: package.spec.node.range)
      }
      kind = .git(
        url: url, unrendered: unrendered, revision: wanted.first ?? "HEAD", warn: warn, subdirectory: subdirectory)
    case .local(let path): kind = .local(path: path)
    case .tarball(let url, let unrendered, let name):
      kind = .tarball(url: url, unrendered: unrendered, name: name)
    }
    return PinnedPackage(kind: kind, spec: package.spec)
  }

  /// Fetches a package as far as needed to know its name and what it needs.
  func look(into package: PinnedPackage) throws(Diagnostic) -> Metadata {
    let key = "\(package.name) \(package.versionName)"
    if let known = metadata[key] { return known }
    let found: Metadata
    switch package.kind {
    case .registry(let name, let version, _):
      let data = try hub.version(name, version, spec: package.spec)
      found = Metadata(projectName: data.name, packages: data.packages)
    case .local(let path):
      let folder = Path.absolute(path, from: projectRoot)
      found = try read(folder, package)
    case .tarball(let url, _, let name):
      let folder = try fetcher.unpack(url, into: newFolder(), spec: package.spec)
      var read = try read(folder, package)
      read.projectName = name
      found = read
    case .git(let url, let unrendered, let revision, let warn, let subdirectory):
      if warn, ["HEAD", "main", "master"].contains(revision) {
        report(.unpinned(git: fetcher.scrub(unrendered), revision: revision))
      }
      let checkout = newFolder()
      let commit = try fetcher.clone(
        url, revision: revision, subdirectory: subdirectory, into: checkout, spec: package.spec)
      var read = try read(subdirectory.map { Path.join(checkout, $0) } ?? checkout, package)
      read.commit = commit
      found = read
      // Installing by the lock file asks for the commit: it is here already.
      var same = package
      same.kind = .git(url: url, unrendered: unrendered, revision: commit, warn: warn, subdirectory: subdirectory)
      metadata["\(same.name) \(same.versionName)"] = found
    }
    metadata[key] = found
    return found
  }

  /// Downloads a hub package; the folder it is in.
  func download(_ package: PinnedPackage) throws(Diagnostic) -> String? {
    guard case .registry(let name, let version, _) = package.kind else { return nil }
    let data = try hub.version(name, version, spec: package.spec)
    return try fetcher.unpack(data.tarball, into: newFolder(), spec: package.spec)
  }

  private func newFolder() -> String {
    folders += 1
    return Path.join(downloads, "package-\(folders)")
  }

  private func read(_ folder: String, _ package: PinnedPackage) throws(Diagnostic) -> Metadata {
    let shown = Path.join(fetcher.scrub(package.name), ProjectConfigReader.fileName)
    guard FileSystem.exists(Path.join(folder, ProjectConfigReader.fileName)) else {
      throw Diagnostic(
        "not-a-package", .runtime,
        "No \(ProjectConfigReader.fileName) found at expected path \(Path.join(folder, ProjectConfigReader.fileName))",
        range: package.spec.node.range,
        hint: FileSystem.isDirectory(folder)
          ? "is the package in a `subdirectory`?" : "there is no such folder")
    }
    do throws(Diagnostics) {
      let project = try ProjectConfigReader(root: folder, displayName: shown).load()
      guard let name = project["name"]?.string else {
        throw Diagnostics([
          Diagnostic(
            "missing-key", .dependency, "\(shown) has no `name`", range: project.mapping?.entries.first?.key.range)
        ])
      }
      let packages = try PackagesReader(root: folder, displayRoot: Path.parent(shown)).read(renderer: renderer)
      return Metadata(projectName: name, packages: packages.packages, folder: folder)
    } catch {
      throw error.all.first ?? Diagnostic("package", .dependency, "\(shown) can't be read")
    }
  }
}
