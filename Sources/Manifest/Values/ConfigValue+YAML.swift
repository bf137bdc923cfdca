import YAML

extension ConfigValue {
  public init(_ node: YAMLNode) {
    switch node.content {
    case .scalar(let scalar): self.init(scalar.value)
    case .sequence(let items): self = .list(items.map { ConfigValue($0) })
    case .mapping(let mapping): self = .dict(ConfigDict(mapping))
    }
  }

  public init(_ value: YAMLValue) {
    switch value {
    case .null: self = .null
    case .bool(let b): self = .bool(b)
    case .int(let i): self = .int(i)
    case .bigInt(let digits): self = .bigInt(digits)
    case .float(let d): self = .double(d)
    case .string(let s): self = .string(s)
    case .date(let date): self = .date(date.description)
    case .dateTime(let time): self = .datetime(Self.isoformat(time.description))
    case .binary(let bytes): self = .string(String(decoding: bytes, as: UTF8.self))
    case .sequence(let items): self = .list(items.map { ConfigValue($0) })
    case .mapping(let pairs):
      var dict = ConfigDict()
      dict.reserveCapacity(pairs.count)
      for pair in pairs { dict[Self.keyText(pair.key)] = ConfigValue(pair.value) }
      self = .dict(dict)
    }
  }

  /// `2024-05-06 07:08:09` with the T that `isoformat()` puts.
  static func isoformat(_ text: String) -> String {
    guard let space = text.utf8.firstIndex(of: UInt8(ascii: " ")) else { return text }
    return text[..<space] + "T" + text[text.utf8.index(after: space)...]
  }

  /// A mapping's key as JSON would have it.
  static func keyText(_ key: YAMLValue) -> String {
    switch key {
    case .string(let s): s
    case .bool(let b): b ? "true" : "false"
    case .null: "null"
    default: ConfigValue(key).pythonString
    }
  }
}

extension ConfigDict {
  public init(_ mapping: YAMLMapping) {
    self.init()
    reserveCapacity(mapping.count)
    for entry in mapping.entries {
      let key = entry.key.string ?? ConfigValue.keyText(entry.key.value)
      self[key] = ConfigValue(entry.value)
    }
  }

  /// An empty dict when the node is no mapping.
  public init(_ node: YAMLNode?) {
    if let mapping = node?.mapping { self.init(mapping) } else { self.init() }
  }
}
