import Glibc

/// What the thread is doing: its name in logs and the node it works on.
public final class ThreadContext {
  public var name: String
  public var node: NodeInfo?
  /// The log some of whose lines the thread keeps back, so that others need not wait: for as long as
  /// `EventLog.holdLines` runs.
  unowned(unsafe) var holder: EventLog?
  /// Lines held back.
  var held: [UInt8] = []
  /// When they were last written.
  var lastWrite = Timestamp(seconds: 0, nanoseconds: 0)
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
