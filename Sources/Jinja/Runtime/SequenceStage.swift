/// What happens to each item on its way. A class for each kind, so that running it counts no references.
class SequenceStage: @unchecked Sendable {
  /// Takes an item and hands on what comes of it; says whether more is wanted.
  func pass(_ item: UnsafePointer<Value>, _ run: SequenceRun) throws -> Bool { true }
  /// The filter asks the value for its truth before it takes items, so that `none` is as good as nothing.
  var asksForTruth: Bool { true }
  /// Where it stands among the stages.
  fileprivate(set) var number = 0

  /// nil when the filter is none of these, or when something about its arguments will fail.
  static func make(_ name: String, _ arguments: Arguments, _ environment: Environment) -> SequenceStage? {
    var positional = arguments.positional[...]
    switch name {
    case "map":
      if positional.isEmpty {
        guard let attribute = arguments.keyword(Names.attribute),
          arguments.keywords.allSatisfy({ $0.name == Names.attribute || $0.name == Names.default })
        else { return nil }
        return PathStage(
          AttributePath(attribute), fallback: arguments.keyword(Names.default).flatMap { $0.isNone ? nil : $0 })
      }
      guard case .string(let filter)? = positional.popFirst(), let entry = environment.filters[filter] else {
        return nil
      }
      let rest = Array(positional)
      if arguments.keywords.isEmpty, entry.isBuiltin, let step = TextStep(filter, rest) {
        return TextStage(TextSteps(step, entry.body, rest))
      }
      return FilterStage(entry.body, Arguments(rest, keywords: arguments.keywords))
    case "select", "reject", "selectattr", "rejectattr":
      guard arguments.keywords.isEmpty else { return nil }
      var path: AttributePath?
      if name.hasSuffix("attr") {
        guard let attribute = positional.popFirst() else { return nil }
        path = AttributePath(attribute)
      }
      var test: ItemTest?
      if let named = positional.popFirst() {
        guard case .string(let name) = named, let entry = environment.tests[name] else { return nil }
        test = ItemTest(name, Array(positional), entry.body, isBuiltin: entry.isBuiltin)
      }
      return TestStage(path, test, keep: name.hasPrefix("select"))
    case "unique": return positional.isEmpty && arguments.keywords.isEmpty ? UniqueStage() : nil
    case "batch":
      guard positional.count == 1, arguments.keywords.isEmpty, case .int(let size) = positional[0], size > 0 else {
        return nil
      }
      return BatchStage(size)
    default: return nil
    }
  }
}

/// `map(attribute=…)`
private final class PathStage: SequenceStage, @unchecked Sendable {
  private let path: AttributePath
  private let fallback: Value?
  init(_ path: AttributePath, fallback: Value?) {
    self.path = path
    self.fallback = fallback
  }
  override func pass(_ item: UnsafePointer<Value>, _ run: SequenceRun) throws -> Bool {
    if fallback == nil, let place = path.place(in: item) { return try run.pass(place, after: self) }
    var value = try path.get(item.pointee, run.r, fallback: fallback)
    return try run.pass(&value, after: self)
  }
}

/// `map('lower')` and the like.
private final class TextStage: SequenceStage, @unchecked Sendable {
  private let steps: TextSteps
  init(_ steps: TextSteps) { self.steps = steps }
  override func pass(_ item: UnsafePointer<Value>, _ run: SequenceRun) throws -> Bool {
    var value: Value
    if Borrowed.tag(item) == Borrowed.stringTag {
      value = try Borrowed.reference(item, Str.self)._withUnsafeGuaranteedRef { try steps.value(of: $0, run.r) }
    } else {
      value = try steps.apply(item.pointee, run.r)
    }
    return try run.pass(&value, after: self)
  }
}

/// `map` with any filter.
private final class FilterStage: SequenceStage, @unchecked Sendable {
  private let body: FilterBody
  private let arguments: Arguments
  init(_ body: @escaping FilterBody, _ arguments: Arguments) {
    self.body = body
    self.arguments = arguments
  }
  override func pass(_ item: UnsafePointer<Value>, _ run: SequenceRun) throws -> Bool {
    var value = try body(run.r, item.pointee, arguments)
    return try run.pass(&value, after: self)
  }
}

/// `select`, `reject` and, with a path, `selectattr`, `rejectattr`. Without a test the value's truth decides.
private final class TestStage: SequenceStage, @unchecked Sendable {
  private let path: AttributePath?
  private let test: ItemTest?
  private let keep: Bool
  init(_ path: AttributePath?, _ test: ItemTest?, keep: Bool) {
    self.path = path
    self.test = test
    self.keep = keep
  }
  override func pass(_ item: UnsafePointer<Value>, _ run: SequenceRun) throws -> Bool {
    try holds(item, run.r) == keep ? try run.pass(item, after: self) : true
  }

  private func holds(_ item: UnsafePointer<Value>, _ r: Interpreter) throws -> Bool {
    guard let path else { return try decide(item, r) }
    if let place = path.place(in: item) { return try decide(place, r) }
    var value = try path.get(item.pointee, r)
    return try decide(&value, r)
  }

  private func decide(_ place: UnsafePointer<Value>, _ r: Interpreter) throws -> Bool {
    try test?.holds(place, r) ?? r.truth(place.pointee)
  }
}

private final class UniqueStage: SequenceStage, @unchecked Sendable {
  override var asksForTruth: Bool { false }
  override func pass(_ item: UnsafePointer<Value>, _ run: SequenceRun) throws -> Bool {
    var key = item.pointee
    if case .string(let text) = key { key = .string(try text.loweredKey(run.r)) }
    return try run.seen(by: self).insert(key) ? try run.pass(item, after: self) : true
  }
}

private final class BatchStage: SequenceStage, @unchecked Sendable {
  private let size: Int
  init(_ size: Int) { self.size = size }
  override var asksForTruth: Bool { false }
  override func pass(_ item: UnsafePointer<Value>, _ run: SequenceRun) throws -> Bool {
    if run.batches[number].count < size {
      run.batches[number].append(item.pointee)
      return true
    }
    var full = Value.list(run.batches[number])
    run.batches[number] = [item.pointee]
    return try run.pass(&full, after: self)
  }
}

/// One run of items through stages, with what the stages remember of it.
final class SequenceRun {
  /// Takes what comes out at the end; says whether it wants more.
  typealias Taker = (UnsafePointer<Value>) throws -> Bool

  let r: Interpreter
  private let stages: SequenceStages
  private let take: Taker
  private var seen: [DictObject?] = []
  fileprivate var batches: [[Value]] = []

  init(_ stages: SequenceStages, _ r: Interpreter, _ take: @escaping Taker) {
    self.r = r
    self.stages = stages
    self.take = take
    if stages.remember {
      seen = Array(repeating: nil, count: stages.count)
      batches = Array(repeating: [], count: stages.count)
    }
  }

  fileprivate func seen(by stage: SequenceStage) -> DictObject {
    if let dict = seen[stage.number] { return dict }
    let dict = DictObject()
    seen[stage.number] = dict
    return dict
  }

  @inline(__always) fileprivate func pass(_ item: UnsafePointer<Value>, after stage: SequenceStage) throws -> Bool {
    try pass(item, to: stage.number + 1)
  }

  @inline(__always) fileprivate func pass(_ item: UnsafePointer<Value>, to number: Int) throws -> Bool {
    if number == stages.count { return try take(item) }
    return try stages.base[number]._withUnsafeGuaranteedRef { try $0.pass(item, self) }
  }

  func run(_ value: Value) throws {
    if stages.asksForTruth, try !r.truth(value) { return }
    if case .list(let list) = value {
      // The array is held on to: it stays as it is whatever happens to the list.
      let items = list.items
      let wantsMore = try items.withUnsafeBufferPointer { items in
        guard let base = items.baseAddress else { return true }
        for i in 0..<items.count where try !pass(base + i, to: 0) { return false }
        return true
      }
      if !wantsMore { return }
    } else {
      let iterator = try value.iterate(r)
      while var item = try iterator.next() {
        if try !pass(&item, to: 0) { return }
      }
    }
    // What batches still hold.
    for i in batches.indices where !batches[i].isEmpty {
      var rest = Value.list(batches[i])
      if try !pass(&rest, to: i + 1) { return }
    }
  }
}

/// The stages of a sequence, for use without reference counting.
final class SequenceStages: @unchecked Sendable {
  private let owned: [SequenceStage]
  let base: UnsafeMutablePointer<Unmanaged<SequenceStage>>
  let count: Int
  /// Some stage remembers what it saw.
  let remember: Bool
  /// See `SequenceStage`; of the first one.
  let asksForTruth: Bool

  init(_ stages: [SequenceStage]) {
    owned = stages
    count = stages.count
    base = .allocate(capacity: max(1, count))
    for i in 0..<count {
      stages[i].number = i
      (base + i).initialize(to: .passUnretained(stages[i]))
    }
    asksForTruth = stages.first?.asksForTruth ?? false
    remember = stages.contains { $0 is UniqueStage || $0 is BatchStage }
  }

  deinit { base.deallocate() }
}
