import Glibc

/// How the C library's allocator is told what this program is like: many small things, made by all threads and kept.
enum AllocatorSettings {
  /// To be called before there are threads.
  ///
  /// By default every thread gets an arena (eight for each core), each with free room of its own, and arenas grow a page
  /// at a time. With two for each core hardly a thread waits for another: with one for two cores, a third of the time of
  /// `parse` went to waiting. More take more memory in `compile`.
  static func apply() {
    // malloc.h is not in the module of the C library, and not every C library has this function.
    typealias Setting = @convention(c) (Int32, Int32) -> Int32
    guard let symbol = dlsym(nil, "mallopt") else { return }
    let mallopt = unsafeBitCast(symbol, to: Setting.self)
    _ = mallopt(arenaMaximum, Int32(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) * 2))
    _ = mallopt(topPad, 1 << 20)
  }

  /// `M_ARENA_MAX` and `M_TOP_PAD` of malloc.h.
  private static let arenaMaximum: Int32 = -8
  private static let topPad: Int32 = -2
}
