import YAML

/// The profile a run uses: a name, the chosen target and its credentials.
public struct Profile: Sendable {
  public var name: String
  public var targetName: String
  public var threads: Int
  public var credentials: Credentials

  public init(name: String, targetName: String, threads: Int = 1, credentials: Credentials) {
    self.name = name
    self.targetName = targetName
    self.threads = threads
    self.credentials = credentials
  }

  /// What templates see as `target`, in dbt's order; no password.
  public var target: [(key: String, value: YAMLValue)] {
    credentials.connectionInfo + [
      ("type", .string("postgres")), ("threads", .int(threads)), ("name", .string(targetName)),
      ("target_name", .string(targetName)), ("profile_name", .string(name)),
    ]
  }
}
