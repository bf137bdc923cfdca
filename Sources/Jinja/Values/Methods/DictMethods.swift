/// Methods of dicts and of their views.
enum DictMethods {
  static func call(_ dict: DictObject, _ name: MethodName, _ a: Arguments, _ r: Interpreter) throws -> Value? {
    switch name {
    case .get:
      try a.expect("dict", name, 1...2)
      return try dict.get(a.positional[0]) ?? a[1] ?? Value.none
    case .items:
      try a.none("dict", name)
      return .object(DictView(dict, .items))
    case .keys:
      try a.none("dict", name)
      return .object(DictView(dict, .keys))
    case .values:
      try a.none("dict", name)
      return .object(DictView(dict, .values))
    case .update:
      try update(dict, a, r)
      return Value.none
    case .pop:
      try a.expect("dict", name, 1...2)
      if let value = try dict.removeValue(a.positional[0]) ?? a[1] { return value }
      throw TemplateError(.key, try a.positional[0].repr(r).string)
    case .popitem:
      try a.none("dict", name)
      guard let (key, value) = dict.popLast() else {
        throw TemplateError(.key, "'popitem(): dictionary is empty'")
      }
      return .tuple([key, value])
    case .setdefault:
      try a.expect("dict", name, 1...2)
      if let value = try dict.get(a.positional[0]) { return value }
      let value = a[1] ?? Value.none
      try dict.set(a.positional[0], value)
      return value
    case .copy:
      try a.none("dict", name)
      return .dict(dict.copy())
    case .clear:
      try a.none("dict", name)
      dict.removeAll()
      return Value.none
    case .fromkeys:
      try a.expect("dict", name, 1...2)
      let made = DictObject()
      for key in try a.positional[0].collected(r) { try made.set(key, a[1] ?? Value.none) }
      return .dict(made)
    default: return nil
    }
  }

  static func has(_ name: MethodName) -> Bool {
    switch name {
    case .get, .items, .keys, .values, .update, .pop, .popitem, .setdefault, .copy, .clear, .fromkeys: true
    default: false
    }
  }

  private static func update(_ dict: DictObject, _ a: Arguments, _ r: Interpreter) throws {
    if a.positional.count > 1 {
      throw TemplateError(.type, "update expected at most 1 argument, got \(a.positional.count)")
    }
    if let source = a[0] { try merge(source, into: dict, r) }
    for (name, value) in a.keywords { dict[name] = value }
  }

  /// Adds the pairs of a dict, or of a sequence of pairs.
  static func merge(_ source: Value, into dict: DictObject, _ r: Interpreter) throws {
    if case .dict(let other) = source {
      for (key, value) in other.pairs { try dict.set(key, value) }
      return
    }
    // Python asks for `keys` first: an attribute of what is undefined, though iterating over it would give nothing.
    if case .undefined(let missing) = source, missing.kind != .dbt { throw missing.error() }
    let iterator = try source.iterate(r)
    var place = 0
    while let pair = try iterator.next() {
      let items: [Value]
      do {
        items = try pair.collected(r)
      } catch let error as TemplateError where error.kind == .type {
        throw TemplateError(.type, "cannot convert dictionary update sequence element #\(place) to a sequence")
      }
      guard items.count == 2 else {
        throw TemplateError(
          .value, "dictionary update sequence element #\(place) has length \(items.count); 2 is required")
      }
      try dict.set(items[0], items[1])
      place += 1
    }
  }

  static func callView(_ view: DictView, _ name: MethodName, _ a: Arguments, _ r: Interpreter) throws -> Value? {
    guard name == .isdisjoint, view.part != .values else { return nil }
    try a.expect("dict_keys", name, 1...1)
    for item in try a.positional[0].collected(r) {
      if try view.contains(item, r) == true { return .bool(false) }
    }
    return .bool(true)
  }
}
