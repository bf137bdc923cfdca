import Diagnostics

/// Work that mostly waits for servers, a few pieces at a time.
public enum SideBySide {
  /// - Parameter limit: how many pieces at once.
  /// - Returns: what each piece gave, in their order.
  public static func map<Result: Sendable>(
    _ count: Int, limit: Int, _ body: @escaping @Sendable (Int) -> Result
  ) -> [Result] {
    if count <= 1 || limit <= 1 { return (0..<count).map(body) }
    let next = Locked(0)
    let results = Locked([Result?](repeating: nil, count: count))
    let work: @Sendable () -> Void = {
      while true {
        let index = next.withLock { next -> Int in
          defer { next += 1 }
          return next
        }
        guard index < count else { return }
        let result = body(index)
        results.withLock { $0[index] = result }
      }
    }
    let threads = (1..<min(limit, count)).compactMap { _ in FleetThread(stackSize: 1 << 20, work) }
    work()
    for thread in threads { thread.join() }
    return results.withLock { $0 }.compactMap { $0 }
  }
}
