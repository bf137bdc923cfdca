/// Sorting as Python's `sorted`: stable, with comparisons that may fail.
enum StableSort {
  /// The places of the keys in order. Equal keys keep their order, also when reversed.
  /// - Throws: the TypeError of keys that can't be compared.
  static func order(_ keys: [Value], reverse: Bool = false) throws -> [Int] {
    guard keys.count > 1 else { return Array(keys.indices) }
    if keys.allSatisfy({ if case .string = $0 { true } else { false } }) {
      let texts = keys.compactMap(\.asStr)
      return merge(texts.count) { a, b in
        let order = Str.compare(texts[a], texts[b])
        return reverse ? order > 0 : order < 0
      }
    }
    if reverse {
      // As Python: the list backwards, sorted, and backwards again; which pair fails first depends on it.
      let last = keys.count - 1
      return try merge(keys.count) { a, b in try keys[last - a].order(.less, keys[last - b]) }.reversed().map {
        last - $0
      }
    }
    return try merge(keys.count) { a, b in try keys[a].order(.less, keys[b]) }
  }

  /// Merge sort from the bottom up; `before(a, b)` is asked with places in the array.
  private static func merge(_ count: Int, before: (Int, Int) throws -> Bool) rethrows -> [Int] {
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
}
