import Diagnostics
import Files
import Glibc
import YAML

/// `deps`: resolves packages, writes the lock file, installs.
///
/// What is installed changes as a whole: packages are put together beside the old folder, which is then replaced.
public struct PackageInstaller {
  public struct Options: Sendable {
    /// Resolve anew even if the lock file fits.
    public var upgrade = false
    /// Write the lock file only.
    public var lockOnly = false
    public var checksVersion = true
    public var vars: YAMLValue = .mapping([])
    public var environment: [String: String]
    public init(environment: [String: String]) { self.environment = environment }
  }

  public static let lockFileName = "package-lock.yml"
  static let defaultHub = "https://hub.getdbt.com/"

  let project: ProjectConfig
  let options: Options
  let renderers: any ConfigRendererProvider
  let report: (PackageEvent) -> Void

  public init(
    _ project: ProjectConfig, _ options: Options, renderers: any ConfigRendererProvider,
    report: @escaping (PackageEvent) -> Void
  ) {
    self.project = project
    self.options = options
    self.renderers = renderers
    self.report = report
  }

  private var lockPath: String { Path.join(project.root, Self.lockFileName) }
  private var renderer: any ConfigRenderer { renderers.renderer(.packages(vars: options.vars)) }

  /// - Returns: the names of the installed packages' projects, in the order of the lock file.
  @discardableResult
  public func run() throws(Diagnostics) -> [String] {
    let installPath = project.absolutePackagesPath
    let stage = "\(installPath).\(getpid()).new"
    let downloads = "\(installPath).\(getpid()).download"
    defer {
      try? FileSystem.remove(stage)
      try? FileSystem.remove(downloads)
    }
    do {
      try FileSystem.makeDirectory(downloads)
      let resolver = resolver(downloads)
      let reader = PackagesReader(root: project.root, displayRoot: "")
      if try needsLock(reader) { try lock(resolver) }
      if options.lockOnly { return [] }
      guard let locked = try reader.readLock(renderer: renderer)?.packages, !locked.isEmpty else {
        report(.noPackages)
        try replace(installPath, with: nil)
        return []
      }
      let names = try install(locked, resolver, into: stage)
      try replace(installPath, with: stage)
      return names
    } catch let problem as Diagnostic {
      throw Diagnostics([problem])
    } catch let problems as Diagnostics {
      throw problems
    } catch let failure as FileSystem.Failure {
      throw Diagnostics([
        Diagnostic("install", .dependency, "packages can't be installed in \(installPath): \(failure.reason)")
      ])
    } catch {
      throw Diagnostics([Diagnostic("install", .dependency, "\(error)")])
    }
  }

  private func resolver(_ downloads: String) -> PackageResolver {
    let fetcher = Fetcher(environment: options.environment)
    let variables = FlagsResolver(environment: options.environment)
    let hub = PackageHub(
      base: variables.variable("PACKAGE_HUB_URL") ?? Self.defaultHub, fetcher: fetcher, report: report)
    return PackageResolver(
      projectRoot: project.root, downloads: downloads, fetcher: fetcher, hub: hub, renderer: renderer,
      checksVersion: options.checksVersion, report: report)
  }

  // MARK: - Lock file

  private func needsLock(_ reader: PackagesReader) throws(Diagnostics) -> Bool {
    if options.upgrade { return true }
    // A lock file that can't be read is made anew.
    guard let lock = try? reader.readLock(renderer: renderer) else { return true }
    return lock.sha1 != PackageHash.sha1(project.packages.packages)
  }

  private func lock(_ resolver: PackageResolver) throws {
    let wanted = project.packages.packages
    guard !wanted.isEmpty else {
      // Nothing to lock; an old lock file must not bring its packages back.
      try FileSystem.remove(lockPath)
      return
    }
    let resolved = try resolver.resolve(wanted, rootName: project.name)
    let entries = resolved.map {
      $0.package.lockEntry(projectName: $0.metadata.projectName, scrub: resolver.fetcher.scrub)
    }
    let file = YAMLValue.mapping([
      YAMLPair(.string("packages"), .sequence(entries)),
      YAMLPair(.string("sha1_hash"), .string(PackageHash.sha1(wanted))),
    ])
    let text = YAML.write(file, layout: .init(sortsKeys: true, indentsLists: true))
    try FileSystem.write(Array(text.utf8), to: lockPath)
    report(.lockWritten(path: lockPath))
  }

  // MARK: - Installation

  private func install(_ locked: [PackageSpec], _ resolver: PackageResolver, into stage: String) throws -> [String] {
    try FileSystem.makeDirectory(stage)
    var names: [String] = []
    var outdated: [String] = []
    for package in try resolver.pinLocked(locked) {
      report(.installing(name: resolver.fetcher.scrub(package.name)))
      let metadata = try resolver.look(into: package)
      let name = metadata.projectName
      guard !name.isEmpty, !name.contains("/"), !name.hasPrefix("."), !name.contains("\0") else {
        throw Diagnostic(
          "bad-package", .dependency, "Invalid package name '\(name)': it can't be the name of a folder",
          range: package.spec.node.range)
      }
      try place(package, metadata, resolver, at: Path.join(stage, name))
      names.append(name)
      report(.installed(version: resolver.fetcher.scrub(package.versionName)))
      switch package.kind {
      case .registry(let name, let version, let latest):
        if version == latest {
          report(.upToDate)
        } else {
          outdated.append(name)
          report(.updateAvailable(latest: latest))
        }
      case .git(_, _, _, _, let subdirectory?): report(.subdirectory(subdirectory))
      default: break
      }
    }
    if !outdated.isEmpty { report(.updatesAvailable(outdated)) }
    return names
  }

  private func place(
    _ package: PinnedPackage, _ metadata: PackageResolver.Metadata, _ resolver: PackageResolver, at path: String
  ) throws {
    if FileSystem.exists(path) {
      throw Diagnostic(
        "duplicate-package", .dependency, "two packages have the same name, \(Path.name(path))",
        range: package.spec.node.range)
    }
    let source = try metadata.folder ?? resolver.download(package) ?? ""
    if case .local = package.kind {
      if symlink(source, path) != 0 { throw FileSystem.Failure(errno: errno) }
    } else if rename(source, path) != 0 {
      throw FileSystem.Failure(errno: errno)
    }
  }

  /// Puts the new folder in the old one's place; an empty folder when there is none.
  private func replace(_ path: String, with stage: String?) throws(FileSystem.Failure) {
    let parent = Path.parent(path)
    if !parent.isEmpty { try FileSystem.makeDirectory(parent) }
    let old = "\(path).\(getpid()).old"
    if rename(path, old) != 0, errno != ENOENT { throw FileSystem.Failure(errno: errno) }
    if let stage {
      if rename(stage, path) != 0 {
        let failure = FileSystem.Failure(errno: errno)
        rename(old, path)
        throw failure
      }
    } else {
      try FileSystem.makeDirectory(path)
    }
    try FileSystem.remove(old)
  }
}
