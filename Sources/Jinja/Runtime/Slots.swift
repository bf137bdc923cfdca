/// Two marks that variables can hold and values can't: bit patterns of NaN that no arithmetic makes. They need no
/// reference counting, which is why they are not an `Undefined`.
extension Value {
  static let missingBits: UInt64 = 0x7FF8_6D69_7373_0001
  static let unresolvedBits: UInt64 = 0x7FF8_6D69_7373_0002

  /// A variable that is not set.
  @inline(__always) static var missing: Value { .float(Double(bitPattern: missingBits)) }
  /// A name of the context that was not looked up yet.
  @inline(__always) static var unresolved: Value { .float(Double(bitPattern: unresolvedBits)) }

  @inline(__always) var isMissing: Bool {
    if case .float(let d) = self { return d.bitPattern == Value.missingBits }
    return false
  }
}

typealias Slots = UnsafeMutablePointer<Value>

/// The variables of one run of a function that has functions inside (macros, call blocks, recursive loops): on the
/// heap, because those see the variables, by reference, for as long as they live.
final class Closure {
  let parent: Closure?
  let slots: Slots
  let count: Int

  init(parent: Closure?, count: Int) {
    self.parent = parent
    self.count = count
    slots = .allocate(capacity: max(count, 1))
    slots.initialize(repeating: .missing, count: count)
  }

  /// Lets go of everything, which breaks the cycle of a macro held by a variable that it sees.
  func clear() { for i in 0..<count { slots[i] = .missing } }

  deinit {
    slots.deinitialize(count: count)
    slots.deallocate()
  }
}

/// The values of the names that one template reads from one context; looked up when first read. Whoever has it frees it.
struct NameCache {
  unowned(unsafe) let program: Program
  let values: Slots
  /// A program that is still being compiled, whose constants are computed, gets more names later.
  private let count: Int

  init(_ program: Program) {
    self.program = program
    count = program.contextNames.count
    values = .allocate(capacity: max(count, 1))
    values.initialize(repeating: .unresolved, count: count)
  }

  func set(_ name: Str, _ value: Value) {
    if let index = program.contextIndex(of: name), index < count { values[index] = value }
  }

  func deallocate() {
    values.deinitialize(count: count)
    values.deallocate()
  }
}

/// Variables of the functions that need no `Closure`: one region after the other in large chunks.
struct ValueStack {
  private var chunks: [(base: Slots, end: Slots)] = []
  private(set) var top: Slots
  private var end: Slots
  private var used = 0

  /// Small memory is quick to get, and most renderings need no more.
  private static let firstCapacity = 64

  init() {
    top = .allocate(capacity: Self.firstCapacity)
    end = top + Self.firstCapacity
    chunks.append((top, end))
  }

  /// `count` variables, all missing. Given back in reverse order with `pop`.
  @inline(__always) mutating func push(_ count: Int) -> Slots {
    if end - top < count { return pushInNewChunk(count) }
    let slots = top
    slots.initialize(repeating: .missing, count: count)
    top += count
    return slots
  }

  @inline(never) private mutating func pushInNewChunk(_ count: Int) -> Slots {
    used += 1
    let capacity = max(count, used == 1 ? 512 : 8192)
    if used < chunks.count, chunks[used].end - chunks[used].base < count {
      chunks[used].base.deallocate()
      let base = Slots.allocate(capacity: capacity)
      chunks[used] = (base, base + capacity)
    } else if used == chunks.count {
      let base = Slots.allocate(capacity: capacity)
      chunks.append((base, base + capacity))
    }
    (top, end) = (chunks[used].base, chunks[used].end)
    return push(count)
  }

  /// `previous` is what `top` was before the push.
  @inline(__always) mutating func pop(_ slots: Slots, _ count: Int, to previous: Slots) {
    slots.deinitialize(count: count)
    if previous != slots {
      used -= 1
      end = chunks[used].end
    }
    top = previous
  }

  func deallocate() { for chunk in chunks { chunk.base.deallocate() } }
}
