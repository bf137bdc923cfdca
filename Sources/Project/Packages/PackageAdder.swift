import Diagnostics
import Files
import YAML

/// `deps --add-package`: changes the list of packages of a project.
public struct PackageAdder {
  public enum Source: String, Sendable, CaseIterable { case hub, git, local }

  let project: ProjectConfig
  let report: (PackageEvent) -> Void

  public init(_ project: ProjectConfig, report: @escaping (PackageEvent) -> Void) {
    self.project = project
    self.report = report
  }

  /// `name@version` or a bare name.
  public static func split(_ text: String) -> (name: String, version: String?) {
    guard let at = text.lastIndex(of: "@"), at != text.startIndex, !text[at...].contains("/") else {
      return (text, nil)
    }
    return (String(text[..<at]), String(text[text.index(after: at)...]))
  }

  /// Adds an entry, in place of those that are about the same package.
  ///
  /// - Parameter version: a version, several with commas between, or a revision.
  public func add(_ name: String, version: String?, source: Source) throws(Diagnostic) {
    if source == .hub, version == nil {
      throw Diagnostic(
        "missing-version", .usage, "a package of the hub needs a version", hint: "write --add-package \(name)@1.0.0")
    }
    let path = Path.join(project.root, project.packages.fileName)
    var pairs: [YAMLPair] = []
    if FileSystem.exists(path) {
      let node = try YAML.parse(try FileSystem.source(path, name: project.packages.fileName))
      if case .mapping(let found)? = node?.value { pairs = found }
    } else {
      report(.createdPackagesFile(path: path))
    }
    var packages: [YAMLValue] = []
    if let place = pairs.firstIndex(where: { $0.key == .string("packages") }) {
      if case .sequence(let items) = pairs[place].value { packages = items }
    } else {
      pairs.append(YAMLPair(.string("packages"), .null))
    }
    packages.removeAll { entry in
      guard let existing = Self.identifier(entry), Self.isSame(name, existing) else { return false }
      report(.removedDuplicate(name: existing))
      return true
    }
    packages.append(Self.entry(name, version, source))
    for index in pairs.indices where pairs[index].key == .string("packages") {
      pairs[index].value = .sequence(packages)
    }
    let text = YAML.write(.mapping(pairs), layout: .init(sortsKeys: true, indentsLists: true))
    do { try FileSystem.write(Array(text.utf8), to: path) } catch {
      throw Diagnostic("write", .runtime, "\(path) can't be written: \(error.reason)")
    }
    report(.added(name: name, version: version, path: path))
  }

  private static func entry(_ name: String, _ version: String?, _ source: Source) -> YAMLValue {
    var pairs = [YAMLPair(.string(source == .hub ? "package" : source.rawValue), .string(name))]
    if let version {
      let parts = version.split(separator: ",", omittingEmptySubsequences: false).map { YAMLValue.string(String($0)) }
      pairs.append(
        YAMLPair(
          .string(source == .git ? "revision" : "version"), parts.count > 1 ? .sequence(parts) : .string(version)))
    }
    return .mapping(pairs)
  }

  private static func identifier(_ entry: YAMLValue) -> String? {
    for key in ["package", "git", "local", "tarball", "private"] {
      if case .string(let text)? = entry[key], !text.isEmpty { return text }
    }
    return nil
  }

  /// Whether an entry is about the package, whatever brings it: `a/dbt_utils` and `https://x/a/dbt-utils.git` are one.
  static func isSame(_ name: String, _ existing: String) -> Bool {
    let short = name.split(separator: "/").last.map(String.init) ?? name
    let variants = Set(
      [name, short].flatMap { [$0, $0.replacing("_", with: "-"), $0.replacing("-", with: "_")] })
    return variants.contains { variant in
      guard let range = existing.firstRange(of: variant) else { return false }
      let before =
        range.lowerBound == existing.startIndex || "/.".contains(existing[existing.index(before: range.lowerBound)])
      let after = range.upperBound == existing.endIndex || "/.".contains(existing[range.upperBound])
      return before && after
    }
  }
}
