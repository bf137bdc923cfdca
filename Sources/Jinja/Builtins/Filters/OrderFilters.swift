extension BuiltinFilters {
  private static func extreme(_ name: String, _ summary: String, _ op: OrderOperator) -> BuiltinFilter {
    BuiltinFilter(name, "value, case_sensitive=False, attribute=None", summary) { r, value, a in
      let items = try value.iterate(r)
      guard var best = try items.next() else {
        return r.undefined(name: nil, owner: nil, hint: "No aggregated item, sequence was empty.")
      }
      let caseSensitive = try r.truth(a[0] ?? .bool(false))
      let path = AttributePath(a[1] ?? .none)
      var bestKey = try path.key(best, r, caseSensitive: caseSensitive)
      while let item = try items.next() {
        let key = try path.key(item, r, caseSensitive: caseSensitive)
        if try key.order(op, bestKey) {
          best = item
          bestKey = key
        }
      }
      return best
    }
  }

  /// The items in the order of what the paths lead to.
  static func sorted(
    _ items: [Value], by paths: [AttributePath], reverse: Bool, caseSensitive: Bool, _ r: Interpreter
  ) throws -> [Value] {
    var keys = try items.map { item in
      if paths.count == 1 { return try paths[0].key(item, r, caseSensitive: caseSensitive) }
      return .list(try paths.map { try $0.key(item, r, caseSensitive: caseSensitive) })
    }
    if paths.count == 1, !keys.allSatisfy(\.isTextOrNumber) {
      // Jinja2 compares lists of keys: equal ones need not be comparable.
      keys = keys.map { .list([$0]) }
    }
    return try StableSort.order(keys, reverse: reverse).map { items[$0] }
  }

  /// Filters that compare items with each other.
  static let orderFilters: [BuiltinFilter] = [
    extreme("min", "The smallest item; text without regard to case.", .less),
    extreme("max", "The largest item; text without regard to case.", .greater),
    BuiltinFilter(
      "sort", "value, reverse=False, case_sensitive=False, attribute=None",
      "A sorted list; `attribute` may name several, separated by commas."
    ) { r, value, a in
      let reverse = try (a[0] ?? .bool(false)).index() != 0
      let caseSensitive = try r.truth(a[1] ?? .bool(false))
      let paths = AttributePath.several(a[2] ?? .none)
      return .list(try sorted(value.items(r), by: paths, reverse: reverse, caseSensitive: caseSensitive, r))
    },
    BuiltinFilter(
      "unique", "value, case_sensitive=False, attribute=None", "Every item (by that attribute) once, in order.",
      function: "sync_do_unique"
    ) { r, value, a in
      .generator("sync_do_unique") {
        let caseSensitive = try r.truth(a[0] ?? .bool(false))
        let path = AttributePath(a[1] ?? .none)
        let items = try value.iterate(r)
        let seen = DictObject()
        return {
          while let item = try items.next() {
            let key = try path.key(item, r, caseSensitive: caseSensitive)
            if try seen.insert(key) { return item }
          }
          return nil
        }
      }
    },
    BuiltinFilter(
      "dictsort", "value, case_sensitive=False, by='key', reverse=False",
      "The pairs of a mapping, sorted by key or by value."
    ) { r, value, a in
      let caseSensitive = try r.truth(a[0] ?? .bool(false))
      let by = a[1]?.asString ?? (a[1] == nil ? "key" : "")
      guard by == "key" || by == "value" else {
        throw TemplateError(.runtime, "You can only sort by either \"key\" or \"value\"")
      }
      if case .undefined(let undefined) = value { throw undefined.error() }
      guard value.isMapping || Methods.has(value, Names.items) else { throw attributeError(value, "items") }
      let reverse = try (a[2] ?? .bool(false)).index() != 0
      let whole = AttributePath(.none)
      let pairs = try value.mappingItems(r)
      let keys = try pairs.map { pair in
        try whole.key(by == "key" ? pair.key : pair.value, r, caseSensitive: caseSensitive)
      }
      return .list(try StableSort.order(keys, reverse: reverse).map { .tuple([pairs[$0].key, pairs[$0].value]) })
    },
    BuiltinFilter(
      "groupby", "value, attribute, default=None, case_sensitive=False",
      "Pairs of `grouper` and `list`, sorted by the attribute the items of a list share.",
      function: "sync_do_groupby"
    ) { r, value, a in
      let path = AttributePath(a[0] ?? .none)
      let fallback = a[1].flatMap { $0.isNone ? nil : $0 }
      let caseSensitive = try r.truth(a[2] ?? .bool(false))
      let items = try value.items(r)
      let keys = try items.map { try path.key($0, r, caseSensitive: caseSensitive, fallback: fallback) }
      var groups: [Value] = []
      let order = try StableSort.order(keys)
      var start = 0
      while start < order.count {
        let key = keys[order[start]]
        var end = start + 1
        while end < order.count, key.isEqual(to: keys[order[end]]) { end += 1 }
        // Without regard to case, the group is named as its first item spells it.
        let grouper = caseSensitive ? key : try path.get(items[order[start]], r, fallback: fallback)
        groups.append(.object(GroupTuple(grouper, .list(order[start..<end].map { items[$0] }))))
        start = end
      }
      return .list(groups)
    },
  ]
}

/// A group of `groupby`: a tuple whose two items have names, printed as a plain one.
final class GroupTuple: NamedTuple {
  init(_ grouper: Value, _ list: Value) {
    super.init("_GroupTuple", shown: nil, [("grouper", grouper), ("list", list)])
  }
}
