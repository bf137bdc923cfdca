/// Methods of sets.
enum SetMethods {
  static func call(_ set: SetObject, _ name: MethodName, _ a: Arguments, _ r: Interpreter) throws -> Value? {
    let elements = set.elements
    switch name {
    case .add:
      try a.expect("set", name, 1...1)
      if try elements.get(a.positional[0]) == nil { try elements.set(a.positional[0], .none) }
      return Value.none
    case .remove:
      try a.expect("set", name, 1...1)
      guard try elements.removeValue(a.positional[0]) != nil else {
        throw TemplateError(.key, try a.positional[0].repr(r).string)
      }
      return Value.none
    case .discard:
      try a.expect("set", name, 1...1)
      try elements.removeValue(a.positional[0])
      return Value.none
    case .pop:
      try a.none("set", name)
      guard let first = elements.keys.first else { throw TemplateError(.key, "'pop from an empty set'") }
      try elements.removeValue(first)
      return first
    case .clear:
      try a.none("set", name)
      elements.removeAll()
      return Value.none
    case .copy:
      try a.none("set", name)
      return .object(set.copy())
    case .isdisjoint:
      try a.expect("set", name, 1...1)
      return .bool(try SetOrder.intersection(elements, other(a.positional[0], r)).count == 0)
    case .issubset:
      try a.expect("set", name, 1...1)
      return .bool(SetOrder.isSubset(elements, of: try other(a.positional[0], r)))
    case .issuperset:
      try a.expect("set", name, 1...1)
      return .bool(SetOrder.isSubset(try other(a.positional[0], r), of: elements))
    case .union, .intersection, .difference, .symmetric_difference:
      return .object(SetObject(elements: try combine(elements, name, a, r)))
    case .update, .intersection_update, .difference_update, .symmetric_difference_update:
      let operation: MethodName =
        switch name {
        case .update: .union
        case .intersection_update: .intersection
        case .difference_update: .difference
        default: .symmetric_difference
        }
      let result = try combine(elements, operation, a, r)
      elements.removeAll()
      for key in result.keys { try elements.set(key, .none) }
      return Value.none
    default: return nil
    }
  }

  static func has(_ name: MethodName) -> Bool {
    switch name {
    case .add, .remove, .discard, .pop, .clear, .copy, .isdisjoint, .issubset, .issuperset, .union, .intersection,
      .difference, .symmetric_difference, .update, .intersection_update, .difference_update,
      .symmetric_difference_update:
      true
    default: false
    }
  }

  private static func other(_ value: Value, _ r: Interpreter) throws -> DictObject {
    if let elements = SetOrder.elements(value) { return elements }
    return try SetObject(value.collected(r)).elements
  }

  private static func combine(
    _ elements: DictObject, _ name: MethodName, _ a: Arguments, _ r: Interpreter
  ) throws -> DictObject {
    try a.expect("set", name, name == .symmetric_difference ? 1...1 : 0...Int.max)
    var result = elements.copy()
    for argument in a.positional {
      switch name {
      case .union: result = try SetOrder.union(result, argument.collected(r))
      case .intersection: result = try SetOrder.intersection(result, other(argument, r))
      case .difference: result = try SetOrder.difference(result, other(argument, r))
      default: result = try SetOrder.symmetricDifference(result, other(argument, r))
      }
    }
    return result
  }
}
