import Glibc

/// One output buffer a thread, kept from one rendering to the next: a large buffer's memory costs more to get from the
/// system than to fill.
enum OutputPool {
  /// Larger buffers are not kept.
  private static let largest = 16 << 20

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key) { pointer in
      if let pointer { Unmanaged<OutputBuffer>.fromOpaque(pointer).release() }
    }
    return key
  }()

  static func take() -> OutputBuffer {
    guard let kept = pthread_getspecific(key) else { return OutputBuffer() }
    pthread_setspecific(key, nil)
    return Unmanaged<OutputBuffer>.fromOpaque(kept).takeRetainedValue()
  }

  static func give(_ buffer: OutputBuffer) {
    guard buffer.capacity <= largest, pthread_getspecific(key) == nil else { return }
    buffer.reset()
    pthread_setspecific(key, Unmanaged.passRetained(buffer).toOpaque())
  }
}
