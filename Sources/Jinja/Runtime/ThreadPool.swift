import Glibc

/// One thing a thread, kept from one use to the next because making it is dear.
struct ThreadPool<Item: AnyObject>: Sendable {
  private let key: pthread_key_t

  init() {
    var key = pthread_key_t()
    pthread_key_create(&key) { pointer in
      if let pointer { Unmanaged<AnyObject>.fromOpaque(pointer).release() }
    }
    self.key = key
  }

  /// What this thread keeps; nil when it has nothing, or is using it.
  func take() -> Item? {
    guard let kept = pthread_getspecific(key) else { return nil }
    pthread_setspecific(key, nil)
    return Unmanaged<Item>.fromOpaque(kept).takeRetainedValue()
  }

  /// Keeps something for this thread, unless it has one already.
  func give(_ item: Item) {
    guard pthread_getspecific(key) == nil else { return }
    pthread_setspecific(key, Unmanaged.passRetained(item).toOpaque())
  }
}
