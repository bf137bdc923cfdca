/// What installing packages tells while it works; the words are someone else's.
public enum PackageEvent: Sendable, Hashable {
  case noPackages
  case createdPackagesFile(path: String)
  /// An entry of packages.yml that the package being added replaces.
  case removedDuplicate(name: String)
  case added(name: String, version: String?, path: String)
  case lockWritten(path: String)
  case installing(name: String)
  /// `version 1.1.1`, `revision abc…`, `<local @ ../x>`, `tarball (url: …)`
  case installed(version: String)
  case updateAvailable(latest: String)
  case upToDate
  case subdirectory(String)
  /// All hub packages that have a newer version.
  case updatesAvailable([String])
  /// A git package without a fixed revision.
  case unpinned(git: String, revision: String)
  /// The hub has moved a package.
  case redirected(from: String, to: String)
}
