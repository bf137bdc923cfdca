import Glibc

/// The program's own code in memory.
enum CodePages {
  /// Gives back the pages of code that were used so far, the first time it is called. Those that are needed again come
  /// from the system's cache; most belong to starting up and reading a project, and are a third of the memory of a small
  /// run.
  static func giveBack() { _ = done }

  private static let done: Void = {
    // Where the system put the program's headers (getauxval(3), which is not in the module of the C library).
    typealias Look = @convention(c) (UInt) -> UInt
    guard let symbol = dlsym(nil, "getauxval") else { return }
    let look = unsafeBitCast(symbol, to: Look.self)
    let place = look(UInt(AT_PHDR))
    guard let headers = UnsafePointer<Elf64_Phdr>(bitPattern: place) else { return }
    let all = UnsafeBufferPointer(start: headers, count: Int(look(UInt(AT_PHNUM))))
    // Addresses in the headers are as linked; what they are moved by shows in that of the headers themselves.
    guard let own = all.first(where: { $0.p_type == UInt32(PT_PHDR) }) else { return }
    let moved = place &- UInt(own.p_vaddr)
    let page = UInt(sysconf(Int32(_SC_PAGESIZE)))
    for header in all where header.p_type == UInt32(PT_LOAD) && header.p_flags & writable == 0 {
      let start = moved &+ UInt(header.p_vaddr)
      let first = (start + page - 1) / page * page
      let end = (start + UInt(header.p_memsz)) / page * page
      guard end > first, let address = UnsafeMutableRawPointer(bitPattern: first) else { continue }
      _ = madvise(address, Int(end - first), MADV_DONTNEED)
    }
  }()

  /// `PF_W` of elf.h.
  private static let writable: UInt32 = 2
}
