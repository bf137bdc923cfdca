import Glibc

/// How deep this thread's native stack may go before the engine refuses to recurse further.
enum StackGuard {
  /// Kept free for what runs below the deepest check.
  private static let reserve: UInt = 192 << 10

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()

  /// The lowest address a check may see on this thread; found once a thread.
  static var limit: UInt {
    if let known = pthread_getspecific(key) { return UInt(bitPattern: known) }
    let limit = measure()
    pthread_setspecific(key, UnsafeRawPointer(bitPattern: limit))
    return limit
  }

  private static func measure() -> UInt {
    var attributes = pthread_attr_t()
    guard attributesOfThread(pthread_self(), &attributes) == 0 else { return 1 }
    defer { pthread_attr_destroy(&attributes) }
    var base: UnsafeMutableRawPointer?
    var size = 0
    guard pthread_attr_getstack(&attributes, &base, &size) == 0, let base else { return 1 }
    return UInt(bitPattern: base) + min(reserve, UInt(size) / 2)
  }
}

/// glibc declares it only for GNU sources, which Swift's view of the headers is not.
@_silgen_name("pthread_getattr_np")
private func attributesOfThread(_ thread: pthread_t, _ attributes: UnsafeMutablePointer<pthread_attr_t>) -> CInt
