import Diagnostics

/// `fleet_results.json`: how every tenant of a fleet run ended.
public struct FleetResults: Sendable {
  public struct Tenant: Sendable {
    public var name: String
    public var database: String
    public var server: String
    public var status: TenantStatus
    public var counts: TenantCounts
    /// Seconds.
    public var elapsed: Double
    /// Where its artifacts are, relative to the project.
    public var artifacts: String?
    /// What went wrong, for a tenant that could not be prepared.
    public var message: String?

    public init(
      name: String, database: String, server: String, status: TenantStatus, counts: TenantCounts, elapsed: Double,
      artifacts: String? = nil, message: String? = nil
    ) {
      self.name = name
      self.database = database
      self.server = server
      self.status = status
      self.counts = counts
      self.elapsed = elapsed
      self.artifacts = artifacts
      self.message = message
    }
  }

  public var command: String
  public var invocationID: String
  /// ISO 8601, UTC.
  public var generatedAt: String
  public var elapsed: Double
  public var tenants: [Tenant]

  public init(command: String, invocationID: String, generatedAt: String, elapsed: Double, tenants: [Tenant]) {
    self.command = command
    self.invocationID = invocationID
    self.generatedAt = generatedAt
    self.elapsed = elapsed
    self.tenants = tenants
  }

  /// 0: all is well; 1: a tenant failed or was not run.
  public var exitCode: Int32 { tenants.contains { $0.status.isFailure } ? 1 : 0 }

  public var json: String {
    let rows = tenants.map { tenant in
      var fields: [(String, String)] = [
        ("tenant", JSONString.quote(tenant.name)), ("database", JSONString.quote(tenant.database)),
        ("server", JSONString.quote(tenant.server)), ("status", JSONString.quote(tenant.status.rawValue)),
        ("success", "\(tenant.counts.success)"), ("warn", "\(tenant.counts.warn)"), ("error", "\(tenant.counts.error)"),
        ("skipped", "\(tenant.counts.skipped)"), ("elapsed", Self.seconds(tenant.elapsed)),
      ]
      fields.append(("artifacts", tenant.artifacts.map(JSONString.quote) ?? "null"))
      fields.append(("message", tenant.message.map(JSONString.quote) ?? "null"))
      return "    {" + fields.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
    }
    let totals = TenantStatus.finals.map { status in "\"\(status.rawValue)\": \(tenants.count { $0.status == status })"
    }
    return """
      {
        "metadata": {"format": 1, "command": \(JSONString.quote(command)), "invocation_id": \(JSONString.quote(invocationID)), \
      "generated_at": \(JSONString.quote(generatedAt))},
        "elapsed": \(Self.seconds(elapsed)),
        "totals": {\(totals.joined(separator: ", "))},
        "tenants": [
      \(rows.joined(separator: ",\n"))
        ]
      }

      """
  }

  /// Milliseconds are enough.
  static func seconds(_ value: Double) -> String {
    guard value.isFinite else { return "null" }
    let milliseconds = Int((value * 1000).rounded())
    let digits = String(abs(milliseconds) % 1000)
    return "\(milliseconds < 0 ? "-" : "")\(abs(milliseconds) / 1000)."
      + String(repeating: "0", count: 3 - digits.utf8.count) + digits
  }
}

extension TenantStatus {
  static let finals: [TenantStatus] = [.success, .warn, .error, .unreachable, .notRun, .interrupted, .cancelled]
}
