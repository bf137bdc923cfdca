import Glibc

/// Sorting as Python's `sorted`: stable, with comparisons that may fail.
enum StableSort {
  /// The places of the keys in order. Equal keys keep their order, also when reversed.
  /// - Throws: the TypeError of keys that can't be compared.
  static func order(_ keys: [Value], reverse: Bool = false) throws -> [Int] {
    guard keys.count > 1 else { return Array(keys.indices) }
    if let texts = TextKey.all(keys) {
      return order(texts.count) { a, b in reverse ? texts[b] < texts[a] : texts[a] < texts[b] }
    }
    if let numbers = integers(keys) {
      return order(numbers.count) { a, b in reverse ? numbers[b] < numbers[a] : numbers[a] < numbers[b] }
    }
    if reverse {
      // As Python: the list backwards, sorted, and backwards again; which pair fails first depends on it.
      let last = keys.count - 1
      return try order(keys.count) { a, b in try keys[last - a].order(.less, keys[last - b]) }.reversed().map {
        last - $0
      }
    }
    return try order(keys.count) { a, b in try keys[a].order(.less, keys[b]) }
  }

  /// The places of `count` things in order; `before(a, b)` is asked with places.
  ///
  /// Merge sort from the bottom up.
  static func order(_ count: Int, before: (Int, Int) throws -> Bool) rethrows -> [Int] {
    var from = Array(0..<count)
    // Runs of eight are sorted by insertion.
    let run = 8
    var start = 0
    while start < count {
      let end = min(start + run, count)
      for i in start..<end {
        let moving = from[i]
        var j = i
        while j > start, try before(moving, from[j - 1]) {
          from[j] = from[j - 1]
          j -= 1
        }
        from[j] = moving
      }
      start = end
    }
    var into = from
    var width = run
    while width < count {
      var low = 0
      while low < count {
        let middle = min(low + width, count)
        let high = min(low + 2 * width, count)
        var i = low
        var j = middle
        for to in low..<high {
          let right = try i == middle || j < high && before(from[j], from[i])
          into[to] = right ? from[j] : from[i]
          if right { j += 1 } else { i += 1 }
        }
        low = high
      }
      swap(&from, &into)
      width *= 2
    }
    return from
  }

  private static func integers(_ keys: [Value]) -> [Int]? {
    var numbers: [Int] = []
    numbers.reserveCapacity(keys.count)
    for key in keys {
      guard case .int(let number) = key else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  /// A text as it is compared: its first eight bytes as a number, which mostly decides, and where all are. Valid as long
  /// as the keys it was made of.
  private struct TextKey: Comparable {
    let prefix: UInt64
    let bytes: UnsafeBufferPointer<UInt8>

    static func all(_ keys: [Value]) -> [TextKey]? {
      var texts: [TextKey] = []
      texts.reserveCapacity(keys.count)
      for key in keys {
        guard case .string(let text) = key else { return nil }
        texts.append(TextKey(text.withUTF8 { $0 }))
      }
      return texts
    }

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
      var prefix: UInt64 = 0
      for i in 0..<8 { prefix = prefix << 8 | (i < bytes.count ? UInt64(bytes[i]) : 0) }
      self.prefix = prefix
      self.bytes = bytes
    }

    static func < (a: TextKey, b: TextKey) -> Bool {
      if a.prefix != b.prefix { return a.prefix < b.prefix }
      let shared = min(a.bytes.count, b.bytes.count)
      if shared > 8, let x = a.bytes.baseAddress, let y = b.bytes.baseAddress {
        let order = memcmp(x + 8, y + 8, shared - 8)
        if order != 0 { return order < 0 }
      }
      return a.bytes.count < b.bytes.count
    }
    static func == (a: TextKey, b: TextKey) -> Bool { !(a < b) && !(b < a) }
  }
}
