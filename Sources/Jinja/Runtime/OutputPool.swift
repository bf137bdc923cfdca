/// One output buffer a thread, kept from one rendering to the next: a large buffer's memory costs more to get from the
/// system than to fill.
enum OutputPool {
  /// Larger buffers are not kept.
  private static let largest = 16 << 20
  private static let pool = ThreadPool<OutputBuffer>()

  static func take() -> OutputBuffer { pool.take() ?? OutputBuffer() }

  static func give(_ buffer: OutputBuffer) {
    guard buffer.capacity <= largest else { return }
    buffer.reset()
    pool.give(buffer)
  }
}
