/// Takes a resource apart, field by field in the order artifacts have them: into JSON bytes, or into a dict for
/// templates.
public protocol FieldSink: ~Copyable {
  mutating func beginObject()
  mutating func endObject()
  mutating func beginArray()
  mutating func endArray()
  /// The name of the next value; plain ASCII without anything to escape.
  mutating func key(_ name: StaticString)
  mutating func key(_ name: String)
  mutating func null()
  mutating func bool(_ value: Bool)
  mutating func int(_ value: Int)
  mutating func double(_ value: Double)
  mutating func string(_ value: String)
  mutating func value(_ value: ConfigValue)
  mutating func config(_ config: NodeConfig)
}

extension FieldSink where Self: ~Copyable {
  @inlinable public mutating func field(_ name: StaticString, _ text: String) {
    key(name)
    string(text)
  }
  @inlinable public mutating func field(_ name: StaticString, _ text: String?) {
    key(name)
    if let text { string(text) } else { null() }
  }
  @inlinable public mutating func field(_ name: StaticString, _ flag: Bool) {
    key(name)
    bool(flag)
  }
  @inlinable public mutating func field(_ name: StaticString, _ flag: Bool?) {
    key(name)
    if let flag { bool(flag) } else { null() }
  }
  @inlinable public mutating func field(_ name: StaticString, _ number: Int?) {
    key(name)
    if let number { int(number) } else { null() }
  }
  @inlinable public mutating func field(_ name: StaticString, _ number: Double) {
    key(name)
    double(number)
  }
  @inlinable public mutating func field(_ name: StaticString, _ texts: [String]) {
    key(name)
    strings(texts)
  }
  @inlinable public mutating func field(_ name: StaticString, _ given: ConfigValue) {
    key(name)
    value(given)
  }
  @inlinable public mutating func field(_ name: StaticString, _ given: ConfigDict) {
    key(name)
    dict(given)
  }
  @inlinable public mutating func strings(_ texts: [String]) {
    beginArray()
    for text in texts { string(text) }
    endArray()
  }
  public mutating func config(_ config: NodeConfig) { fields(of: config) }
  mutating func fields(of config: NodeConfig) {
    beginObject()
    for (field, value) in zip(config.schema.fields, config.values) {
      key(field.key.name)
      self.value(value)
    }
    for entry in config.extra.entries {
      key(entry.key)
      value(entry.value)
    }
    endObject()
  }
  @inlinable public mutating func dict(_ given: ConfigDict) {
    beginObject()
    for entry in given.entries {
      key(entry.key)
      value(entry.value)
    }
    endObject()
  }
}

/// Builds configuration values, for templates that look at nodes.
public struct ValueSink: FieldSink {
  private enum Open {
    case object(ConfigDict, key: String)
    case array([ConfigValue])
  }
  private var stack: [Open] = []
  public private(set) var result: ConfigValue = .null

  public init() {}

  private mutating func add(_ value: ConfigValue) {
    guard let top = stack.popLast() else {
      result = value
      return
    }
    switch top {
    case .object(var dict, let key):
      dict[key] = value
      stack.append(.object(dict, key: key))
    case .array(var items):
      items.append(value)
      stack.append(.array(items))
    }
  }

  public mutating func beginObject() { stack.append(.object(ConfigDict(), key: "")) }
  public mutating func endObject() { if case .object(let dict, _)? = stack.popLast() { add(.dict(dict)) } }
  public mutating func beginArray() { stack.append(.array([])) }
  public mutating func endArray() { if case .array(let items)? = stack.popLast() { add(.list(items)) } }
  public mutating func key(_ name: StaticString) { key(name.description) }
  public mutating func key(_ name: String) {
    if case .object(let dict, _)? = stack.popLast() { stack.append(.object(dict, key: name)) }
  }
  public mutating func null() { add(.null) }
  public mutating func bool(_ value: Bool) { add(.bool(value)) }
  public mutating func int(_ value: Int) { add(.int(value)) }
  public mutating func double(_ value: Double) { add(.double(value)) }
  public mutating func string(_ value: String) { add(.string(value)) }
  public mutating func value(_ value: ConfigValue) { add(value) }
}
