extension BuiltinFilters {
  private static func lengthFilter(_ name: String) -> BuiltinFilter {
    BuiltinFilter(name, "obj, /", "How many items (or characters) there are.", function: "len") { r, value, _ in
      if case .undefined = value { return .int(try value.items(r).count) }
      return .int(try value.length())
    }
  }

  /// Filters that take sequences apart and put them together.
  static let sequenceFilters: [BuiltinFilter] = [
    lengthFilter("length"), lengthFilter("count"),
    BuiltinFilter("first", "seq", "The first item, or undefined.") { r, seq, _ in
      if case .list(let list) = seq, let first = list.items.first { return first }
      if let first = try seq.iterate(r).next() { return first }
      return r.undefined(name: nil, owner: nil, hint: "No first item, sequence was empty.")
    },
    BuiltinFilter("last", "seq", "The last item, or undefined; not of iterators.") { r, seq, _ in
      switch seq {
      case .list(let list) where !list.items.isEmpty: return list.items[list.items.count - 1]
      case .tuple(let tuple) where !tuple.items.isEmpty: return tuple.items[tuple.items.count - 1]
      case .undefined(let undefined):
        if undefined.kind == .strict { throw undefined.error() }
        return r.undefined(name: nil, owner: nil, hint: "No last item, sequence was empty.")
      default:
        guard try isReversible(seq, r) else {
          throw TemplateError(.type, "'\(seq.typeName)' object is not reversible")
        }
        return try seq.items(r).last ?? r.undefined(name: nil, owner: nil, hint: "No last item, sequence was empty.")
      }
    },
    BuiltinFilter("random", "seq", "An item of the sequence, by chance.") { r, seq, _ in
      let count = try seq.length()
      if count == 0 { return r.undefined(name: nil, owner: nil, hint: "No random item, sequence was empty.") }
      let index = Int.random(in: 0..<count)
      switch seq {
      case .list(let list): return list.items[index]
      case .tuple(let tuple): return tuple.items[index]
      case .string: return try seq.slice(.int(index), .int(index + 1), .none)
      case .dict(let dict):
        guard let item = try dict.get(.int(index)) else { throw TemplateError(.key, String(index)) }
        return item
      default:
        if case .object(let o) = seq, let item = try o.item(.int(index), r) { return item }
        throw TemplateError(.type, "'\(seq.typeName)' object is not subscriptable")
      }
    },
    BuiltinFilter("list", "value", "A new list of the items.") { r, value, _ in .list(try value.items(r)) },
    BuiltinFilter("join", "value, d='', attribute=None", "The items (or that attribute of them) as one text.") {
      r, value, a in
      try join(r, value, a[0] ?? .string(Str.empty), a[1] ?? .none)
    },
    BuiltinFilter("reverse", "value", "The text backwards, or an iterator from the last item to the first.") {
      r, value, _ in
      if case .string = value { return try value.slice(.none, .none, .int(-1)) }
      if try isReversible(value, r) {
        let type: String
        switch value {
        case .list: type = "list_reverseiterator"
        case .dict: type = "dict_reversekeyiterator"
        case .object(let o) where o.typeName == "range": type = "range_iterator"
        case .object(let o) where o.typeName == "dict_keys": type = "dict_reversekeyiterator"
        case .object(let o) where o.typeName == "dict_values": type = "dict_reversevalueiterator"
        case .object(let o) where o.typeName == "dict_items": type = "dict_reverseitemiterator"
        default: type = "reversed"
        }
        return .object(IteratorObject(type: type, ArrayIterator(try value.items(r).reversed())))
      }
      do {
        return .list(try value.items(r).reversed())
      } catch let error as TemplateError where error.kind == .type {
        throw TemplateError(.runtime, "argument must be iterable")
      }
    },
    BuiltinFilter("items", "value", "The pairs of a mapping; none of undefined.") { r, value, _ in
      .generator("do_items") {
        if case .undefined = value { return { nil } }
        guard value.isMapping else { throw TemplateError(.type, "Can only get item pairs from a mapping.") }
        var pairs = try value.mappingItems(r).makeIterator()
        return { pairs.next().map { .tuple([$0.key, $0.value]) } }
      }
    },
    BuiltinFilter("batch", "value, linecount, fill_with=None", "Lists of `linecount` items, the last one filled up.") {
      r, value, a in
      let count = a[0] ?? .none
      let fill = a[1] ?? .none
      return .generator("do_batch") {
        let source = try value.iterate(r)
        var batch: [Value] = []
        var done = false
        return {
          while !done {
            guard let item = try source.next() else {
              done = true
              if batch.isEmpty { return nil }
              if !fill.isNone, try Value.int(batch.count).compare(to: count) < 0 {
                try SizeLimit.check(items: 1, times: try count.index())
                for _ in 0..<(try count.index() - batch.count) { batch.append(fill) }
              }
              return .list(batch)
            }
            if Value.int(batch.count).isEqual(to: count) {
              defer { batch = [item] }
              return .list(batch)
            }
            batch.append(item)
          }
          return nil
        }
      }
    },
    BuiltinFilter(
      "slice", "value, slices, fill_with=None", "That many lists, as equal in length as can be.",
      function: "sync_do_slice"
    ) {
      r, value, a in
      let slices = a[0] ?? .none
      let fill = a[1] ?? .none
      return .generator("sync_do_slice") {
        let items = try value.items(r)
        _ = try Value.int(items.count).binary(.floorDivide, slices, r)
        let count = try slices.index()
        try SizeLimit.check(items: 1, times: max(0, count))
        // A negative number of slices is an empty range.
        let each = count > 0 ? items.count / count : 0
        let withExtra = count > 0 ? items.count % count : 0
        var index = 0
        var start = 0
        return {
          guard index < count else { return nil }
          let end = start + each + (index < withExtra ? 1 : 0)
          var part = Array(items[start..<end])
          if !fill.isNone, index >= withExtra { part.append(fill) }
          start = end
          index += 1
          return .list(part)
        }
      }
    },
    BuiltinFilter(
      "sum", "iterable, attribute=None, start=0", "`start` plus all items, or that attribute of them.",
      function: "sync_do_sum"
    ) { r, value, a in
      var total = a[1] ?? .int(0)
      if case .string = total { throw TemplateError(.type, "sum() can't sum strings [use ''.join(seq) instead]") }
      let path = a[0].flatMap { $0.isNone ? nil : AttributePath($0) }
      let items = try value.iterate(r)
      while let item = try items.next() {
        total = try total.binary(.add, path?.get(item, r) ?? item, r)
      }
      return total
    },
  ]

  /// What Python's `reversed` takes: sequences, dicts and their views.
  private static func isReversible(_ value: Value, _ r: Interpreter) throws -> Bool {
    switch value {
    case .list, .tuple, .dict, .string: return true
    case .undefined(let undefined):
      if undefined.kind == .strict { throw undefined.error() }
      return true
    case .object(let o):
      switch o.typeName {
      case "set", "frozenset", "generator": return false
      case "range", "dict_keys", "dict_values", "dict_items": return true
      default: return o.length != nil && !(o is IteratorObject)
      }
    default: return false
    }
  }

  private static func join(_ r: Interpreter, _ value: Value, _ d: Value, _ attribute: Value) throws -> Value {
    let path = attribute.isNone ? nil : AttributePath(attribute)
    let iterator = try value.iterate(r)
    let start = r.output.count
    if !r.autoescape {
      let glue = try d.str(r)
      return try r.capturing(start) {
        var isFirst = true
        while let next = try iterator.next() {
          let item = try path?.get(next, r) ?? next
          if isFirst { isFirst = false } else { r.output.append(glue) }
          try r.emit(item)
        }
        return .string(r.output.cut(from: start))
      }
    }
    var texts: [Str] = []
    var escaping = d.asStr?.isMarkup ?? false
    while let next = try iterator.next() {
      let text = try (path?.get(next, r) ?? next).softStr(r)
      if text.isMarkup { escaping = true }
      texts.append(text)
    }
    let glue = escaping ? try Escape.escape(d, r) : try d.softStr(r)
    for (i, text) in texts.enumerated() {
      if i > 0 { r.output.append(glue) }
      r.output.append(escaping ? Escape.html(text) : text)
    }
    return .string(r.output.cut(from: start, markup: escaping))
  }
}
