import Diagnostics
import Glibc

/// A file's bytes without a copy of them in memory: pages come when they are looked at and go when `forget` says so.
final class MappedFile {
  let bytes: UnsafeBufferPointer<UInt8>
  /// What tells that a file was changed: its size and time of change.
  let stamp: Stamp
  private let start: UnsafeMutableRawPointer?
  private var forgotten = 0
  private static let step = 8 << 20

  struct Stamp: Equatable {
    var size: Int
    var seconds: Int
    var nanoseconds: Int
  }

  /// - Throws: a Diagnostic when the file can't be read.
  init(_ path: String, shown: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure(shown) }
    defer { close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { throw Self.failure(shown) }
    let size = Int(info.st_size)
    let changed = info.st_mtim
    stamp = Stamp(size: size, seconds: Int(changed.tv_sec), nanoseconds: Int(changed.tv_nsec))
    guard size > 0 else {
      start = nil
      bytes = UnsafeBufferPointer(start: nil, count: 0)
      return
    }
    let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address, address != MAP_FAILED else { throw Self.failure(shown) }
    madvise(address, size, MADV_SEQUENTIAL)
    start = address
    bytes = UnsafeBufferPointer(start: address.assumingMemoryBound(to: UInt8.self), count: size)
  }

  deinit { if let start { munmap(start, bytes.count) } }

  /// Gives back the memory of what comes before an offset; it would be read again if it were looked at again.
  func forget(before offset: Int) {
    guard offset - forgotten >= Self.step, let start else { return }
    let end = offset / Self.step * Self.step
    madvise(start + forgotten, end - forgotten, MADV_DONTNEED)
    forgotten = end
  }

  private static func failure(_ shown: String) -> Diagnostic {
    Diagnostic("unreadable-seed", .runtime, "\(shown) could not be read: \(String(cString: strerror(errno)))")
  }
}
