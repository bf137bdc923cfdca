import BigInt

/// Reading the arguments of built-in methods, most of which take positional ones only.
extension Arguments {
  /// No arguments at all.
  @inline(__always) func none(_ owner: StaticString, _ name: MethodName) throws {
    if !positional.isEmpty || !keywords.isEmpty { try expect(owner, name, 0...0) }
  }

  /// Positional arguments only, as many as `range` says.
  /// - Throws: a TypeError in CPython's words.
  func expect(_ owner: StaticString, _ name: MethodName, _ range: ClosedRange<Int>) throws {
    if !keywords.isEmpty { throw TemplateError(.type, "\(owner).\(name)() takes no keyword arguments") }
    let given = positional.count
    if range.contains(given) { return }
    switch (range.lowerBound, range.upperBound) {
    case (0, 0): throw TemplateError(.type, "\(owner).\(name)() takes no arguments (\(given) given)")
    case (1, 1): throw TemplateError(.type, "\(owner).\(name)() takes exactly one argument (\(given) given)")
    case (let low, let high) where low == high:
      throw TemplateError(.type, "\(name) expected \(low) arguments, got \(given)")
    case (let low, _) where given < low:
      throw TemplateError(.type, "\(name) expected at least \(low) argument\(low == 1 ? "" : "s"), got \(given)")
    case (_, let high):
      throw TemplateError(.type, "\(name) expected at most \(high) argument\(high == 1 ? "" : "s"), got \(given)")
    }
  }

  /// What the searching methods take: a part, and optional bounds.
  func expectSearch(_ name: MethodName) throws {
    if keywords.isEmpty, (1...3).contains(positional.count) { return }
    if !keywords.isEmpty { throw TemplateError(.type, "str.\(name)() takes no keyword arguments") }
    let few = positional.isEmpty
    throw TemplateError(
      .type,
      "\(name)() takes at \(few ? "least 1 argument" : "most 3 arguments") (\(positional.count) given)")
  }

  /// Arguments that may also be given by name, in the order of `names`; nil where one was not given.
  func bind(_ name: MethodName, _ names: StaticString..., keywordOnly: Bool = false) throws -> [Value?] {
    if keywordOnly, !positional.isEmpty { throw TemplateError(.type, "\(name)() takes no positional arguments") }
    if positional.count > names.count {
      throw TemplateError(
        .type,
        "\(name)() takes at most \(names.count) argument\(names.count == 1 ? "" : "s") (\(positional.count) given)")
    }
    var bound: [Value?] = positional
    while bound.count < names.count { bound.append(nil) }
    for (keyword, value) in keywords {
      guard let place = names.firstIndex(where: { keyword.equals($0) }) else {
        throw TemplateError(.type, "'\(keyword.string)' is an invalid keyword argument for \(name)()")
      }
      if bound[place] != nil {
        throw TemplateError(
          .type, "argument for \(name)() given by name ('\(keyword.string)') and position (\(place + 1))")
      }
      bound[place] = value
    }
    return bound
  }

  @inline(__always) subscript(index: Int) -> Value? { index < positional.count ? positional[index] : nil }
}

extension Value {
  /// An argument used as an index or a count (`__index__`), clamped to the machine's integers when `clamp`.
  func index(clamp: Bool = true) throws -> Int {
    if case .int(let i) = self { return i }
    if let small = asInt { return small }
    if let big = asBigInt {
      if clamp { return big.sign == .minus ? Int.min : Int.max }
      throw TemplateError(.overflow, "Python int too large to convert to C ssize_t")
    }
    if case .undefined(let u) = self, u.kind == .strict { throw u.error() }
    throw TemplateError(.type, "'\(typeName)' object cannot be interpreted as an integer")
  }

  /// An argument that must be text: `replace() argument 1 must be str, not int`.
  func text(_ name: MethodName, argument: Int?) throws -> Str {
    if case .string(let s) = self { return s }
    if let argument { throw TemplateError(.type, "\(name)() argument \(argument) must be str, not \(typeName)") }
    throw TemplateError(.type, "\(name)() argument must be str, not \(typeName)")
  }

  /// All items of what can be iterated.
  func collected(_ r: Interpreter) throws -> [Value] {
    switch self {
    case .list(let l): return l.items
    case .tuple(let t): return t.items
    case .dict(let d): return d.keys
    case .object(let o):
      if let set = o as? SetObject { return set.items }
      if let view = o as? DictView { return view.items }
    default: break
    }
    let iterator = try iterate(r)
    var out: [Value] = []
    if let count = iterator.remaining { out.reserveCapacity(min(count, 1 << 16)) }
    while let item = try iterator.next() { out.append(item) }
    return out
  }
}
