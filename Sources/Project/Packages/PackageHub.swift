import Diagnostics
import Jinja
import YAML

/// The registry of packages: which versions there are, what they need, where they are.
final class PackageHub {
  struct Version {
    /// The project's name.
    var name: String
    var packages: [PackageSpec]
    var tarball: String
    var requireDbtVersion: [VersionSpecifier]
  }

  private let base: String
  private let fetcher: Fetcher
  private let report: (PackageEvent) -> Void
  private var index: [String]?
  private var known: [String: [(version: String, data: YAMLValue)]] = [:]

  /// - Parameter base: the hub's address; `api/v1/…` is below it.
  init(base: String, fetcher: Fetcher, report: @escaping (PackageEvent) -> Void) {
    self.base = base.hasSuffix("/") ? base : base + "/"
    self.fetcher = fetcher
    self.report = report
  }

  /// Chooses the highest version that all requirements and this program's dbt version allow.
  func resolve(
    _ package: String, _ versions: [VersionSpecifier], prerelease: Bool, checksVersion: Bool, spec: PackageSpec
  ) throws(Diagnostic) -> (version: String, latest: String) {
    try checkExists(package, spec)
    guard let range = VersionRange(all: versions) else {
      throw Diagnostic(
        "version-conflict", .dependency,
        "no version of \(package) satisfies all requirements: \(versions.map(\.description).joined(separator: ", "))",
        range: spec.node.range)
    }
    var installable: [(specifier: VersionSpecifier, text: String)] = []
    let wantsPrerelease = prerelease || versions.contains { $0.prerelease != nil }
    for (text, data) in try versionsData(package, spec) {
      guard let version = VersionSpecifier(text), wantsPrerelease || version.prerelease == nil else { continue }
      if checksVersion, !Self.isCompatible(data) { continue }
      installable.append((version, text))
    }
    installable.sort { $0.specifier.compare($1.specifier) < 0 }
    let texts = installable.map(\.text)
    guard let chosen = range.highest(of: texts), let latest = texts.last else {
      throw Diagnostic(
        "version-not-found", .dependency,
        "Could not find a matching compatible version for package \(package)\n  Requested range: \(range)\n"
          + "  Compatible versions: \(texts.isEmpty ? "none" : texts.joined(separator: ", "))",
        range: spec.node.range,
        hint: checksVersion
          ? "versions that need another dbt are not shown; --no-version-check includes them" : nil)
    }
    return (chosen, latest)
  }

  /// A version's own dependencies and address.
  func version(_ package: String, _ version: String, spec: PackageSpec) throws(Diagnostic) -> Version {
    guard let data = try versionsData(package, spec).first(where: { $0.version == version })?.data else {
      throw Diagnostic(
        "version-not-found", .dependency, "the hub has no version \(version) of \(package)", range: spec.node.range)
    }
    guard case .string(let name)? = data["name"], case .string(let tarball)? = data["downloads"]?["tarball"] else {
      throw unexpected(package, spec)
    }
    var packages: [PackageSpec] = []
    if case .sequence(let items)? = data["packages"] {
      for item in items {
        let node = YAMLNode(item, at: spec.node)
        do { packages.append(try PackageEntryReader().read(node, unrendered: node)) } catch {
          throw error.all.first ?? unexpected(package, spec)
        }
      }
    }
    return Version(name: name, packages: packages, tarball: tarball, requireDbtVersion: Self.required(data))
  }

  private func checkExists(_ package: String, _ spec: PackageSpec) throws(Diagnostic) {
    if index == nil {
      guard case .sequence(let items) = try json("index", spec) else { throw unexpected("its index", spec) }
      index = items.compactMap { if case .string(let name) = $0 { name } else { nil } }
    }
    guard let index, !index.contains(package) else { return }
    throw Diagnostic(
      "package-not-found", .dependency, "Package \(package) was not found in the package index",
      range: spec.node["package"]?.range ?? spec.node.range,
      hint: NearestName.of(package, among: index).map { "did you mean `\($0)`?" })
  }

  private func versionsData(
    _ package: String, _ spec: PackageSpec
  ) throws(Diagnostic) -> [(version: String, data: YAMLValue)] {
    if let found = known[package] { return found }
    let response = try json(package, spec)
    guard case .mapping(let pairs)? = response["versions"] else { throw unexpected(package, spec) }
    func text(_ key: String) -> String? {
      if case .string(let text)? = response[key], !text.isEmpty { text } else { nil }
    }
    if text("redirectnamespace") != nil || text("redirectname") != nil {
      let parts = package.split(separator: "/", maxSplits: 1).map(String.init)
      let space = text("redirectnamespace") ?? text("namespace") ?? parts.first ?? ""
      report(.redirected(from: package, to: "\(space)/\(text("redirectname") ?? text("name") ?? parts.last ?? "")"))
    }
    let found = pairs.compactMap { pair -> (version: String, data: YAMLValue)? in
      if case .string(let version) = pair.key { (version, pair.value) } else { nil }
    }
    known[package] = found
    return found
  }

  private func json(_ name: String, _ spec: PackageSpec) throws(Diagnostic) -> YAMLValue {
    let bytes = try fetcher.get("\(base)api/v1/\(name).json", spec: spec)
    do {
      return YAMLValue(try JSON.parse(bytes))
    } catch {
      throw unexpected(name, spec)
    }
  }

  private func unexpected(_ subject: String, _ spec: PackageSpec) -> Diagnostic {
    Diagnostic(
      "hub-answer", .dependency, "the hub at \(base) answered about \(subject) with something unexpected",
      range: spec.node.range)
  }

  private static func required(_ data: YAMLValue) -> [VersionSpecifier] {
    switch data["require_dbt_version"] {
    case .string(let text)?: return [VersionSpecifier(text)].compactMap { $0 }
    case .sequence(let items)?:
      return items.compactMap { if case .string(let text) = $0 { VersionSpecifier(text) } else { nil } }
    default: return []
    }
  }

  private static func isCompatible(_ data: YAMLValue) -> Bool {
    let required = required(data)
    guard !required.isEmpty, let own = VersionSpecifier(ProjectConfigReader.dbtVersion) else { return true }
    return VersionRange.compatible([own] + required)
  }
}

extension YAMLValue {
  /// A JSON value; anything JSON does not have becomes null.
  init(_ value: Value) {
    switch value {
    case .bool(let bool): self = .bool(bool)
    case .int(let int): self = .int(int)
    case .float(let float): self = .float(float)
    case .string(let text): self = .string(text.string)
    case .list(let list): self = .sequence(list.items.map(YAMLValue.init))
    case .dict(let dict): self = .mapping(dict.pairs.map { YAMLPair(YAMLValue($0.key), YAMLValue($0.value)) })
    default: self = .null
    }
  }
}
