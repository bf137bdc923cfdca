/// An insertion-ordered dictionary with string keys, copied on write.
///
/// Keys that YAML gives as numbers, booleans or null are held as JSON would write them. Short dicts are searched
/// linearly; long ones carry an index.
public struct ConfigDict: Sendable {
  public struct Entry: Sendable {
    public let key: String
    public var value: ConfigValue
    public init(key: String, value: ConfigValue) {
      self.key = key
      self.value = value
    }
  }

  public private(set) var entries: [Entry] = []
  private var index: [String: Int]?

  private static let linearLimit = 16

  @inlinable public init() {}

  public init(_ pairs: some Sequence<(String, ConfigValue)>) {
    for (key, value) in pairs { self[key] = value }
  }

  @inlinable public var isEmpty: Bool { entries.isEmpty }
  @inlinable public var count: Int { entries.count }
  public var keys: [String] { entries.map(\.key) }
  public var values: [ConfigValue] { entries.map(\.value) }

  public mutating func reserveCapacity(_ n: Int) { entries.reserveCapacity(n) }

  public func position(of key: String) -> Int? {
    if let index { return index[key] }
    for i in entries.indices where entries[i].key == key { return i }
    return nil
  }

  /// Setting nil removes the key; setting an existing key keeps its place, as Python's dict does.
  public subscript(_ key: String) -> ConfigValue? {
    get { position(of: key).map { entries[$0].value } }
    set {
      if let newValue {
        if let i = position(of: key) {
          entries[i].value = newValue
        } else {
          append(key, newValue)
        }
      } else {
        removeValue(forKey: key)
      }
    }
  }

  /// Adds a key that is known not to be there.
  public mutating func append(_ key: String, _ value: ConfigValue) {
    entries.append(Entry(key: key, value: value))
    if index != nil {
      index?[key] = entries.count - 1
    } else if entries.count > Self.linearLimit {
      buildIndex()
    }
  }

  @discardableResult public mutating func removeValue(forKey key: String) -> ConfigValue? {
    guard let i = position(of: key) else { return nil }
    let old = entries.remove(at: i)
    if entries.count > Self.linearLimit { buildIndex() } else { index = nil }
    return old.value
  }

  /// Python's `dict.update`.
  public mutating func update(_ other: ConfigDict) {
    for entry in other.entries { self[entry.key] = entry.value }
  }

  /// Dates and times as their ISO texts, however deep.
  public var withDatesAsText: ConfigDict { ConfigDict(entries.map { ($0.key, $0.value.withDatesAsText) }) }

  private mutating func buildIndex() {
    var built: [String: Int] = Dictionary(minimumCapacity: entries.count * 2)
    for i in entries.indices { built[entries[i].key] = i }
    index = built
  }
}

extension ConfigDict: Sequence {
  public func makeIterator() -> IndexingIterator<[Entry]> { entries.makeIterator() }
}

extension ConfigDict: Equatable {
  /// Order does not count.
  public static func == (a: ConfigDict, b: ConfigDict) -> Bool {
    guard a.count == b.count else { return false }
    for entry in a.entries {
      guard let other = b[entry.key], other == entry.value else { return false }
    }
    return true
  }
}

extension ConfigDict: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, ConfigValue)...) {
    for (key, value) in elements { self[key] = value }
  }
}
