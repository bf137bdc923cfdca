import Glibc

/// How the C library's allocator is told what this program is like: many small things, made by all threads and kept.
enum AllocatorSettings {
  // malloc.h is not in the module of the C library, and not every C library has this function.
  private typealias Setting = @convention(c) (Int32, Int32) -> Int32
  private static let mallopt: Setting? = dlsym(nil, "mallopt").map { unsafeBitCast($0, to: Setting.self) }

  private static var arenas: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) * 2 }

  /// To be called before there are threads.
  ///
  /// By default every thread gets an arena (eight for each core), each with free room of its own. With two for each core
  /// hardly a thread waits for another: with one for two cores, a third of the time of `parse` went to waiting. More take
  /// more memory in `compile`.
  static func apply() {
    _ = mallopt?(arenaMaximum, Int32(arenas))
    _ = mallopt?(topPad, 1 << 20)
  }

  /// Makes the threads' arenas large from the start, which takes address space and no memory. Else the C library asks the
  /// system for one page after the other (`mprotect`), each time holding up all threads that touch new memory.
  static func widen() {
    guard let mallopt else { return }
    _ = mallopt(mapThreshold, Int32(Self.stretch) + 4096)
    // An arena belongs to whoever has one, so as many threads have to be there together as there are to be arenas; the
    // main thread has the one that is there already.
    let gate = Gate()
    var threads: [pthread_t] = []
    for _ in 0..<arenas - 1 {
      var thread = pthread_t()
      let status = pthread_create(
        &thread, nil,
        { raw in
          guard let raw else { return nil }
          let (first, second) = (malloc(AllocatorSettings.stretch), malloc(AllocatorSettings.stretch))
          Unmanaged<Gate>.fromOpaque(raw).takeUnretainedValue().pass()
          free(second)
          free(first)
          return nil
        }, Unmanaged.passUnretained(gate).toOpaque())
      // Where there may be no more threads, there are no more arenas either.
      if status == 0 { threads.append(thread) }
    }
    gate.open(for: threads.count)
    for thread in threads { pthread_join(thread, nil) }
    _ = mallopt(mapThreshold, defaultMapThreshold)
  }

  /// Holds threads until all that could be started have come.
  private final class Gate: @unchecked Sendable {
    private let come = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    private let isOpen = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() {
      sem_init(come, 0, 0)
      sem_init(isOpen, 0, 0)
    }

    deinit {
      for semaphore in [come, isOpen] {
        sem_destroy(semaphore)
        semaphore.deallocate()
      }
    }

    func pass() {
      sem_post(come)
      while sem_wait(isOpen) != 0 {}
    }

    func open(for count: Int) {
      for _ in 0..<count { while sem_wait(come) != 0 {} }
      for _ in 0..<count { sem_post(isOpen) }
    }
  }

  /// Half of what an arena's first stretch of addresses can hold (`HEAP_MAX_SIZE` of glibc: 64 MiB).
  private static let stretch = 30 << 20

  /// `M_ARENA_MAX`, `M_TOP_PAD` and `M_MMAP_THRESHOLD` of malloc.h, and the last one's own value.
  private static let arenaMaximum: Int32 = -8
  private static let topPad: Int32 = -2
  private static let mapThreshold: Int32 = -3
  private static let defaultMapThreshold: Int32 = 128 * 1024
}
