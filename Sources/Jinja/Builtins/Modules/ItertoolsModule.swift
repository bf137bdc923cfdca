/// `modules.itertools`, as far as dbt gives it to templates. All are iterators that make their items when asked.
enum ItertoolsModule {
  static func make() -> DictObject { ModuleObject.functions(functions) }

  private typealias Body = (Bound, Interpreter) throws -> () throws -> Value?

  /// No product, permutation or combination is made of more items than this.
  private static let limit = 100_000

  private static func iterator(
    _ name: String, _ signature: String, _ body: @escaping Body
  ) -> (name: String, body: NativeFunction.Body) {
    let parsed = Signature(signature)
    return (
      name,
      { a, r in
        let step = try body(parsed.bind(a, function: name), r)
        return .object(IteratorObject(type: "itertools.\(name)", LazyIterator { step }))
      }
    )
  }

  nonisolated(unsafe) private static let functions: [(name: String, body: NativeFunction.Body)] = [
    iterator("count", "start=0, step=1") { a, r in
      var next = a[0] ?? .int(0)
      let step = a[1] ?? .int(1)
      return {
        defer { next = (try? next.binary(.add, step, r)) ?? next }
        return next
      }
    },
    iterator("cycle", "iterable") { a, r in
      let source = try (a[0] ?? .none).iterate(r)
      var saved: [Value] = []
      var index = 0
      var exhausted = false
      return {
        if !exhausted, let item = try source.next() {
          saved.append(item)
          return item
        }
        exhausted = true
        guard !saved.isEmpty else { return nil }
        defer { index = (index + 1) % saved.count }
        return saved[index]
      }
    },
    iterator("repeat", "object, times=None") { a, _ in
      let value = a[0] ?? .none
      var left = try a[1].map { try $0.index() }
      return {
        if let times = left {
          guard times > 0 else { return nil }
          left = times - 1
        }
        return value
      }
    },
    iterator("accumulate", "iterable, func=None, *, initial=None") { a, r in
      let source = try (a[0] ?? .none).iterate(r)
      let function = a[1].flatMap { $0.isNone ? nil : $0 }
      var total = a[2].flatMap { $0.isNone ? nil : $0 }
      var showsInitial = total != nil
      return {
        if showsInitial {
          showsInitial = false
          return total
        }
        guard let item = try source.next() else { return nil }
        if let sum = total {
          total = try function.map { try r.call($0, Arguments([sum, item])) } ?? sum.binary(.add, item, r)
        } else {
          total = item
        }
        return total
      }
    },
    chain,
    iterator("compress", "data, selectors") { a, r in
      let data = try (a[0] ?? .none).iterate(r)
      let selectors = try (a[1] ?? .none).iterate(r)
      return {
        while let item = try data.next(), let selector = try selectors.next() {
          if try r.truth(selector) { return item }
        }
        return nil
      }
    },
    iterator("islice", "iterable, *args") { a, r in
      let source = try (a[0] ?? .none).iterate(r)
      let bounds = try a.rest.map { value -> Int? in
        if value.isNone { return nil }
        guard let n = value.asInt, n >= 0 else {
          throw TemplateError(.value, "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
        }
        return n
      }
      guard !bounds.isEmpty, bounds.count <= 3 else {
        throw TemplateError(
          .type, "islice expected at \(bounds.isEmpty ? "least 2" : "most 4") arguments, got \(bounds.count + 1)")
      }
      let start = bounds.count == 1 ? 0 : bounds[0] ?? 0
      let stop = bounds.count == 1 ? bounds[0] : bounds[1]
      let step = bounds.count == 3 ? bounds[2] ?? 1 : 1
      guard step > 0 else {
        throw TemplateError(.value, "Step for islice() must be a positive integer or None.")
      }
      var position = 0
      var wanted = start
      return {
        while stop.map({ wanted < $0 }) ?? true {
          guard let item = try source.next() else { return nil }
          position += 1
          if position - 1 == wanted {
            wanted += step
            return item
          }
        }
        return nil
      }
    },
    iterator("starmap", "function, iterable") { a, r in
      let function = a[0] ?? .none
      let source = try (a[1] ?? .none).iterate(r)
      return { try source.next().map { try r.call(function, Arguments($0.items(r))) } }
    },
    (
      "tee",
      { a, r in
        let bound = try teeSignature.bind(a, function: "tee")
        let count = try (bound[1] ?? .int(2)).index()
        guard count >= 0 else { throw TemplateError(.value, "n must be >= 0") }
        let shared = SharedItems(try (bound[0] ?? .none).iterate(r))
        return .tuple(
          (0..<count).map { _ in
            var index = 0
            return .object(
              IteratorObject(
                type: "itertools._tee",
                LazyIterator {
                  {
                    defer { index += 1 }
                    return try shared.item(index)
                  }
                }))
          })
      }
    ),
    iterator("zip_longest", "*iterables, fillvalue=None") { a, r in
      var sources: [ValueIterator?] = try a.rest.map { try $0.iterate(r) }
      let fill = a[0] ?? .none
      return {
        guard !sources.isEmpty else { return nil }
        var row: [Value] = []
        for i in sources.indices {
          if let item = try sources[i]?.next() {
            row.append(item)
          } else {
            sources[i] = nil
            row.append(fill)
          }
        }
        return sources.contains { $0 != nil } ? .tuple(row) : nil
      }
    },
    iterator("product", "*iterables, repeat=1") { a, r in
      let times = try (a[0] ?? .int(1)).index()
      guard times >= 0 else { throw TemplateError(.value, "repeat argument cannot be negative") }
      let pools = try a.rest.map { try $0.items(r) }
      guard pools.count * times <= 1000 else { throw TemplateError(.limit, "too many iterables in product()") }
      let all = (0..<times).flatMap { _ in pools }
      var indexes: [Int]? = all.contains { $0.isEmpty } ? nil : [Int](repeating: 0, count: all.count)
      return {
        guard var current = indexes else { return nil }
        let row = zip(all, current).map { $0[$1] }
        indexes = nil
        for i in current.indices.reversed() {
          current[i] += 1
          if current[i] < all[i].count {
            indexes = current
            break
          }
          current[i] = 0
        }
        return .tuple(row)
      }
    },
    iterator("permutations", "iterable, r=None") { a, r in
      let pool = try (a[0] ?? .none).items(r)
      let length = try a[1].flatMap { $0.isNone ? nil : $0 }?.index() ?? pool.count
      guard length >= 0 else { throw TemplateError(.value, "r must be non-negative") }
      return selections(pool, length, distinct: true, ordered: true)
    },
    iterator("combinations", "iterable, r") { a, r in
      let pool = try (a[0] ?? .none).items(r)
      let length = try (a[1] ?? .none).index()
      guard length >= 0 else { throw TemplateError(.value, "r must be non-negative") }
      return selections(pool, length, distinct: true, ordered: false)
    },
    iterator("combinations_with_replacement", "iterable, r") { a, r in
      let pool = try (a[0] ?? .none).items(r)
      let length = try (a[1] ?? .none).index()
      guard length >= 0 else { throw TemplateError(.value, "r must be non-negative") }
      return selections(pool, length, distinct: false, ordered: false)
    },
  ]

  private static let teeSignature = Signature("iterable, n=2, /")

  /// `chain(…)`, which has `chain.from_iterable(…)`.
  nonisolated(unsafe) private static let chain: (name: String, body: NativeFunction.Body) = iterator(
    "chain", "*iterables"
  ) { a, r in
    var rest = a.rest[...]
    var current: ValueIterator?
    return {
      while true {
        if let item = try current?.next() { return item }
        guard let next = rest.popFirst() else { return nil }
        current = try next.iterate(r)
      }
    }
  }

  /// Choices of `length` places in order of the places: all orders, or each set once.
  private static func selections(
    _ pool: [Value], _ length: Int, distinct: Bool, ordered: Bool
  ) -> () throws -> Value? {
    var current: [Int]?
    if length == 0 {
      current = []
    } else if !distinct {
      current = pool.isEmpty ? nil : [Int](repeating: 0, count: min(length, limit))
    } else {
      current = length <= pool.count ? Array(0..<length) : nil
    }
    return {
      guard let places = current else { return nil }
      current = next(places, pool.count, distinct: distinct, ordered: ordered)
      return .tuple(places.map { pool[$0] })
    }
  }

  private static func next(_ places: [Int], _ count: Int, distinct: Bool, ordered: Bool) -> [Int]? {
    var places = places
    var i = places.count - 1
    while i >= 0 {
      if ordered {
        // The next larger place that none before it has taken, then the smallest free ones.
        let used = Set(places[..<i])
        if let larger = (places[i] + 1..<max(places[i] + 1, count)).first(where: { !used.contains($0) }) {
          places[i] = larger
          var free = (0..<count).filter { !used.contains($0) && $0 != larger }[...]
          for j in places.indices where j > i { places[j] = free.popFirst() ?? 0 }
          return places
        }
      } else {
        let last = distinct ? count - places.count + i : count - 1
        if places[i] < last {
          let first = places[i] + 1
          for j in places.indices where j >= i { places[j] = distinct ? first + j - i : first }
          return places
        }
      }
      i -= 1
    }
    return nil
  }
}

/// The items of one iterator for several readers.
private final class SharedItems {
  private let source: ValueIterator
  private var items: [Value] = []

  init(_ source: ValueIterator) { self.source = source }

  func item(_ index: Int) throws -> Value? {
    while items.count <= index {
      guard let item = try source.next() else { return nil }
      items.append(item)
    }
    return items[index]
  }
}
