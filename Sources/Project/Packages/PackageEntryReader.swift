import Diagnostics
import YAML

/// Types one entry of a list of packages.
struct PackageEntryReader {
  private static let kinds = ["package", "git", "local", "tarball", "private"]

  func read(_ node: YAMLNode, unrendered: YAMLNode) throws(Diagnostics) -> PackageSpec {
    guard let mapping = node.mapping else {
      throw Diagnostics([
        Diagnostic(
          "bad-package", .project, "a package is a mapping, but this is \(node.kindName)", range: node.range,
          hint: "write `- package: namespace/name` with a `version`, `- git: …` or `- local: …`")
      ])
    }
    var fields = FieldReader(node, subject: "this package", kind: .project)
    guard let kind = Self.kinds.first(where: { mapping[$0] != nil }) else {
      throw Diagnostics([
        Diagnostic(
          "bad-package", .project, "a package needs one of: \(Self.kinds.joined(separator: ", "))", range: node.range,
          hint: mapping.stringKeys.compactMap { NearestName.of($0, among: Self.kinds) }.first.map {
            "did you mean `\($0)`?"
          })
      ])
    }
    let target = fields.string(kind) ?? ""
    if target.isEmpty, fields.problems.isEmpty {
      fields.report(Diagnostic("bad-package", .project, "`\(kind)` has no value", range: mapping[kind]?.range))
    }
    let source = source(kind, target, mapping, &fields)
    let name = fields.string("name")
    try fields.problems.throwErrors()
    return PackageSpec(source: source, name: name, node: node, unrendered: unrendered)
  }

  private func source(
    _ kind: String, _ target: String, _ mapping: YAMLMapping, _ fields: inout FieldReader
  ) -> PackageSpec.Source {
    switch kind {
    case "package":
      fields.rejectUnknownKeys(["package", "version", "install_prerelease", "name", "unrendered"])
      if !target.contains("/") {
        fields.report(
          Diagnostic(
            "bad-package", .project, "`\(target)` is no package of the hub: its packages have a namespace",
            range: mapping["package"]?.range, hint: "write it as `dbt-labs/dbt_utils`"))
      }
      let versions = versions(mapping["version"])
      if versions.isEmpty {
        fields.report(
          Diagnostic(
            "bad-package", .project, "`\(target)` has no `version`, which packages of the hub need",
            range: mapping["package"]?.range))
      }
      return .registry(
        package: target, versions: versions, prerelease: fields.bool("install_prerelease") ?? false)
    case "git":
      fields.rejectUnknownKeys([
        "git", "revision", "warn-unpinned", "warn_unpinned", "subdirectory", "name", "unrendered",
      ])
      return .git(
        url: target, revision: text(mapping["revision"]), subdirectory: fields.string("subdirectory"),
        warnUnpinned: fields.bool("warn-unpinned") ?? fields.bool("warn_unpinned"))
    case "local":
      fields.rejectUnknownKeys(["local", "name", "unrendered"])
      return .local(path: target)
    case "tarball":
      fields.rejectUnknownKeys(["tarball", "name", "unrendered"])
      let name = fields.string("name")
      if name == nil {
        fields.report(
          Diagnostic("bad-package", .project, "a tarball needs a `name`", range: mapping["tarball"]?.range))
      }
      return .tarball(url: target, name: name ?? "")
    default:
      return .privateRepository(
        name: target, provider: fields.string("provider"), revision: text(mapping["revision"]),
        subdirectory: fields.string("subdirectory"))
    }
  }

  /// One requirement or a list; a number is taken as it is written.
  private func versions(_ node: YAMLNode?) -> [String] {
    guard let node, !node.isNull else { return [] }
    if let items = node.sequence { return items.compactMap(text) }
    return text(node).map { [$0] } ?? []
  }

  private func text(_ node: YAMLNode?) -> String? {
    guard let node, !node.isNull, let scalar = node.scalar else { return nil }
    return scalar.text
  }
}
