import Diagnostics
import Glibc

/// The members of a large array or object, made by several threads a piece each and given to an output in order.
///
/// Memory stays small whatever the number of members: nobody begins a piece before room is free for it.
public enum JSONPieces {
  /// - Parameters:
  ///   - count: how many members there are; the sink that comes before and after them belongs to the caller.
  ///   - size: how many make a piece.
  ///   - continues: whether others come before them.
  ///   - make: writes some of the members, on any thread.
  ///   - output: takes the bytes, in order, one thread at a time.
  /// - Throws: what `output` throws; then nothing more is made.
  public static func write(
    _ count: Int, size: Int, continues: Bool = false, _ make: @Sendable (Range<Int>, inout JSONSink) -> Void,
    to output: (UnsafeRawBufferPointer) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    try withoutActuallyEscaping(output) { (output) throws(Diagnostic) in
      let line = Line(pieces: (count + size - 1) / size, output)
      Parallel.each(min(Parallel.workers, line.pieces)) { _ in
        while let (number, entry) = line.take() {
          let start = number * size
          // The first member has no comma before it.
          entry.sink.continues(continues || start > 0)
          make(start..<min(start + size, count), &entry.sink)
          line.put(number)
        }
      }
      if let problem = line.problem { throw problem }
    }
  }

  /// A sink that is used again and again, by one thread at a time.
  fileprivate final class Entry { var sink = JSONSink(capacity: 1 << 16) }

  /// Who makes what, and whose turn it is to go out.
  private final class Line: @unchecked Sendable {
    let pieces: Int
    private let output: (UnsafeRawBufferPointer) throws(Diagnostic) -> Void
    /// Piece number `n` is made in the entry `n % entries.count`.
    private let entries: [Entry]
    private var isMade: [Bool]
    private var taken = 0
    private var written = 0
    private var isWriting = false
    private(set) var problem: Diagnostic?
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    init(pieces: Int, _ output: @escaping (UnsafeRawBufferPointer) throws(Diagnostic) -> Void) {
      self.pieces = pieces
      self.output = output
      entries = (0..<min(max(pieces, 1), 3 * Parallel.workers)).map { _ in Entry() }
      isMade = Array(repeating: false, count: entries.count)
      mutex = .allocate(capacity: 1)
      condition = .allocate(capacity: 1)
      pthread_mutex_init(mutex, nil)
      pthread_cond_init(condition, nil)
    }

    deinit {
      pthread_cond_destroy(condition)
      pthread_mutex_destroy(mutex)
      condition.deallocate()
      mutex.deallocate()
    }

    /// The next piece to make, when there is room for it; nil when there is none left.
    func take() -> (Int, Entry)? {
      pthread_mutex_lock(mutex)
      defer { pthread_mutex_unlock(mutex) }
      while taken < pieces, taken >= written + entries.count, problem == nil { pthread_cond_wait(condition, mutex) }
      guard taken < pieces, problem == nil else { return nil }
      taken += 1
      return (taken - 1, entries[(taken - 1) % entries.count])
    }

    /// A piece is made: it goes out when its turn has come, with those behind it that are made too.
    func put(_ number: Int) {
      pthread_mutex_lock(mutex)
      defer { pthread_mutex_unlock(mutex) }
      isMade[number % entries.count] = true
      guard !isWriting else { return }
      isWriting = true
      while problem == nil, isMade[written % entries.count] {
        let entry = entries[written % entries.count]
        pthread_mutex_unlock(mutex)
        var failure: Diagnostic?
        do throws(Diagnostic) {
          try entry.sink.withBytes { (bytes) throws(Diagnostic) in try output(bytes) }
        } catch { failure = error }
        entry.sink.removeAll()
        pthread_mutex_lock(mutex)
        isMade[written % entries.count] = false
        written += 1
        problem = failure
        pthread_cond_broadcast(condition)
      }
      isWriting = false
    }
  }
}
