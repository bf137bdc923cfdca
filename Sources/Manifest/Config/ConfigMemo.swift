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
  }

  /// Of resources that all say something else, only the first are remembered.
  private static var limit: Int { 24 }
  private let known = Locked<[(key: Key, value: Value)]>([])

  subscript(_ key: Key) -> Value? {
    get { known.withLock { $0 }.first { $0.key.isSame(as: key) }?.value }
    set {
      guard let newValue else { return }
      known.withLock { known in
        if known.count < Self.limit { known.append((key, newValue)) }
      }
    }
  }
}

extension ConfigDict {
  /// Whether both have the same keys in the same order with values of the same types: more than equality, for which
  /// neither order counts nor whether it is `1` or `true`.
  func isWritten(as other: ConfigDict) -> Bool {
    count == other.count
      && zip(entries, other.entries).allSatisfy {
        $0.key.utf8.elementsEqual($1.key.utf8) && $0.value.isWritten(as: $1.value)
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
      a.utf8.elementsEqual(b.utf8)
    case (.list(let a), .list(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.isWritten(as: $1) }
    case (.dict(let a), .dict(let b)): a.isWritten(as: b)
    default: false
    }
  }
}
