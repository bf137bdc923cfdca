import Events
import Glibc

/// A thread of our own: statements block it, never Swift's pool. Its stack is large, for deep templates.
public final class Worker: @unchecked Sendable {
  private var thread = pthread_t()
  private let body: @Sendable () -> Void
  private let name: String
  private let stackBytes: Int

  init(name: String, stackBytes: Int = 64 << 20, _ body: @escaping @Sendable () -> Void) {
    self.name = name
    self.stackBytes = stackBytes
    self.body = body
  }

  func start() {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, stackBytes)
    defer { pthread_attr_destroy(&attributes) }
    let box = Unmanaged.passRetained(self)
    let status = pthread_create(
      &thread, &attributes,
      { raw in
        guard let raw else { return nil }
        let worker = Unmanaged<Worker>.fromOpaque(raw).takeRetainedValue()
        ThreadContext.current.name = worker.name
        worker.body()
        return nil
      }, box.toOpaque())
    if status != 0 {
      box.release()
      body()
    }
  }

  /// Runs `body` on a thread of its own and waits for it.
  public static func run(name: String, stackBytes: Int, _ body: @escaping @Sendable () -> Void) {
    let worker = Worker(name: name, stackBytes: stackBytes, body)
    worker.start()
    worker.join()
  }

  /// Runs `body` on the calling thread, which has another name meanwhile.
  static func play(name: String, _ body: () -> Void) {
    let thread = ThreadContext.current
    let own = thread.name
    thread.name = name
    defer { thread.name = own }
    body()
  }

  func join() { pthread_join(thread, nil) }
}

/// A condition that threads wait for, with the state it is about.
final class Monitor<State>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private var state: State

  init(_ state: State) {
    self.state = state
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

  /// Changes the state and wakes all who wait.
  func update<R>(_ body: (inout State) -> R) -> R {
    pthread_mutex_lock(mutex)
    defer {
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
    }
    return body(&state)
  }

  /// Waits until `body` gives a value.
  /// - Parameter change: done first, and told to all who wait.
  func wait<R>(after change: ((inout State) -> Void)? = nil, _ body: (inout State) -> R?) -> R {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    if let change {
      change(&state)
      pthread_cond_broadcast(condition)
    }
    while true {
      if let value = body(&state) { return value }
      pthread_cond_wait(condition, mutex)
    }
  }
}
