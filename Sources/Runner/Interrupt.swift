import Diagnostics
import Events
import Glibc

/// Ctrl-C: the first asks for an end, the second ends at once.
///
/// The signals are blocked everywhere and taken by one thread, so that nothing runs in a signal handler.
public final class Interrupt: @unchecked Sendable {
  private struct State {
    var happened = false
    var action: (@Sendable () -> Void)?
  }
  private let state = Locked(State())

  public init() {}

  public var happened: Bool { state.withLock { $0.happened } }

  /// Called on the first signal, from a thread of its own; also when it came before this was set.
  public var onInterrupt: (@Sendable () -> Void)? {
    get { state.withLock { $0.action } }
    set {
      let late = state.withLock { state -> Bool in
        state.action = newValue
        return state.happened
      }
      if late { newValue?() }
    }
  }

  /// Does what the first signal does, for a run inside of another that has the signals.
  public func trigger() {
    let action = state.withLock { state -> (@Sendable () -> Void)? in
      state.happened = true
      return state.action
    }
    action?()
  }

  /// Takes SIGINT and SIGTERM from now on. Call it before other threads are made.
  public func install() {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGINT)
    sigaddset(&set, SIGTERM)
    pthread_sigmask(SIG_BLOCK, &set, nil)
    let waited = set
    let worker = Worker(name: "Interrupt") { [self] in
      var set = waited
      var number: Int32 = 0
      while sigwait(&set, &number) == 0 {
        let (first, action) = state.withLock { state -> (Bool, (@Sendable () -> Void)?) in
          defer { state.happened = true }
          return (!state.happened, state.action)
        }
        if !first { _exit(number == SIGINT ? 130 : 143) }
        action?()
      }
    }
    worker.start()
  }
}
