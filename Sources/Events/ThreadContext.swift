import Glibc

/// What the thread is doing: its name in logs and the node it works on.
public final class ThreadContext {
  public var name: String
  public var node: NodeInfo?
  init(name: String) { self.name = name }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key) { raw in
      if let raw { Unmanaged<ThreadContext>.fromOpaque(raw).release() }
    }
    return key
  }()

  /// The calling thread's context, made at the first call. dbt names its main thread `MainThread`.
  public static var current: ThreadContext {
    if let raw = pthread_getspecific(key) { return Unmanaged<ThreadContext>.fromOpaque(raw).takeUnretainedValue() }
    let context = ThreadContext(name: "MainThread")
    pthread_setspecific(key, Unmanaged.passRetained(context).toOpaque())
    return context
  }
}
