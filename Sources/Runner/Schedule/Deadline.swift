import Diagnostics
import Events
import Glibc

/// Does something when a time is over, unless it was lifted before.
final class Deadline: Sendable {
  private let isLifted = Locked(false)
  private let worker: Worker

  init(seconds: Double, _ action: @escaping @Sendable () -> Void) {
    let end = monotonicSeconds() + seconds
    worker = Worker(name: "Deadline", stackBytes: 1 << 20) { [isLifted] in
      while monotonicSeconds() < end {
        if isLifted.withLock({ $0 }) { return }
        usleep(20_000)
      }
      action()
    }
    worker.start()
  }

  /// Takes it back, and waits until it is certain whether it acted.
  func lift() {
    isLifted.withLock { $0 = true }
    worker.join()
  }
}
