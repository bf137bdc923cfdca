/// A dict: insertion-ordered, keys equal as in Python (1, 1.0 and True are one key), by reference.
///
/// Open addressing over an index table into an array of entries; up to eight entries are searched without a table.
public final class DictObject {
  public struct Entry {
    public let key: Value
    public var value: Value
    @usableFromInline let hash: Int
    /// False after deletion; the entry stays as a tombstone until the next rebuild.
    @usableFromInline var live: Bool
  }

  public private(set) var entries: [Entry] = []
  public private(set) var count = 0
  /// Indexes into `entries`, -1 for empty; a power of two long, or empty while `entries` is short.
  private var table: [Int32] = []

  public init(capacity: Int = 0) {
    if capacity > 0 { entries.reserveCapacity(capacity) }
  }

  deinit {
    if StackGuard.isLow {
      var values = self.values
      DeepRelease.setAside(&values)
    }
  }

  private static let linearLimit = 8

  /// The value of a string key.
  public subscript(_ key: String) -> Value? {
    get { self[Str.make(key)] }
    set { self[Str.make(key)] = newValue }
  }

  /// The value of a string key.
  public subscript(_ key: Str) -> Value? {
    get {
      let index = find(key)
      return index < 0 ? nil : entries[index].value
    }
    set {
      let index = find(key)
      if let newValue {
        if index >= 0 { entries[index].value = newValue } else { append(.string(key), key.hashCode, newValue) }
      } else if index >= 0 {
        remove(at: index)
      }
    }
  }

  /// The value of any key; throws a TypeError when the key is not hashable.
  public func get(_ key: Value) throws -> Value? {
    if case .string(let s) = key { return self[s] }
    let index = find(key, try key.hashCode())
    return index < 0 ? nil : entries[index].value
  }

  public func set(_ key: Value, _ value: Value) throws {
    if case .string(let s) = key {
      self[s] = value
      return
    }
    let hash = try key.hashCode()
    let index = find(key, hash)
    if index >= 0 { entries[index].value = value } else { append(key, hash, value) }
  }

  /// Adds a key without a value, as to a set; false when it was there.
  func insert(_ key: Value) throws -> Bool {
    let hash: Int
    if case .string(let name) = key {
      if find(name) >= 0 { return false }
      hash = name.hashCode
    } else {
      hash = try key.hashCode()
      if find(key, hash) >= 0 { return false }
    }
    append(key, hash, .none)
    return true
  }

  /// Removes a key and gives its value; nil when it was not there.
  @discardableResult public func removeValue(_ key: Value) throws -> Value? {
    let index = find(key, try key.hashCode())
    guard index >= 0 else { return nil }
    let value = entries[index].value
    remove(at: index)
    return value
  }

  /// Removes and returns the last pair.
  public func popLast() -> (Value, Value)? {
    guard let index = entries.lastIndex(where: { $0.live }) else { return nil }
    let entry = entries[index]
    remove(at: index)
    return (entry.key, entry.value)
  }

  public func removeAll() {
    entries = []
    table = []
    count = 0
  }

  public func copy() -> DictObject {
    let other = DictObject(capacity: count)
    for entry in entries where entry.live { other.append(entry.key, entry.hash, entry.value) }
    return other
  }

  /// The live pairs in insertion order.
  public var pairs: [(key: Value, value: Value)] {
    var out: [(key: Value, value: Value)] = []
    out.reserveCapacity(count)
    for entry in entries where entry.live { out.append((entry.key, entry.value)) }
    return out
  }
  public var keys: [Value] { entries.lazy.filter(\.live).map(\.key) }
  public var values: [Value] { entries.lazy.filter(\.live).map(\.value) }

  private func find(_ key: Str) -> Int {
    entries.withUnsafeBufferPointer { entries in
      guard let base = entries.baseAddress else { return -1 }
      if table.isEmpty {
        for i in 0..<entries.count where DictObject.matches(base + i, key) { return i }
        return -1
      }
      let hash = key.hashCode
      return table.withUnsafeBufferPointer { table in
        let mask = table.count - 1
        var slot = hash & mask
        while true {
          let index = Int(table[slot])
          if index == -1 { return -1 }
          if base[index].hash == hash, DictObject.matches(base + index, key) { return index }
          slot = (slot + 1) & mask
        }
      }
    }
  }

  private static let valueOffset = MemoryLayout<Entry>.offset(of: \Entry.value) ?? 0

  /// Whether a live entry has this key, without reference counting.
  @inline(__always) private static func matches(_ entry: UnsafePointer<Entry>, _ key: Str) -> Bool {
    let place = UnsafeRawPointer(entry).assumingMemoryBound(to: Value.self)
    guard entry.pointee.live, Borrowed.tag(place) == Borrowed.stringTag else { return false }
    return Borrowed.reference(place, Str.self)._withUnsafeGuaranteedRef { $0 == key }
  }

  /// Where the value of a string key is stored; valid until the dict changes.
  func place(of key: Str) -> UnsafePointer<Value>? {
    let index = find(key)
    if index < 0 { return nil }
    return entries.withUnsafeBufferPointer { entries in
      entries.baseAddress.map {
        (UnsafeRawPointer($0 + index) + DictObject.valueOffset).assumingMemoryBound(to: Value.self)
      }
    }
  }

  private func find(_ key: Value, _ hash: Int) -> Int {
    if table.isEmpty {
      for i in entries.indices where entries[i].live && entries[i].hash == hash {
        if entries[i].key.isEqual(to: key) { return i }
      }
      return -1
    }
    let mask = table.count - 1
    var slot = hash & mask
    while true {
      let index = Int(table[slot])
      if index == -1 { return -1 }
      if entries[index].hash == hash, entries[index].live, entries[index].key.isEqual(to: key) { return index }
      slot = (slot + 1) & mask
    }
  }

  private func append(_ key: Value, _ hash: Int, _ value: Value) {
    entries.append(Entry(key: key, value: value, hash: hash, live: true))
    count += 1
    if table.isEmpty {
      if entries.count > Self.linearLimit { rebuild() }
    } else if entries.count * 2 > table.count {
      rebuild()
    } else {
      place(hash, entries.count - 1)
    }
  }

  private func place(_ hash: Int, _ index: Int) {
    let mask = table.count - 1
    var slot = hash & mask
    while table[slot] != -1 { slot = (slot + 1) & mask }
    table[slot] = Int32(truncatingIfNeeded: index)
  }

  private func remove(at index: Int) {
    entries[index] = Entry(key: entries[index].key, value: .none, hash: entries[index].hash, live: false)
    count -= 1
    if count == 0 {
      removeAll()
    } else if entries.count > 16, count * 2 < entries.count {
      rebuild()
    }
  }

  private func rebuild() {
    if count != entries.count { entries.removeAll { !$0.live } }
    if entries.count <= Self.linearLimit {
      table = []
      return
    }
    var size = 32
    while size < entries.count * 4 { size *= 2 }
    table = [Int32](repeating: -1, count: size)
    for i in entries.indices { place(entries[i].hash, i) }
  }
}
