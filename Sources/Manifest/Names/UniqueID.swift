/// Unique ids: the words that name a resource in the graph, in artifacts and on the command line.
public enum UniqueID {
  /// `model.shop.orders`
  public static func of(_ type: ResourceType, package: String, name: String) -> String {
    "\(type.rawValue).\(package).\(name)"
  }

  /// `model.shop.orders.v2`
  public static func versionedModel(package: String, name: String, version: NodeVersion) -> String {
    "model.\(package).\(name).v\(version.text)"
  }

  /// `source.shop.raw.orders`
  public static func source(package: String, source: String, table: String) -> String {
    "source.\(package).\(source).\(table)"
  }

  /// `test.shop.unique_orders_id.fed79b3a6e`
  public static func genericTest(package: String, name: String, hash: String) -> String {
    "test.\(package).\(name).\(hash)"
  }

  /// `unit_test.shop.orders.adds_up`; versions of a model get `_v2` at the end.
  public static func unitTest(package: String, model: String, name: String, version: NodeVersion? = nil) -> String {
    "unit_test.\(package).\(model).\(name)" + (version.map { "_v\($0.text)" } ?? "")
  }

  /// A hook's name, `shop-on-run-start-0`.
  public static func hookName(package: String, kind: String, index: Int) -> String { "\(package)-\(kind)-\(index)" }

  /// The second part of an id.
  public static func package(of uniqueID: String) -> String {
    let parts = uniqueID.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
    return parts.count > 1 ? String(parts[1]) : ""
  }
}
