import Dispatch
import Glibc

/// Work over a range of indexes, split in chunks over the cores.
enum Parallel {
  /// The cores that are worth using.
  static let workers = max(1, min(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 16))

  /// Runs `body` on contiguous chunks of `0..<count` and gives the results in order of the chunks. Small counts run
  /// on the calling thread.
  static func chunks<R: Sendable>(
    of count: Int, minimum: Int = 256, _ body: @Sendable (Range<Int>) -> R
  ) -> [R] {
    let pieces = max(1, min(workers * 4, count / minimum))
    if pieces <= 1 { return [body(0..<count)] }
    let results = Results<R>(pieces)
    DispatchQueue.concurrentPerform(iterations: pieces) { piece in
      results.set(piece, body(count * piece / pieces..<count * (piece + 1) / pieces))
    }
    return results.all
  }

  /// Runs `body` for each of `0..<count`, several at once.
  static func each(_ count: Int, _ body: @Sendable (Int) -> Void) {
    if count > 1 { DispatchQueue.concurrentPerform(iterations: count, execute: body) } else if count == 1 { body(0) }
  }

  /// Each slot is written by one thread, once, and read after all are done.
  private final class Results<R>: @unchecked Sendable {
    private let slots: UnsafeMutableBufferPointer<R?>
    init(_ count: Int) {
      slots = .allocate(capacity: count)
      slots.initialize(repeating: nil)
    }
    deinit {
      slots.deinitialize()
      slots.deallocate()
    }
    func set(_ index: Int, _ value: R) { slots[index] = value }
    var all: [R] { slots.compactMap { $0 } }
  }
}
