import ArgumentParser
import Compiler
import Diagnostics
import Events
import Project

/// `tenon deps`: installs the packages of packages.yml or dependencies.yml.
struct DepsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "deps", abstract: "Install the project's packages.")
  @OptionGroup var options: ProjectOptions
  @Flag(help: "Resolve versions anew, whatever the lock file says.") var upgrade = false
  @Flag(help: "Write the lock file only.") var lock = false
  @Option(name: .customLong("add-package"), help: "A package to add first: name@version.") var addPackage: String?
  @Option(help: "Where the added package comes from: hub, git or local.") var source = "hub"

  func run() throws {
    let (upgrade, lock, addPackage, source) = (upgrade, lock, addPackage, source)
    try Invocation.run("deps", options) { invocation in
      var loaded = try invocation.load(needsProfile: false, packages: false, requireVars: false)
      let report: (PackageEvent) -> Void = { Self.tell($0, invocation.log) }
      if let addPackage {
        guard let kind = PackageAdder.Source(rawValue: source) else {
          throw Diagnostic(
            "source", .usage, "Invalid value for '--source': '\(source)' is not one of 'hub', 'git', 'local'.")
        }
        let (name, version) = PackageAdder.split(addPackage)
        try PackageAdder(loaded.root, report: report).add(name, version: version, source: kind)
        loaded = try invocation.load(needsProfile: false, packages: false, requireVars: false)
      }
      var installer = PackageInstaller.Options(environment: invocation.environment)
      installer.upgrade = upgrade
      installer.lockOnly = lock
      installer.checksVersion = invocation.flags.versionCheck
      installer.vars = loaded.commandLineVars
      try PackageInstaller(
        loaded.root, installer, renderers: ConfigTemplates(environment: invocation.environment), report: report
      ).run()
      return true
    }
  }

  private static func tell(_ event: PackageEvent, _ log: EventLog) {
    func info(_ name: String, _ code: String, _ text: String, _ data: [(String, EventValue)] = []) {
      log.emit(Event(name, code, .info, text, data: data))
    }
    switch event {
    case .noPackages: info("DepsNoPackagesFound", "M013", "Warning: No packages were found in packages.yml")
    case .createdPackagesFile(let path): info("DepsAddPackage", "M032", "Created \(path)")
    case .removedDuplicate(let name):
      info(
        "DepsFoundDuplicatePackage", "M033", "Found duplicate package in packages.yml, removing: \(name)",
        [("removed_package", .string(name))])
    case .added(let name, let version, let path):
      info(
        "DepsAddPackage", "M032", "Added new package \(name)@\(version ?? "") to \(path)",
        [("package_name", .string(name)), ("packages_filepath", .string(path)), ("version", .string(version ?? ""))])
    case .lockWritten(let path):
      info(
        "DepsLockUpdating", "M031", "Updating lock file in file path: \(path)", [("lock_filepath", .string(path))])
    case .installing(let name):
      info("DepsStartPackageInstall", "M014", "Installing \(name)", [("package_name", .string(name))])
    case .installed(let version):
      info("DepsInstallInfo", "M015", "Installed from \(version)", [("version_name", .string(version))])
    case .updateAvailable(let latest):
      info(
        "DepsUpdateAvailable", "M016", "Updated version available: \(latest)", [("version_latest", .string(latest))])
    case .upToDate: info("DepsUpToDate", "M017", "Up to date!")
    case .subdirectory(let folder):
      info("DepsListSubdirectory", "M018", "and subdirectory \(folder)", [("subdirectory", .string(folder))])
    case .updatesAvailable(let names):
      info(
        "DepsNotifyUpdatesAvailable", "M019",
        "Updates available for packages: [\(names.map { "'\($0)'" }.joined(separator: ", "))]\n"
          + "Update your versions in packages.yml, then run dbt deps", [("packages", .list(names.map { .string($0) }))])
    case .unpinned(let git, let revision):
      let how = revision == "HEAD" ? "not pinned, using HEAD (default branch)" : "pinned to the \"\(revision)\" branch"
      log.emit(
        .warning(
          "DepsUnpinned", "M029",
          "The git package \"\(git)\" is \(how): what it holds may change from one installation to the next. "
            + "Pin a tag or a commit with `revision:`.",
          data: [("git", .string(git)), ("revision", .string(revision))]))
    case .redirected(let from, let to):
      var found = Diagnostic(
        "package-redirect", .dependency, "The package `\(from)` has become `\(to)`: use that name.", severity: .warning)
      found.facts = [("new_name", to), ("old_name", from)]
      log.emit(.warning(found))
    }
  }
}
