import Diagnostics
import Postgres

/// How tenants' names turn into databases and paths: the project's `vars: tenancy:` and `vars: tenants:`.
public struct TenancySettings: Sendable, Equatable {
  /// What `vars: tenants:` says about one tenant; nil where the patterns shall decide.
  public struct Predefined: Sendable, Equatable {
    public var database: String?
    public var bucket: String?
    public var prefix: String?
  }

  /// `{tenant}` stands for the tenant's name.
  public var databasePattern = "{tenant}_db"
  public var bucketPattern = "{tenant}-data-lake"
  public var prefixPattern = "ecommerce-data"
  /// Made in every tenant's database.
  public var schemas = ["public_public", "staging"]
  /// The tables each tenant has in the data lake.
  public var entities = ["customers", "orders", "products", "regions"]
  /// The database that new ones are copied from, and how (`wal_log`, `file_copy`); nil: the server's own ways.
  public var template: String?
  public var strategy: String?
  /// Every tenant that is made gets a role of its own.
  public var roles = false
  public private(set) var predefined: [String: Predefined] = [:]
  /// What the predefined tenants take.
  private(set) var predefinedPlaces = TenantPlaces()

  public init() {}

  /// - Parameters:
  ///   - tenancy: `database`, `bucket` (or `s3_bucket`), `prefix` (or `s3_prefix`), the comma lists `schemas` and
  ///     `entities`, and for new databases `template`, `strategy` and `roles`.
  ///   - tenants: for each predefined tenant `database`, `s3_bucket` (or `bucket`), `s3_prefix` (or `prefix`); other
  ///     keys are the project's own.
  /// - Throws: `Diagnostics` for unknown keys, patterns that cannot make a name, and predefined tenants that collide.
  public init(tenancy: [String: String], tenants: [String: [String: String]] = [:]) throws {
    var problems: [Diagnostic] = []
    func list(_ text: String) -> [String] {
      text.split(separator: ",").map { Self.trimmed(String($0)) }.filter { !$0.isEmpty }
    }
    for (key, value) in tenancy.sorted(by: { $0.key < $1.key }) {
      switch key {
      case "database", "database_pattern": databasePattern = value
      case "bucket", "s3_bucket", "bucket_pattern": bucketPattern = value
      case "prefix", "s3_prefix", "prefix_pattern": prefixPattern = value
      case "schemas": schemas = list(value)
      case "entities": entities = list(value)
      case "template": template = value
      case "roles":
        roles = value.lowercased() == "true"
        if !["true", "false"].contains(value.lowercased()) {
          problems.append(
            Diagnostic("tenancy-roles", .project, "'\(value)' is neither true nor false (vars: tenancy: roles:)."))
        }
      case "strategy":
        strategy = value.lowercased()
        if !["wal_log", "file_copy"].contains(value.lowercased()) {
          problems.append(
            Diagnostic(
              "tenancy-strategy", .project, "'\(value)' is no way to copy a database (vars: tenancy: strategy:).",
              hint: "It can be wal_log or file_copy."))
        }
      default:
        let known = ["database", "bucket", "prefix", "schemas", "entities", "template", "strategy", "roles"]
        problems.append(
          Diagnostic(
            "unknown-tenancy-key", .project, "Unknown key '\(key)' in vars: tenancy:.",
            hint: NearestName.of(key, among: known).map { "Did you mean '\($0)'?" }
              ?? "Known keys: \(known.joined(separator: ", "))."))
      }
    }
    if !databasePattern.contains("{tenant}") {
      problems.append(
        Diagnostic(
          "tenancy-pattern", .project,
          "The pattern for databases, '\(databasePattern)', does not contain {tenant}: "
            + "all tenants would share one database."))
    }
    if !bucketPattern.contains("{tenant}"), !prefixPattern.contains("{tenant}") {
      problems.append(
        Diagnostic(
          "tenancy-pattern", .project,
          "Neither the pattern for buckets, '\(bucketPattern)', nor the one for prefixes, "
            + "'\(prefixPattern)', contains {tenant}: all tenants would share one path."))
    }
    for (name, values) in tenants.sorted(by: { $0.key < $1.key }) {
      do { _ = try TenantName(name) } catch let problem as Diagnostic { problems.append(problem) }
      predefined[name] = Predefined(
        database: values["database"], bucket: values["s3_bucket"] ?? values["bucket"],
        prefix: values["s3_prefix"] ?? values["prefix"])
    }
    if problems.isEmpty { problems = collisions() }
    if !problems.isEmpty { throw Diagnostics(problems) }
  }

  /// The names of the predefined tenants, sorted.
  public var predefinedNames: [TenantName] { predefined.keys.compactMap { TenantName(valid: $0) }.sorted() }

  private mutating func collisions() -> [Diagnostic] {
    var problems: [Diagnostic] = []
    for name in predefinedNames {
      do {
        let configuration = try TenantConfiguration(name, settings: self)
        if let problem = predefinedPlaces.add(configuration) { problems.append(problem) }
      } catch let problem as Diagnostic { problems.append(problem) } catch {}
    }
    return problems
  }

  static func trimmed(_ text: String) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
