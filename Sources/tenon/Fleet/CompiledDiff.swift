import Files
import Project
import Tenants

/// Where the SQL that a fleet's last runs compiled for two tenants differs in more than the tenants' own names.
enum CompiledDiff {
  /// - Parameter folder: the target folder; a tenant without compiled SQL there has nothing to compare.
  static func run(_ left: TenantConfiguration, _ right: TenantConfiguration, in folder: String) -> [TenantDiff
    .Difference]
  {
    let one = files(left, folder)
    let other = files(right, folder)
    if one.isEmpty || other.isEmpty { return [] }
    var differences: [TenantDiff.Difference] = []
    for path in Set(one.keys).union(other.keys).sorted() where one[path] != other[path] {
      let (a, b) = firstDifference(one[path], other[path])
      differences.append(TenantDiff.Difference(kind: .compiledSQL, relation: path, left: a, right: b))
    }
    return differences
  }

  /// By path below `compiled`, with what is the tenant's own taken out.
  private static func files(_ tenant: TenantConfiguration, _ folder: String) -> [String: [Substring]] {
    let root = Path.join(folder, "tenants", tenant.name.text, "compiled")
    var found: [String: [Substring]] = [:]
    var folders = [""]
    while let relative = folders.popLast() {
      for entry in (try? FileSystem.list(Path.join(root, relative))) ?? [] {
        let path = relative.isEmpty ? entry.name : "\(relative)/\(entry.name)"
        if entry.kind == .directory {
          folders.append(path)
        } else if let bytes = try? FileSystem.read(Path.join(root, path)) {
          found[path] = neutral(String(decoding: bytes, as: UTF8.self), tenant).split(
            separator: "\n", omittingEmptySubsequences: false)
        }
      }
    }
    return found
  }

  static func neutral(_ sql: String, _ tenant: TenantConfiguration) -> String {
    sql.replacing(tenant.database, with: "{database}").replacing(tenant.bucket, with: "{bucket}")
      .replacing("'\(tenant.name)'", with: "'{tenant}'")
  }

  /// The first lines that differ; nil where a side has none.
  private static func firstDifference(_ left: [Substring]?, _ right: [Substring]?) -> (String?, String?) {
    guard let left, let right else { return (left.map { _ in "compiled" }, right.map { _ in "compiled" }) }
    let line = (0..<max(left.count, right.count)).first { i in
      i >= left.count || i >= right.count || left[i] != right[i]
    }
    func shown(_ lines: [Substring]) -> String? {
      guard let line, line < lines.count else { return nil }
      return "\(line + 1): \(lines[line].drop { $0 == " " }.prefix(60))"
    }
    return (shown(left), shown(right))
  }
}
