import Diagnostics

/// Configurations of one level of a project, by what its resources say themselves. Most say nothing or one of a few
/// things: they share one configuration, which is made, checked and held once.
final class ConfigMemo<Value: Sendable>: Sendable {
  struct Key: Sendable {
    let type: ResourceType
    /// The root project's level for a resource of a package.
    let root: ConfigTree.Level?
    let properties: ConfigDict
    let call: ConfigDict
    let nullsClear: Bool

    func isSame(as other: Key) -> Bool {
      type == other.type && root === other.root && nullsClear == other.nullsClear
        && properties.isWritten(as: other.properties) && call.isWritten(as: other.call)
    }

    /// The same for keys that are the same.
    var digest: UInt64 {
      var digest = ConfigDigest()
      digest.add(type.rawValue)
      digest.add(properties)
      digest.add(call)
      return digest.value
    }
  }

  private final class Entry: Sendable {
    let key: Key
    let value: Value
    init(_ key: Key, _ value: Value) {
      self.key = key
      self.value = value
    }
  }

  /// Of resources that all say something else, only the first are remembered.
  private static var limit: Int { 64 }
  private let known = Locked<[UInt64: Entry]>([:])

  subscript(_ key: Key) -> Value? {
    get {
      let digest = key.digest
      guard let entry = known.withLock({ $0[digest] }), entry.key.isSame(as: key) else { return nil }
      return entry.value
    }
    set {
      guard let newValue else { return }
      let digest = key.digest
      known.withLock { known in
        if known.count < Self.limit { known[digest] = Entry(key, newValue) }
      }
    }
  }
}

/// A number for what a configuration says, by which another that says the same is found (FNV-1a).
private struct ConfigDigest {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  private mutating func mix(_ part: UInt64) { value = (value ^ part) &* 0x0100_0000_01b3 }

  mutating func add(_ text: String) {
    for byte in text.utf8 { mix(UInt64(byte)) }
    mix(0xFF)
  }

  mutating func add(_ dict: ConfigDict) {
    for entry in dict.entries {
      add(entry.key)
      add(entry.value)
    }
    mix(0xFE)
  }

  private mutating func add(_ value: ConfigValue) {
    switch value {
    case .string(let text): add(text)
    case .bool(let flag): mix(flag ? 1 : 0)
    case .int(let number): mix(UInt64(truncatingIfNeeded: number))
    case .list(let items): for item in items { add(item) }
    case .dict(let dict): add(dict)
    default: mix(0xFD)
    }
  }
}

extension ConfigDict {
  /// Whether both have the same keys in the same order with values of the same types: more than equality, for which
  /// neither order counts nor whether it is `1` or `true`.
  func isWritten(as other: ConfigDict) -> Bool {
    count == other.count
      && zip(entries, other.entries).allSatisfy {
        isSame($0.key, $1.key) && $0.value.isWritten(as: $1.value)
      }
  }
}

extension ConfigValue {
  fileprivate func isWritten(as other: ConfigValue) -> Bool {
    switch (self, other) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.int(let a), .int(let b)): a == b
    case (.double(let a), .double(let b)): a.bitPattern == b.bitPattern
    case (.string(let a), .string(let b)), (.bigInt(let a), .bigInt(let b)), (.date(let a), .date(let b)),
      (.datetime(let a), .datetime(let b)):
      isSame(a, b)
    case (.list(let a), .list(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.isWritten(as: $1) }
    case (.dict(let a), .dict(let b)): a.isWritten(as: b)
    default: false
    }
  }
}

/// Whether two texts are the same bytes.
private func isSame(_ a: String, _ b: String) -> Bool {
  a.utf8.count == b.utf8.count && !isOrdered(a, b) && !isOrdered(b, a)
}
