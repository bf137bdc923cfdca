/// One package's configuration of one kind of resource (`models:` in dbt_project.yml) as a tree over fqn parts.
///
/// Keys with `+` and keys whose value is no mapping configure their level; mappings without `+` are the next levels.
/// A mapping under a plain key is a level even when no folder has that name.
public final class ConfigTree: Sendable {
  final class Level: Sendable {
    /// This level's own keys, `+` taken off.
    let own: ConfigDict
    /// All levels down to this one merged into a type's defaults, for the types that read this section.
    let merged: [ResourceType: Result<NodeConfig, ConfigProblem>]
    /// The same without merge rules: later levels replace keys.
    let flat: ConfigDict
    let children: [String: Level]
    /// What resources of this level were found to have.
    let resolved = ConfigMemo<NodeConfig>()
    let unrendered = ConfigMemo<ConfigDict>()

    init(_ section: ConfigDict, parent: [ResourceType: Result<NodeConfig, ConfigProblem>], flat above: ConfigDict) {
      var own = ConfigDict()
      var deeper: [(String, ConfigDict)] = []
      for entry in section {
        if entry.key.hasPrefix("+") {
          own[Self.trimmed(entry.key.dropFirst())] = entry.value
        } else if case .dict(let dict) = entry.value {
          deeper.append((entry.key, dict))
        } else {
          own[entry.key] = entry.value
        }
      }
      own = ConfigAliases.translated(own)
      var flat = above
      flat.update(own)
      var merged: [ResourceType: Result<NodeConfig, ConfigProblem>] = [:]
      for (type, result) in parent {
        merged[type] = Self.merge(result, own)
      }
      self.own = own
      self.flat = flat
      self.merged = merged
      var children: [String: Level] = [:]
      for (key, dict) in deeper { children[key] = Level(dict, parent: merged, flat: flat) }
      self.children = children
    }

    private static func merge(
      _ above: Result<NodeConfig, ConfigProblem>, _ own: ConfigDict
    ) -> Result<NodeConfig, ConfigProblem> {
      guard !own.isEmpty, case .success(var config) = above else { return above }
      do throws(ConfigProblem) {
        try config.update(with: own)
        return .success(config)
      } catch { return .failure(error) }
    }

    private static func trimmed(_ text: Substring) -> String {
      var text = text
      while let first = text.first, first.isWhitespace { text.removeFirst() }
      while let last = text.last, last.isWhitespace { text.removeLast() }
      return String(text)
    }
  }

  let root: Level

  /// - Parameters:
  ///   - section: the mapping as written (rendered or not).
  ///   - types: the resource types whose configuration is read from this section.
  public init(_ section: ConfigDict, types: [ResourceType]) {
    var defaults: [ResourceType: Result<NodeConfig, ConfigProblem>] = [:]
    for type in types { defaults[type] = .success(NodeConfig(type)) }
    root = Level(section, parent: defaults, flat: ConfigDict())
  }

  /// The deepest level an fqn reaches.
  func level(_ fqn: [String]) -> Level {
    var level = root
    for part in fqn {
      guard let next = level.children[part] else { break }
      level = next
    }
    return level
  }

  /// All levels an fqn passes, from the top.
  func levels(_ fqn: [String]) -> [Level] {
    var out = [root]
    for part in fqn {
      guard let last = out.last, let next = last.children[part] else { break }
      out.append(next)
    }
    return out
  }

  /// The paths of levels that hold keys, sorted; the section itself is the empty path.
  public func configuredPaths() -> [[String]] {
    var out: [[String]] = []
    func walk(_ level: Level, _ path: [String]) {
      if !level.own.isEmpty { out.append(path) }
      for (key, child) in level.children.sorted(by: { $0.key < $1.key }) { walk(child, path + [key]) }
    }
    walk(root, [])
    return out
  }
}

/// Other names of keys: the connection's (`dbname`, `pass`), which dbt takes in configurations too.
enum ConfigAliases {
  static func translated(_ dict: ConfigDict) -> ConfigDict {
    guard dict["dbname"] != nil || dict["pass"] != nil else { return dict }
    var out = ConfigDict()
    for entry in dict {
      switch entry.key {
      case "dbname": out["database"] = entry.value
      case "pass": out["password"] = entry.value
      default: out[entry.key] = entry.value
      }
    }
    return out
  }
}
