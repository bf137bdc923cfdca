/// Methods of lists, and `count` and `index` of tuples.
enum ListMethods {
  static func call(_ list: ListObject, _ name: MethodName, _ a: Arguments, _ r: Interpreter) throws -> Value? {
    switch name {
    case .append:
      // A loop over a list that grows meanwhile never ends.
      try SizeLimit.check(items: list.items.count + 1, times: 1)
      try a.expect("list", name, 1...1)
      list.items.append(a.positional[0])
      return Value.none
    case .extend:
      try a.expect("list", name, 1...1)
      list.items.append(contentsOf: try a.positional[0].collected(r))
      return Value.none
    case .insert:
      try a.expect("list", name, 2...2)
      let index = try a.positional[0].index(clamp: true)
      let count = list.items.count
      list.items.insert(a.positional[1], at: min(max(index < 0 ? index + count : index, 0), count))
      return Value.none
    case .pop: return try pop(list, a)
    case .remove:
      try a.expect("list", name, 1...1)
      guard let place = try list.items.firstIndex(where: { try $0.matches(a.positional[0]) }) else {
        throw TemplateError(.value, "list.remove(x): x not in list")
      }
      list.items.remove(at: place)
      return Value.none
    case .clear:
      try a.none("list", name)
      list.items.removeAll()
      return Value.none
    case .copy:
      try a.none("list", name)
      return .list(list.items)
    case .reverse:
      try a.none("list", name)
      list.items.reverse()
      return Value.none
    case .sort: return try sort(list, a, r)
    case .count, .index: return try search(list.items, "list", name, a)
    default: return nil
    }
  }

  static func has(_ name: MethodName) -> Bool {
    switch name {
    case .append, .extend, .insert, .pop, .remove, .clear, .copy, .reverse, .sort, .count, .index: true
    default: false
    }
  }

  private static func pop(_ list: ListObject, _ a: Arguments) throws -> Value {
    try a.expect("list", .pop, 0...1)
    var index = try a[0]?.index(clamp: true) ?? -1
    if list.items.isEmpty { throw TemplateError(.index, "pop from empty list") }
    if index < 0 { index += list.items.count }
    guard list.items.indices.contains(index) else { throw TemplateError(.index, "pop index out of range") }
    return list.items.remove(at: index)
  }

  private static func sort(_ list: ListObject, _ a: Arguments, _ r: Interpreter) throws -> Value {
    let bound = try a.bind(.sort, "key", "reverse", keywordOnly: true)
    var reverse = false
    if let flag = bound[1] {
      guard let number = flag.asInt else {
        throw TemplateError(.type, "'\(flag.typeName)' object cannot be interpreted as an integer")
      }
      reverse = number != 0
    }
    let items = list.items
    var keys = items
    if let key = bound[0], !key.isNone { keys = try items.map { try r.call(key, Arguments([$0])) } }
    list.items = try StableSort.order(keys, reverse: reverse).map { items[$0] }
    return .none
  }

  static func search(_ items: [Value], _ owner: StaticString, _ name: MethodName, _ a: Arguments) throws -> Value {
    if name == .count {
      try a.expect(owner, name, 1...1)
      var n = 0
      for item in items where try item.matches(a.positional[0]) { n += 1 }
      return .int(n)
    }
    try a.expect(owner, name, 1...3)
    func bound(_ value: Value?, _ missing: Int) throws -> Int {
      guard let value else { return missing }
      let index = try value.index(clamp: true)
      return min(max(index < 0 ? index.addingReportingOverflow(items.count).partialValue : index, 0), items.count)
    }
    let start = try bound(a[1], 0)
    let end = try bound(a[2], items.count)
    if start < end, let place = try items[start..<end].firstIndex(where: { try $0.matches(a.positional[0]) }) {
      return .int(place)
    }
    if "\(owner)" == "tuple" { throw TemplateError(.value, "tuple.index(x): x not in tuple") }
    throw TemplateError(.value, "\(try a.positional[0].repr(nil).string) is not in list")
  }
}
