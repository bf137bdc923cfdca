/// Stable sorting with comparisons that may fail, as Python's `sorted`.
enum Sorting {
  /// Items in the order of a key each has; `<` between keys may throw a TypeError.
  static func sorted<T>(_ items: [T], reverse: Bool = false, by key: (T) throws -> Value) throws -> [T] {
    guard items.count > 1 else {
      for item in items { _ = try key(item) }
      return items
    }
    let keys = try items.map(key)
    return try order(keys, reverse: reverse).map { items[$0] }
  }

  /// The indexes of keys in order. Equal keys keep their order, also when reversed.
  static func order(_ keys: [Value], reverse: Bool = false) throws -> [Int] {
    if keys.allSatisfy({ if case .string = $0 { true } else { false } }) {
      let texts = keys.compactMap(\.asStr)
      return try merge(texts.count) { a, b in
        let order = Str.compare(texts[a], texts[b])
        return reverse ? order > 0 : order < 0
      }
    }
    return try merge(keys.count) { a, b in
      reverse ? try keys[b].compare(to: keys[a]) < 0 : try keys[a].compare(to: keys[b]) < 0
    }
  }

  /// Merge sort from the bottom up: `before(a, b)` is only asked with a's and b's places in the array.
  static func merge(_ count: Int, before: (Int, Int) throws -> Bool) throws -> [Int] {
    var from = Array(0..<count)
    guard count > 1 else { return from }
    // Runs of up to eight are sorted by insertion.
    let run = 8
    var start = 0
    while start < count {
      let end = min(start + run, count)
      var i = start + 1
      while i < end {
        let moving = from[i]
        var j = i
        while j > start, try before(moving, from[j - 1]) {
          from[j] = from[j - 1]
          j -= 1
        }
        from[j] = moving
        i += 1
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
        var to = low
        while i < middle, j < high {
          if try before(from[j], from[i]) {
            into[to] = from[j]
            j += 1
          } else {
            into[to] = from[i]
            i += 1
          }
          to += 1
        }
        while i < middle {
          into[to] = from[i]
          i += 1
          to += 1
        }
        while j < high {
          into[to] = from[j]
          j += 1
          to += 1
        }
        low = high
      }
      swap(&from, &into)
      width *= 2
    }
    return from
  }
}
