import Glibc

extension StackGuard {
  /// Whether this thread's stack is nearly used up.
  @inline(__always) static var isLow: Bool {
    var here: UInt8 = 0
    return withUnsafeMutablePointer(to: &here) { UInt(bitPattern: $0) } < limit
  }

  /// - Throws: what Python calls a RecursionError, when the stack is nearly used up.
  @inline(__always) static func check() throws {
    if isLow { throw TemplateError(.recursion, "maximum recursion depth exceeded") }
  }
}

/// Frees structures nested too deeply for the native stack.
///
/// Releasing a list releases what it holds, one stack frame or more a level. Where the stack would end, what is left is
/// set aside here and freed from the top of a stack when a rendering ends.
enum DeepRelease {
  nonisolated(unsafe) private static let lock: UnsafeMutablePointer<pthread_mutex_t> = {
    let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    lock.initialize(to: pthread_mutex_t())
    pthread_mutex_init(lock, nil)
    return lock
  }()
  nonisolated(unsafe) private static var aside: [[Value]] = []

  /// Takes the items over when the stack is nearly used up.
  @inline(__always) static func guardStack(_ items: inout [Value]) {
    if StackGuard.isLow { setAside(&items) }
  }

  @inline(never) static func setAside(_ items: inout [Value]) {
    guard !items.isEmpty else { return }
    pthread_mutex_lock(lock)
    aside.append(items)
    pthread_mutex_unlock(lock)
    items = []
  }

  /// Frees what was set aside.
  static func drain() {
    while let items = next() { withExtendedLifetime(items) {} }
  }

  private static func next() -> [Value]? {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return aside.popLast()
  }
}
