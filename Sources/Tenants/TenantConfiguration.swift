import Diagnostics
import Postgres

/// Where one tenant's data lives.
public struct TenantConfiguration: Sendable, Equatable {
  public let name: TenantName
  public let database: String
  public let bucket: String
  public let prefix: String
  /// Entity and `s3://<bucket>/<prefix>/<entity>/`, in the settings' order.
  public let paths: [(entity: String, path: String)]
  /// It is listed in `vars: tenants:`.
  public let isPredefined: Bool

  /// - Throws: `Diagnostic` when the database's name would be longer than PostgreSQL's 63 bytes or is one of the
  ///   server's own.
  public init(_ name: TenantName, settings: TenancySettings = TenancySettings()) throws {
    let predefined = settings.predefined[name.text]
    func fill(_ pattern: String) -> String {
      pattern.split(separator: "{tenant}", omittingEmptySubsequences: false).joined(separator: name.text)
    }
    let database = predefined?.database ?? fill(settings.databasePattern)
    let bucket = predefined?.bucket ?? fill(settings.bucketPattern)
    let prefix = predefined?.prefix ?? fill(settings.prefixPattern)
    _ = try SQL.identifier(database)
    if ["postgres", "template0", "template1"].contains(database) {
      throw Diagnostic(
        "reserved-database", .validation, "The tenant '\(name)' would live in the server's own database '\(database)'.")
    }
    self.name = name
    self.database = database
    self.bucket = bucket
    self.prefix = prefix
    let folder = prefix.isEmpty ? "s3://\(bucket)" : "s3://\(bucket)/\(prefix)"
    paths = settings.entities.map { ($0, "\(folder)/\($0)/") }
    isPredefined = predefined != nil
  }

  public static func == (a: TenantConfiguration, b: TenantConfiguration) -> Bool {
    a.name == b.name && a.database == b.database && a.bucket == b.bucket && a.prefix == b.prefix
      && a.paths.map(\.path) == b.paths.map(\.path) && a.isPredefined == b.isPredefined
  }

  /// What is worth a warning: a bucket S3 would refuse, with the name it would accept.
  public var warnings: [Diagnostic] {
    guard let problem = BucketName.problem(bucket) else { return [] }
    return [
      Diagnostic(
        "bucket-name", .validation, "S3 would refuse the bucket name '\(bucket)' of tenant '\(name)': \(problem).",
        severity: .warning, hint: "It would accept '\(BucketName.accepted(bucket))'.")
    ]
  }

  /// What two tenants would share: `database "x"` or `bucket "y"`; nil when they are apart. Buckets are compared as S3
  /// would accept them, and are shared only when the prefix is the same too.
  public func collides(with other: TenantConfiguration) -> String? {
    collides(name: other.name.text, database: other.database, bucket: other.bucket, prefix: other.prefix)
  }

  func collides(name other: String, database: String, bucket: String?, prefix: String?) -> String? {
    guard other != name.text else { return nil }
    if database == self.database { return "the database '\(database)'" }
    if let bucket, BucketName.accepted(bucket) == BucketName.accepted(self.bucket), prefix == self.prefix {
      return "the bucket '\(BucketName.accepted(self.bucket))'"
    }
    return nil
  }

  static func collision(_ name: TenantName, _ other: String, over what: String) -> Diagnostic {
    Diagnostic(
      "tenant-collision", .validation, "The tenants '\(name)' and '\(other)' would share \(what).",
      hint: "Choose a name that differs in more than capitals, '-' and '_', or give one of them a place of its own "
        + "in vars: tenants:.")
  }
}
