/// Merging one level of configuration into another (dbt's `BaseConfig.update_from`).
extension NodeConfig {
  /// Lays a level's keys over this configuration, each by its own merge rule. Keys have no leading `+` any more,
  /// except those inside `grants`.
  public mutating func update(with level: ConfigDict) throws(ConfigProblem) {
    let schema = self.schema
    for entry in level {
      guard let key = Self.key(entry.key) else {
        extra[entry.key] = entry.value
        continue
      }
      let position = schema.position(key)
      guard position >= 0 else {
        // Hooks of what has none are dropped; other keys are kept though nobody reads them.
        if key != .preHook, key != .postHook { extra[entry.key] = entry.value }
        continue
      }
      let merged = try Self.merged(schema.fields[position], self[key], entry.value)
      self[key] = try ConfigCoercion.coerce(merged, key, type)
    }
  }

  private static func merged(
    _ field: ConfigSchema.Field, _ old: ConfigValue, _ new: ConfigValue
  ) throws(ConfigProblem) -> ConfigValue {
    switch field.merge {
    case .clobber: return new
    case .append: return .list(old.listified + new.listified)
    case .update:
      guard case .dict(var dict) = old else { throw expectedDict(old, field.key) }
      guard case .dict(let update) = new else { throw expectedDict(new, field.key) }
      dict.update(update)
      return .dict(dict)
    case .dictKeyAppend:
      guard case .dict(let dict) = old else { throw expectedDict(old, field.key) }
      guard case .dict(let update) = new else { throw expectedDict(new, field.key) }
      var out = ConfigDict()
      for entry in dict { out[entry.key] = .list(entry.value.listified) }
      for entry in update {
        let extends = entry.key.hasPrefix("+")
        let key = extends ? String(entry.key.drop { $0 == "+" }) : entry.key
        if extends, let present = out[key] {
          out[key] = .list(present.listified + entry.value.listified)
        } else {
          out[key] = .list(entry.value.listified)
        }
      }
      return .dict(out)
    }
  }

  private static func expectedDict(_ value: ConfigValue, _ key: ConfigKey) -> ConfigProblem {
    ConfigProblem(
      "config-type", "at path ['\(key.name)']: expected dict, got \(value.pythonString)", key: key.name,
      hint: "'\(key.name)' takes a mapping of keys to values")
  }
}

/// Several `config()` calls in one file become one dict (dbt's `merge_config_dicts`).
public enum ConfigCalls {
  private static let appended: Set<String> = ["pre-hook", "pre_hook", "post-hook", "post_hook", "tags", "packages"]
  private static let updated: Set<String> = ["quoting", "column_types", "meta", "docs", "contract"]

  /// Adds a later call's options to what earlier calls gave.
  public static func merge(_ call: ConfigDict, into earlier: inout ConfigDict) throws(ConfigProblem) {
    if earlier.isEmpty {
      earlier = call
      return
    }
    for entry in call {
      let key = entry.key
      if appended.contains(key) {
        let before = earlier[key]?.listified ?? []
        earlier[key] = .list(before + entry.value.listified)
      } else if updated.contains(key) {
        guard case .dict(let update) = entry.value else { throw expectedDict(entry) }
        if case .dict(var dict)? = earlier[key] {
          dict.update(update)
          earlier[key] = .dict(dict)
        } else {
          earlier[key] = entry.value
        }
      } else if key == "grants" {
        guard case .dict(let update) = entry.value else { throw expectedDict(entry) }
        earlier[key] = .dict(mergedGrants(earlier[key]?.asDict, update))
      } else if key == "snapshot_meta_column_names" {
        guard case .dict(let update) = entry.value else { throw expectedDict(entry) }
        var dict = earlier[key]?.asDict ?? ConfigDict()
        dict.update(update)
        earlier[key] = .dict(dict)
      } else {
        earlier[key] = entry.value
      }
    }
  }

  /// The `+` stays on the keys: the project's grants are yet to be merged.
  private static func mergedGrants(_ old: ConfigDict?, _ update: ConfigDict) -> ConfigDict {
    var out = ConfigDict()
    for entry in old ?? ConfigDict() { out[entry.key] = .list(entry.value.listified) }
    for entry in update {
      if old != nil, entry.key.hasPrefix("+"), let present = out[entry.key] {
        out[entry.key] = .list(present.listified + entry.value.listified)
      } else {
        out[entry.key] = .list(entry.value.listified)
      }
    }
    return out
  }

  private static func expectedDict(_ entry: ConfigDict.Entry) -> ConfigProblem {
    ConfigProblem("config-type", "expected dict, got \(entry.value.pythonString)", key: entry.key)
  }
}
