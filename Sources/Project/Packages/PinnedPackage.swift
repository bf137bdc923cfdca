import YAML

/// A package with its version chosen.
struct PinnedPackage {
  enum Kind {
    case registry(package: String, version: String, latest: String)
    case git(url: String, unrendered: String, revision: String, warn: Bool, subdirectory: String?)
    case local(path: String)
    case tarball(url: String, unrendered: String, name: String)
  }

  var kind: Kind
  var spec: PackageSpec

  /// What a user is told is being installed.
  var name: String {
    switch kind {
    case .registry(let package, _, _): package
    case .git(let url, _, _, _, let subdirectory): subdirectory.map { "\(url)/\($0)" } ?? url
    case .local(let path): path
    case .tarball(_, _, let name): name
    }
  }

  var versionName: String {
    switch kind {
    case .registry(_, let version, _): "version \(version)"
    case .git(_, _, let revision, _, _): revision == "HEAD" ? "HEAD (default revision)" : "revision \(revision)"
    case .local(let path): "<local @ \(path)>"
    case .tarball(let url, _, _): "tarball (url: \(url))"
    }
  }

  /// The entry of the lock file; addresses as they were written, so that secrets stay out.
  func lockEntry(projectName: String, scrub: (String) -> String) -> YAMLValue {
    var pairs: [YAMLPair] = []
    func add(_ key: String, _ value: String) { pairs.append(YAMLPair(.string(key), .string(value))) }
    switch kind {
    case .registry(let package, let version, _):
      add("package", package)
      add("version", version)
    case .git(_, let unrendered, let revision, _, let subdirectory):
      add("git", scrub(unrendered))
      add("revision", revision)
      if let subdirectory { add("subdirectory", subdirectory) }
    case .local(let path): add("local", path)
    case .tarball(_, let unrendered, _): add("tarball", scrub(unrendered))
    }
    add("name", projectName)
    return .mapping(pairs)
  }
}
