import Glibc

/// Loopback ports.
enum Ports {
  /// Nobody listens there, on IPv4 or IPv6. (Somebody may come before us: starting copes with that.)
  static func isFree(_ port: Int) -> Bool {
    guard (1...65535).contains(port) else { return false }
    return binds4(port) && binds6(port)
  }

  /// The remembered port if it is free, else the first free one of a hundred from `first`, else one the system gives.
  static func choose(remembered: Int?, first: Int, avoiding: Set<Int> = []) -> Int {
    if let remembered, !avoiding.contains(remembered), isFree(remembered) { return remembered }
    for port in first..<(first + 100) where !avoiding.contains(port) && isFree(port) { return port }
    return anyFree() ?? first
  }

  private static func binds4(_ port: Int) -> Bool {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    return binds(AF_INET, &address, MemoryLayout<sockaddr_in>.size)
  }

  private static func binds6(_ port: Int) -> Bool {
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_port = in_port_t(port).bigEndian
    address.sin6_addr = in6addr_loopback
    return binds(AF_INET6, &address, MemoryLayout<sockaddr_in6>.size)
  }

  private static func binds<Address>(_ family: Int32, _ address: inout Address, _ size: Int) -> Bool {
    let descriptor = tcpSocket(family)
    // No such protocol here: nobody can be in the way.
    guard descriptor >= 0 else { return true }
    defer { close(descriptor) }
    // As the server does; without it a port counts as taken for a minute after its last connection.
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(size)) }
    }
    if bound == 0 { return listen(descriptor, 1) == 0 }
    return errno == EADDRNOTAVAIL || errno == EAFNOSUPPORT
  }

  private static func anyFree() -> Int? {
    let descriptor = tcpSocket(AF_INET)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
      }
    } ? Int(in_port_t(bigEndian: address.sin_port)) : nil
  }

  private static func tcpSocket(_ family: Int32) -> Int32 {
    socket(family, Int32(SOCK_STREAM.rawValue), 0)
  }
}
