import Diagnostics

/// The databases and paths that tenants take, to see at once when two would share one.
public struct TenantPlaces: Sendable, Equatable {
  private var databases: [String: String] = [:]
  /// By bucket, as S3 would accept it, and prefix.
  private var paths: [Path: String] = [:]

  private struct Path: Hashable, Sendable {
    let bucket: String
    let prefix: String

    init(_ tenant: TenantConfiguration) {
      bucket = BucketName.accepted(tenant.bucket)
      prefix = tenant.prefix
    }
  }

  public init() {}

  /// What is wrong when another tenant has one of a tenant's places.
  public func conflict(_ tenant: TenantConfiguration) -> Diagnostic? {
    if let other = databases[tenant.database], other != tenant.name.text {
      return TenantConfiguration.collision(tenant.name, other, over: "the database '\(tenant.database)'")
    }
    let path = Path(tenant)
    if let other = paths[path], other != tenant.name.text {
      return TenantConfiguration.collision(tenant.name, other, over: "the bucket '\(path.bucket)'")
    }
    return nil
  }

  /// Takes a tenant's places, unless another has one of them.
  public mutating func add(_ tenant: TenantConfiguration) -> Diagnostic? {
    if let problem = conflict(tenant) { return problem }
    databases[tenant.database] = tenant.name.text
    paths[Path(tenant)] = tenant.name.text
    return nil
  }
}
