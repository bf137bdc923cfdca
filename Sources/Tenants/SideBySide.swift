/// Work that mostly waits for servers, a few pieces at a time.
public enum SideBySide {
  /// - Parameter limit: how many pieces at once.
  /// - Returns: what each piece gave, in their order.
  public static func map<Result: Sendable>(
    _ count: Int, limit: Int, _ body: @escaping @Sendable (Int) -> Result
  ) -> [Result] {
    if count <= 1 || limit <= 1 { return (0..<count).map(body) }
    let next = Shared(0)
    let results = Shared([Result?](repeating: nil, count: count))
    let work: @Sendable () -> Void = {
      while true {
        let index = next.change { next -> Int in
          defer { next += 1 }
          return next
        }
        guard index < count else { return }
        let result = body(index)
        results.change { $0[index] = result }
      }
    }
    let threads = (1..<min(limit, count)).compactMap { _ in FleetThread(stackSize: 1 << 20, work) }
    work()
    for thread in threads { thread.join() }
    return results.change { $0 }.compactMap { $0 }
  }

  private final class Shared<Value>: @unchecked Sendable {
    private var value: Value
    private let turn = TurnLock()
    init(_ value: Value) { self.value = value }
    func change<Result>(_ body: (inout Value) -> Result) -> Result { turn.hold(true) { body(&value) } }
  }
}
