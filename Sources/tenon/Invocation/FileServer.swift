import Diagnostics
import Files
import Glibc
import Project

/// A small HTTP server of one folder's files, for looking at documentation on one's own machine: GET and HEAD, one
/// request at a time.
final class FileServer: @unchecked Sendable {
  private let folder: String
  private let listener: Int32

  init(folder: String, host: String, port: Int) throws {
    self.folder = folder
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var yes: Int32 = 1
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(clamping: port).bigEndian)
    guard inet_pton(AF_INET, host == "localhost" ? "127.0.0.1" : host, &address.sin_addr) == 1 else {
      throw Diagnostic("host", .usage, "'\(host)' is not an IPv4 address.", hint: "Use 127.0.0.1, or 0.0.0.0 for all.")
    }
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard bound == 0, listen(listener, 16) == 0 else {
      throw Diagnostic(
        "port", .runtime, "Could not listen on \(host):\(port): \(String(cString: strerror(errno)))",
        hint: "Choose another port with --port.")
    }
  }

  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  /// Serves until stopped.
  func run() {
    signal(SIGPIPE, SIG_IGN)
    while true {
      let client = accept(listener, nil, nil)
      if client < 0 {
        if errno == EINTR { continue }
        close(listener)
        return
      }
      serve(client)
      close(client)
    }
  }

  private func serve(_ client: Int32) {
    var timeout = timeval(tv_sec: 5, tv_usec: 0)
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    var buffer = [UInt8](repeating: 0, count: 8192)
    let count = read(client, &buffer, buffer.count)
    guard count > 0 else { return }
    let line = String(decoding: buffer[..<count].prefix { $0 != 0x0D && $0 != 0x0A }, as: UTF8.self).split(
      separator: " ")
    guard line.count >= 2, line[0] == "GET" || line[0] == "HEAD" else {
      return respond(client, "405 Method Not Allowed", "text/plain", Array("Only GET.\n".utf8), body: true)
    }
    var path = String(line[1].prefix { $0 != "?" && $0 != "#" })
    if path == "/" { path = "/index.html" }
    // Nothing outside of the folder: no parent folders, no escapes.
    guard !path.contains(".."), !path.contains("%"), !path.contains("\0"),
      let bytes = try? FileSystem.read(Path.join(folder, String(path.dropFirst())))
    else { return respond(client, "404 Not Found", "text/plain", Array("Not found.\n".utf8), body: line[0] == "GET") }
    respond(client, "200 OK", Self.type(path), bytes, body: line[0] == "GET")
  }

  private static func type(_ path: String) -> String {
    if path.hasSuffix(".html") { return "text/html; charset=utf-8" }
    if path.hasSuffix(".json") { return "application/json" }
    if path.hasSuffix(".png") { return "image/png" }
    if path.hasSuffix(".svg") { return "image/svg+xml" }
    return "application/octet-stream"
  }

  private func respond(_ client: Int32, _ status: String, _ type: String, _ content: [UInt8], body: Bool) {
    var out = Array(
      "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(content.count)\r\nConnection: close\r\n\r\n"
        .utf8)
    if body { out += content }
    out.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let n = write(client, bytes.baseAddress! + done, bytes.count - done)
        if n <= 0 { return }
        done += n
      }
    }
  }
}
