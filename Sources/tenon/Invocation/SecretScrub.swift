import Manifest

/// Takes the values of `DBT_ENV_SECRET_…` out of what artifacts and templates are told of the command line.
struct SecretScrub {
  private let secrets: [String]

  init(_ environment: [String: String]) {
    // Longest first: one may be part of another.
    secrets = environment.filter { $0.key.hasPrefix("DBT_ENV_SECRET") && !$0.value.isEmpty }.map(\.value)
      .sorted { $0.utf8.count > $1.utf8.count }
  }

  func apply(_ dict: ConfigDict) -> ConfigDict {
    if secrets.isEmpty { return dict }
    var out = ConfigDict()
    for entry in dict { out[entry.key] = apply(entry.value) }
    return out
  }

  private func apply(_ value: ConfigValue) -> ConfigValue {
    switch value {
    case .string(let text): .string(secrets.reduce(text) { $0.replacing($1, with: "*****") })
    case .list(let items): .list(items.map(apply))
    case .dict(let dict): .dict(apply(dict))
    default: value
    }
  }
}
