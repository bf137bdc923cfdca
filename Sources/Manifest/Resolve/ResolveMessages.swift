import Diagnostics

/// What dbt says about references that lead nowhere, with a hint of the nearest name.
enum ResolveMessages {
  static func missing(
    _ node: GraphResource, kind: String, name: String, package: String? = nil, version: NodeVersion? = nil,
    isDisabled: Bool, among names: [String]
  ) -> Diagnostic {
    // A test of something that is not there is no reason to stop.
    let isTest = node.resourceType == .test
    var where_ = ""
    if let version, !isTest { where_ += "with version '\(version.text)' " }
    if isTest {
      if !isDisabled || package != nil { where_ += "in package '\(package ?? "")' " }
    } else if let package {
      where_ += "in package or project '\(package)' "
    }
    let reason = isDisabled ? "is disabled" : "was not found"
    let message =
      "\(title(node.resourceType)) '\(node.uniqueID)' (\(node.originalFilePath)) depends on a \(kind) named "
      + "'\(name)' \(where_)which \(reason)"
    var hint: String?
    if names.contains(name) {
      if package != nil { hint = "there is a '\(name)' in another package" }
    } else if let nearest = NearestName.of(name, among: names) {
      hint = "did you mean '\(nearest)'?"
    }
    return Diagnostic(
      isDisabled ? "disabled-\(kind == "node" ? "ref" : kind)" : "unknown-\(kind == "node" ? "ref" : kind)",
      .compilation, message,
      severity: isTest ? (isDisabled && kind != "source" && kind != "metric" ? .note : .warning) : .error,
      range: place(of: name, in: node) ?? node.range, hint: hint)
  }

  /// Where the SQL first has the name as a text of its own, with its quotes.
  static func place(of name: String, in resource: GraphResource) -> SourceRange? {
    guard let node = resource as? Node, let source = node.range?.source else { return nil }
    // A source is told as `source.table`.
    let table = name.lastIndex(of: ".").map { String(name[name.index(after: $0)...]) }
    for text in [name, table].compactMap({ $0 }) {
      for quote in ["'", "\""] {
        guard let found = source.utf8.firstRange(of: Array("\(quote)\(text)\(quote)".utf8)) else { continue }
        return SourceRange(source: source, offsets: found)
      }
    }
    return nil
  }

  static func ambiguous(_ node: GraphResource, _ ref: AmbiguousRef) -> Diagnostic {
    let ids = ref.uniqueIDs.joined(separator: "', '")
    let packages = ref.uniqueIDs.map { UniqueID.package(of: $0) }.joined(separator: "' or '")
    return Diagnostic(
      "ambiguous-ref", .compilation,
      "When referencing '\(ref.name)', dbt found nodes in multiple packages: '\(ids)'\n"
        + "To fix this, use two-argument 'ref', with the package name first: '\(packages)'",
      range: node.range)
  }

  static func access(_ node: GraphResource, _ target: Node, scope: String) -> Diagnostic {
    let kind = target.access == .private ? "group" : "package"
    return Diagnostic(
      "ref-access", .parsing,
      "Node \(node.uniqueID) attempted to reference node \(target.uniqueID), which is not allowed because the "
        + "referenced node is \(target.access.rawValue) to the '\(scope)' \(kind).",
      range: place(of: target.name, in: node) ?? node.range)
  }

  static func packageDependsOnRoot(_ node: GraphResource, _ target: Node) -> Diagnostic {
    var warning = Diagnostic(
      "package-depends-on-root", .compilation,
      "The node '\(node.name)'in package '\(node.packageName)' depends on the root project node "
        + "'\(target.uniqueID)'.This may lead to unexpected cycles downstream. Please set the "
        + "'require_ref_prefers_node_package_to_root' behavior change flag to True to avoid this issue.For more "
        + "information, see the documentation at https://docs.getdbt.com/reference/global-configs/behavior-changes"
        + "#require_ref_prefers_node_package_to_root",
      severity: .warning, range: node.range)
    warning.facts = [
      ("node_name", node.name), ("package_name", node.packageName), ("root_project_unique_id", target.uniqueID),
    ]
    return warning
  }

  /// Python's `str.title()` of a resource type.
  static func title(_ type: ResourceType) -> String {
    type.rawValue.split(separator: "_", omittingEmptySubsequences: false).map { word in
      word.prefix(1).uppercased() + word.dropFirst()
    }.joined(separator: "_")
  }
}
