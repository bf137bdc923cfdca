/// `range(start, stop, step)`: an arithmetic progression that is never written out.
public final class RangeObject: Object {
  public let start: Int
  public let stop: Int
  public let step: Int
  public let count: Int

  /// - Throws: a ValueError when the step is zero.
  public init(_ start: Int, _ stop: Int, _ step: Int = 1) throws {
    if step == 0 { throw TemplateError(.value, "range() arg 3 must not be zero") }
    self.start = start
    self.stop = stop
    self.step = step
    // In unsigned arithmetic, so that the widest ranges don't overflow.
    if step > 0 {
      count =
        stop > start
        ? Int(clamping: (UInt(bitPattern: stop &- start) - 1) / step.magnitude + 1) : 0
    } else {
      count =
        start > stop
        ? Int(clamping: (UInt(bitPattern: start &- stop) - 1) / step.magnitude + 1) : 0
    }
  }

  /// The element at a position within range.
  @inline(__always) public subscript(index: Int) -> Int { start &+ index &* step }

  func contains(_ number: Int) -> Bool {
    guard count > 0 else { return false }
    let last = self[count - 1]
    guard number >= min(start, last), number <= max(start, last) else { return false }
    return UInt(bitPattern: number &- min(start, last)) % step.magnitude == 0
      || UInt(bitPattern: max(start, last) &- number) % step.magnitude == 0
  }

  /// The position of a number; nil when it is not an element.
  func position(_ value: Value) -> Int? {
    let number: Int
    if let i = value.asInt {
      number = i
    } else if case .float(let d) = value, let i = Int(exactly: d) {
      number = i
    } else {
      return nil
    }
    return contains(number) ? (number - start) / step : nil
  }

  public override var typeName: String { "range" }
  public override var isSubscriptable: Bool { true }
  public override var isTrue: Bool { count > 0 }
  public override var length: Int? { count }
  public override func iterate(_ interpreter: Interpreter) throws -> ValueIterator? { RangeIterator(self) }
  public override func contains(_ member: Value, _ interpreter: Interpreter) throws -> Bool? {
    position(member) != nil
  }
  public override func item(_ key: Value, _ interpreter: Interpreter) throws -> Value? {
    guard let index = key.asInt else { return nil }
    let at = index < 0 ? index + count : index
    return at >= 0 && at < count ? .int(self[at]) : nil
  }
  public override func slice(_ start: Value, _ stop: Value, _ step: Value) throws -> Value? {
    let range = try SliceRange(start, stop, step, length: count)
    return .object(
      try RangeObject(self.start + range.start * self.step, self.start + range.stop * self.step, self.step * range.step)
    )
  }
  public override func isEqual(to other: Value) -> Bool {
    guard case .object(let o) = other, let range = o as? RangeObject, range.count == count else { return false }
    return count == 0 || (start == range.start && (count == 1 || step == range.step))
  }
  public override func hashCode() throws -> Int {
    var hash = NumberHash.combine(0x7261_6e67, count)
    if count > 0 { hash = NumberHash.combine(hash, start) }
    if count > 1 { hash = NumberHash.combine(hash, step) }
    return hash
  }
  public override func repr(_ interpreter: Interpreter?) throws -> Str {
    Str.make(step == 1 ? "range(\(start), \(stop))" : "range(\(start), \(stop), \(step))")
  }
  public override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    if name.equals("start") { return .int(start) }
    if name.equals("stop") { return .int(stop) }
    if name.equals("step") { return .int(step) }
    return Methods.bound(.object(self), name)
  }
  public override func callMethod(_ name: Str, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? {
    try Methods.call(.object(self), name, arguments, interpreter)
  }
}

final class RangeIterator: ValueIterator {
  private let range: RangeObject
  private var index = 0
  init(_ range: RangeObject) { self.range = range }
  override func next() -> Value? {
    guard index < range.count else { return nil }
    defer { index += 1 }
    return .int(range[index])
  }
  override var remaining: Int? { range.count - index }
}
