/// A selector by name or fully qualified name, `orders`, `shop.staging`, `shop.staging.*` (dbt's `is_selected_node`).
struct FQNPattern: Sendable {
  private let text: String
  /// A command without a selection selects by `*`.
  private let isEverything: Bool
  private let parts: [String]
  /// The first part with a wildcard.
  private let wildFrom: Int?
  private let wildRest: Wildcard?
  /// The whole pattern, for names without dots.
  private let whole: Wildcard?

  init(_ text: String) {
    self.text = text
    isEverything = text == "*"
    parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    wildFrom = parts.firstIndex(where: Wildcard.has)
    wildRest = wildFrom.map { Wildcard(text.isEmpty ? "" : Self.join(Self.parts(text)[$0...])) }
    whole = wildFrom != nil && parts.count == 1 ? Wildcard(text) : nil
  }

  private static func parts(_ text: String) -> [String] {
    text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
  }
  private static func join(_ parts: ArraySlice<String>) -> String { parts.joined(separator: ".") }

  /// With the package or without.
  func matches(_ fqn: [String], isVersioned: Bool) -> Bool {
    if isEverything { return !fqn.isEmpty }
    return matches(fqn[...], isVersioned) || matches(fqn.dropFirst(), isVersioned)
  }

  private func matches(_ fqn: ArraySlice<String>, _ isVersioned: Bool) -> Bool {
    guard let last = fqn.last else { return false }
    let name = isVersioned && fqn.count >= 2 ? fqn[fqn.endIndex - 2] : last
    if isVersioned, fqn.count >= 2 {
      // Both `orders.v2` and `orders_v2` name a version.
      if name == text || "\(name)_\(last)" == parts.suffix(2).joined(separator: "_") { return true }
    } else if last == text {
      return true
    }
    var flat: [Substring] = []
    flat.reserveCapacity(fqn.count)
    for segment in fqn {
      if segment.utf8.contains(UInt8(ascii: ".")) {
        flat.append(contentsOf: segment.split(separator: ".", omittingEmptySubsequences: false))
      } else {
        flat.append(segment[...])
      }
    }
    if flat.count < parts.count { return false }
    for (i, part) in parts.enumerated() {
      if i == wildFrom { break }
      if flat[i] != part { return false }
    }
    guard let wildFrom, let wildRest else { return true }
    if wildRest.matches(flat[wildFrom...].joined(separator: ".")) { return true }
    return whole?.matches(name) ?? false
  }
}
