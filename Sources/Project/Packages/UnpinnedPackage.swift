import Diagnostics

/// A package as asked for, by one or several that need it.
struct UnpinnedPackage {
  enum Kind {
    case registry(package: String, versions: [VersionSpecifier], prerelease: Bool)
    case git(url: String, unrendered: String, revisions: [String], warn: Bool, subdirectory: String?)
    case local(path: String)
    case tarball(url: String, unrendered: String, name: String)
  }

  var kind: Kind
  /// The first entry that asked for it, for messages.
  var spec: PackageSpec

  init(_ spec: PackageSpec) throws(Diagnostic) {
    self.spec = spec
    switch spec.source {
    case .registry(let package, let texts, let prerelease):
      var versions: [VersionSpecifier] = []
      for text in texts {
        guard let version = VersionSpecifier(text) else {
          throw Diagnostic(
            "bad-version", .dependency, "`\(text)` is not a version of \(package)", range: spec.node["version"]?.range,
            hint: "write it with three numbers: `1.0.0`, or [\">=1.0.0\", \"<2.0.0\"]")
        }
        versions.append(version)
      }
      kind = .registry(package: package, versions: versions, prerelease: prerelease)
    case .git(let url, let revision, let subdirectory, let warn):
      kind = .git(
        url: url, unrendered: spec.unrendered["git"]?.scalar?.text ?? url, revisions: revision.map { [$0] } ?? [],
        warn: warn ?? true, subdirectory: subdirectory)
    case .local(let path): kind = .local(path: path)
    case .tarball(let url, let name):
      kind = .tarball(url: url, unrendered: spec.unrendered["tarball"]?.scalar?.text ?? url, name: name)
    case .privateRepository(let name, _, _, _):
      throw Diagnostic(
        "private-package", .dependency,
        "Cannot resolve private package \(name) because git provider integration is missing. "
          + "Please use a \"git\" package instead.", range: spec.node.range)
    }
  }

  /// What it is known by: two entries with a name in common are one package.
  var names: [String] {
    switch kind {
    case .registry(let package, _, _): return [package]
    case .local(let path): return [path]
    case .tarball(let url, _, _): return [url]
    case .git(let url, _, _, _, let subdirectory):
      let other = url.hasSuffix(".git") ? String(url.dropLast(4)) : url + ".git"
      guard let subdirectory else { return [url, other] }
      return ["\(url)/\(subdirectory)", "\(other)/\(subdirectory)"]
    }
  }

  private var kindName: String {
    switch kind {
    case .registry: "hub"
    case .git: "git"
    case .local: "local"
    case .tarball: "tarball"
    }
  }

  /// Joins what another entry asks of the same package.
  func incorporating(_ other: UnpinnedPackage) throws(Diagnostic) -> UnpinnedPackage {
    var out = self
    switch (kind, other.kind) {
    case (.registry(let package, let versions, let prerelease), .registry(_, let more, _)):
      out.kind = .registry(package: package, versions: versions + more, prerelease: prerelease)
    case (.git(let url, let unrendered, let revisions, let warn, let folder), .git(_, _, let more, let warns, _)):
      out.kind = .git(
        url: url, unrendered: unrendered, revisions: revisions + more, warn: warn && warns, subdirectory: folder)
    case (.local, .local), (.tarball, .tarball): break
    default:
      throw Diagnostic(
        "package-kinds", .dependency,
        "\(names[0]) is asked for as a \(kindName) package and as a \(other.kindName) package",
        range: other.spec.node.range, notes: [.init("the first is here", range: spec.node.range)])
    }
    return out
  }
}

/// Packages in order, each once.
struct PackageListing {
  private(set) var packages: [UnpinnedPackage] = []
  private var index: [String: Int] = [:]

  init(_ specs: [PackageSpec] = []) throws(Diagnostic) {
    for spec in specs { try add(try UnpinnedPackage(spec)) }
  }

  /// The package as it is after joining.
  @discardableResult
  mutating func add(_ package: UnpinnedPackage) throws(Diagnostic) -> UnpinnedPackage {
    for name in package.names {
      guard let place = index[name] else { continue }
      packages[place] = try packages[place].incorporating(package)
      return packages[place]
    }
    index[package.names[0]] = packages.count
    packages.append(package)
    return package
  }
}
