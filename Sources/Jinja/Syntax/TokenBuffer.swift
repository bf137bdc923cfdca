/// The tokens of a template in one piece of memory, which a thread uses again for the next template.
final class TokenBuffer {
  private(set) var base: UnsafeMutablePointer<Token>
  private var capacity: Int
  private(set) var count = 0

  private static let pool = ThreadPool<TokenBuffer>()
  /// Larger ones are not kept.
  private static let largest = 1 << 16

  static func take() -> TokenBuffer { pool.take() ?? TokenBuffer() }

  func give() {
    count = 0
    if capacity <= Self.largest { Self.pool.give(self) }
  }

  private init() {
    capacity = 1024
    base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  @inline(__always) func append(_ token: Token) {
    if count == capacity { grow() }
    (base + count).initialize(to: token)
    count &+= 1
  }

  private func grow() {
    let bigger = UnsafeMutablePointer<Token>.allocate(capacity: capacity * 2)
    bigger.update(from: base, count: count)
    base.deallocate()
    base = bigger
    capacity *= 2
  }
}
