/// Variables of the environment that artifacts and logs repeat: `DBT_ENV_CUSTOM_ENV_X` as `X`.
enum CustomEnvironment {
  private static let prefix = "DBT_ENV_CUSTOM_ENV_"

  static func values(_ environment: [String: String]) -> [(String, String)] {
    environment.sorted { $0.key < $1.key }.compactMap { name, value in
      name.hasPrefix(prefix) ? (String(name.dropFirst(prefix.count)), value) : nil
    }
  }
}
