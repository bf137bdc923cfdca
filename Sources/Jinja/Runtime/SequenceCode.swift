/// A filter that gives items one at a time (`map`, `select`, `unique`, …), with constant arguments. On its own it is
/// the lazy filter; what is applied to it takes it apart and lets the items run through, without iterators between.
final class LazyFilterCode: Code, @unchecked Sendable {
  fileprivate let operand: Code
  fileprivate let stage: SequenceStage
  private let body: FilterBody
  private let arguments: Arguments

  static func make(
    _ name: Str, _ operand: Code, _ arguments: ArgumentsCode, _ body: @escaping FilterBody,
    _ environment: Environment, _ span: Span
  ) -> Code? {
    guard let constants = arguments.constantArguments,
      let stage = SequenceStage.make(name.string, constants, environment)
    else { return nil }
    return LazyFilterCode(operand, stage, body, constants, span)
  }

  private init(_ operand: Code, _ stage: SequenceStage, _ body: @escaping FilterBody, _ a: Arguments, _ span: Span) {
    self.operand = operand
    self.stage = stage
    self.body = body
    arguments = a
    super.init(span)
  }

  override func eval(_ r: Interpreter) throws -> Value {
    let value = try operand.eval(r)
    do { return try body(r, value, arguments) } catch { throw located(error, r) }
  }
}

/// A filter that takes all items (`list`, `join`, `sort`, `sum`, `first`), together with the lazy filters before it.
final class SequenceCode: Code, @unchecked Sendable {
  private enum Sink {
    case list, sum, first
    case join(Str)
    case sort(reverse: Bool, caseSensitive: Bool, attribute: AttributePath?)
  }
  private let source: Code
  private let stages: SequenceStages
  private let sink: Sink
  private let body: FilterBody
  private let arguments: Arguments

  /// nil when this is no such filter, or when nothing is gained.
  static func make(
    _ name: Str, _ operand: Code, _ arguments: ArgumentsCode, _ body: @escaping FilterBody, _ span: Span
  ) -> Code? {
    guard let constants = arguments.constantArguments, let sink = sink(name.string, constants) else { return nil }
    var source = operand
    var stages: [SequenceStage] = []
    while let lazy = source as? LazyFilterCode {
      stages.insert(lazy.stage, at: 0)
      source = lazy.operand
    }
    return SequenceCode(source, stages, sink, body, constants, span)
  }

  private static func sink(_ name: String, _ a: Arguments) -> Sink? {
    switch (name, a.positional.count, a.keywords.count) {
    case ("list", 0, 0): return .list
    case ("sum", 0, 0): return .sum
    case ("first", 0, 0): return .first
    case ("join", 0, 0): return .join(Str.empty)
    case ("join", 1, 0): if case .string(let glue) = a.positional[0], !glue.isMarkup { return .join(glue) }
    case ("sort", 0, _):
      var reverse = false
      var caseSensitive = false
      var attribute: AttributePath?
      for (name, value) in a.keywords {
        switch (name.string, value) {
        case ("reverse", .bool(let b)): reverse = b
        case ("case_sensitive", .bool(let b)): caseSensitive = b
        case ("attribute", .string(let s)) where !s.string.contains(","): attribute = AttributePath(value)
        default: return nil
        }
      }
      return .sort(reverse: reverse, caseSensitive: caseSensitive, attribute: attribute)
    default: break
    }
    return nil
  }

  private init(
    _ source: Code, _ stages: [SequenceStage], _ sink: Sink, _ body: @escaping FilterBody, _ arguments: Arguments,
    _ span: Span
  ) {
    self.source = source
    self.stages = SequenceStages(stages)
    self.sink = sink
    self.body = body
    self.arguments = arguments
    super.init(span)
  }

  override func eval(_ r: Interpreter) throws -> Value {
    let value = try source.eval(r)
    do {
      switch sink {
      case .list: return .list(try items(value, r))
      case .sum:
        var total = Value.int(0)
        try run(value, r) { place in
          if case .int(let a) = total, let b = Borrowed.int(place), case let (sum, false) = a.addingReportingOverflow(b)
          {
            total = .int(sum)
          } else {
            total = try total.binary(.add, place.pointee, r)
          }
          return true
        }
        return total
      case .first:
        var first: Value?
        try run(value, r) { place in
          first = place.pointee
          return false
        }
        return first ?? r.undefined(name: nil, hint: "No first item, sequence was empty.")
      case .join(let glue):
        // Where output is escaped, what is Markup matters, and the filter itself has to see all items.
        if r.autoescape { return try body(r, .list(items(value, r)), arguments) }
        let start = r.output.count
        return try r.capturing(start) {
          try join(value, glue, r)
          return .string(r.output.cut(from: start))
        }
      case .sort(let reverse, let caseSensitive, let attribute):
        return .list(try sorted(items(value, r), reverse, caseSensitive, attribute, r))
      }
    } catch { throw located(error, r) }
  }

  override func emit(_ r: Interpreter) throws {
    guard case .join(let glue) = sink, !r.autoescape else { return try r.emit(eval(r)) }
    let value = try source.eval(r)
    do { try join(value, glue, r) } catch { throw located(error, r) }
  }

  private func join(_ value: Value, _ glue: Str, _ r: Interpreter) throws {
    var isFirst = true
    try run(value, r) { place in
      if isFirst { isFirst = false } else { r.output.append(glue) }
      if Borrowed.tag(place) == Borrowed.stringTag {
        Borrowed.reference(place, Str.self)._withUnsafeGuaranteedRef { r.output.append($0) }
      } else {
        try r.emit(place.pointee)
      }
      return true
    }
  }

  private func items(_ value: Value, _ r: Interpreter) throws -> [Value] {
    if stages.count == 0 { return try value.items(r) }
    var items: [Value] = []
    try run(value, r) { place in
      items.append(place.pointee)
      return true
    }
    return items
  }

  private func sorted(
    _ items: [Value], _ reverse: Bool, _ caseSensitive: Bool, _ attribute: AttributePath?, _ r: Interpreter
  ) throws -> [Value] {
    let path = attribute ?? AttributePath(.none)
    return try BuiltinFilters.sorted(items, by: [path], reverse: reverse, caseSensitive: caseSensitive, r)
  }

  private func run(_ value: Value, _ r: Interpreter, _ take: SequenceRun.Taker) throws {
    try withoutActuallyEscaping(take) { try SequenceRun(stages, r, $0).run(value) }
  }
}
