import Diagnostics
import Files
import Testing

@testable import LocalServer

import Glibc

/// A folder that is removed again, reachable by every account.
struct TemporaryFolder {
  let path: String

  init(mode: mode_t = 0o755) throws {
    var template = Array("/tmp/tenon-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw StateFiles.failure("make a folder in", "/tmp") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    chmod(path, mode)
  }

  func remove() { try? StateFiles.removeTree(path) }
}

@Suite(.serialized) struct LocalServerTests {
  /// Other tests' servers start and stop meanwhile: each has a range of ports of its own.
  private func makeServer(_ directory: String) -> LocalServer {
    var server = LocalServer(stateDirectory: directory, durability: .none)
    server.firstPort = .random(in: 15_000...30_000)
    return server
  }

  @Test func lifeOfAServer() throws {
    let folder = try TemporaryFolder()
    let server = makeServer("\(folder.path)/.tenon/server")
    defer {
      try? server.reset()
      folder.remove()
    }
    #expect(server.status() == .absent)
    #expect(try server.stop() == false)

    let first = try server.start()
    #expect(server.status() == .running(first))
    #expect(first.host == "127.0.0.1")
    #expect(!Ports.isFree(first.port))
    #expect(try server.start() == first)
    #expect(!server.logs(lines: 5).isEmpty)
    #expect(StateFiles.read("\(folder.path)/.tenon/server/.gitignore") == "*\n")

    // Killed: the pid file stays and is stale; the next start recovers, on the same port.
    kill(pid_t(first.pid), SIGKILL)
    for _ in 0..<100 where server.status() != .stopped { usleep(20_000) }
    #expect(FileSystem.exists(PostmasterFile.path(in: first.dataDirectory)))
    let second = try server.start()
    #expect(second.pid != first.pid)
    #expect(second.port == first.port)

    #expect(try server.stop())
    #expect(server.status() == .stopped)
    #expect(try server.stop() == false)

    // Its port is taken meanwhile.
    let squatter = try Squatter(port: first.port)
    let third = try server.start()
    #expect(third.port != first.port)
    squatter.close()
    try server.stop()
    // The new port is remembered.
    #expect(try server.start().port == third.port)

    try server.reset()
    #expect(server.status() == .absent)
    #expect(!FileSystem.exists("\(folder.path)/.tenon/server/data"))
  }

  @Test func aPidFileOfAnotherProcessIsStale() throws {
    let folder = try TemporaryFolder()
    let server = makeServer("\(folder.path)/server")
    defer {
      try? server.reset()
      folder.remove()
    }
    let endpoint = try server.start()
    try server.stop()
    // As after a reboot: the number now belongs to somebody else, here to this very process.
    let file = PostmasterFile.path(in: endpoint.dataDirectory)
    try StateFiles.write(
      "\(getpid())\n\(endpoint.dataDirectory)\n1\n5433\n/tmp\n127.0.0.1\n  1 2\nready   \n", to: file)
    if let owner = FileSystem.status(endpoint.dataDirectory) { chown(file, owner.st_uid, owner.st_gid) }
    #expect(server.status() == .stopped)
    #expect(try server.start().pid != Int(getpid()))
  }

  @Test func startsThatRaceGiveOneServer() throws {
    let folder = try TemporaryFolder()
    let server = makeServer("\(folder.path)/server")
    defer {
      try? server.reset()
      folder.remove()
    }
    let outcomes = Outcomes()
    let threads = (0..<4).map { _ in
      Thread { outcomes.add(Result { try server.start() }) }
    }
    for thread in threads { thread.join() }
    let endpoints = try outcomes.all.map { try $0.get() }
    #expect(endpoints.count == 4)
    #expect(Set(endpoints.map(\.pid)).count == 1)
  }

  /// A project under a folder that only we may enter: when we are root, the server's account can't get there.
  @Test func aPrivateParentFolderIsNoObstacle() throws {
    let folder = try TemporaryFolder(mode: 0o700)
    let server = makeServer("\(folder.path)/a project's \"own\"/.tenon/server")
    defer {
      try? server.reset()
      folder.remove()
    }
    let endpoint = try server.start()
    #expect(server.endpoint == endpoint)
    if geteuid() == 0 {
      #expect(!endpoint.dataDirectory.hasPrefix(folder.path))
      #expect(FileSystem.status(endpoint.dataDirectory)?.st_uid != 0)
    }
    try server.reset()
    #expect(!FileSystem.exists(endpoint.dataDirectory))
    #expect(!FileSystem.exists(Path.parent(endpoint.dataDirectory)) || geteuid() != 0)
  }

  @Test func aLongPathGetsAShortSocketFolder() throws {
    let folder = try TemporaryFolder()
    let deep = "\(folder.path)/\(String(repeating: "long", count: 30))/server"
    let server = makeServer(deep)
    defer {
      try? server.reset()
      folder.remove()
    }
    let endpoint = try server.start()
    #expect(endpoint.socketDirectory.utf8.count < 90)
    #expect(endpoint.dataDirectory.hasPrefix(folder.path))
    try server.stop()
    // The same folder again, not a new one for every start.
    #expect(try server.start().socketDirectory == endpoint.socketDirectory)
    try server.reset()
    #expect(!FileSystem.exists(endpoint.socketDirectory))
  }

  @Test func aMissingServerIsExplained() throws {
    #expect(throws: Diagnostic.self) { try ServerBinaries.find(in: ["/nonexistent"]) }
    do {
      _ = try ServerBinaries.find(in: [])
    } catch let diagnostic as Diagnostic {
      #expect(diagnostic.code == "server-missing")
      #expect(diagnostic.hint?.contains("apt-get install postgresql") == true)
    }
  }

  @Test func versions() {
    #expect(
      ServerBinaries.parse(version: "postgres (PostgreSQL) 15.4 (Debian 15.4-1)\n").map { [$0.major, $0.minor] } == [
        15, 4,
      ])
    #expect(ServerBinaries.parse(version: "postgres (PostgreSQL) 17beta1").map { [$0.major, $0.minor] } == [17, 0])
    #expect(ServerBinaries.parse(version: "something else") == nil)
  }

  @Test func pidFiles() {
    let text = "4711\n/data dir\n1700000000\n5433\n/run/dir\n127.0.0.1\n  5433001   3\nready   \n"
    #expect(
      PostmasterFile.parse(text)
        == PostmasterFile(
          pid: 4711, dataDirectory: "/data dir", port: 5433, socketDirectory: "/run/dir", state: "ready"))
    #expect(PostmasterFile.parse("4711\n/data\n")?.isReady == false)
    #expect(PostmasterFile.parse("") == nil)
    #expect(PostmasterFile.parse("-1\n/data\n") == nil)
  }
}

/// Holds a loopback port.
struct Squatter {
  private let descriptor: Int32

  init(port: Int) throws {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard bound == 0, listen(descriptor, 1) == 0 else { throw StateFiles.failure("bind", "port \(port)") }
  }

  func close() { _ = systemClose(descriptor) }
}

private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }

/// Results collected from several threads.
final class Outcomes: @unchecked Sendable {
  private var results: [Result<ServerEndpoint, any Error>] = []
  private var mutex = pthread_mutex_t()

  func add(_ result: Result<ServerEndpoint, any Error>) {
    pthread_mutex_lock(&mutex)
    results.append(result)
    pthread_mutex_unlock(&mutex)
  }

  var all: [Result<ServerEndpoint, any Error>] { results }
}

/// A plain thread: blocking calls do not belong on the cooperative pool.
struct Thread {
  private final class Box { let body: () -> Void; init(_ body: @escaping () -> Void) { self.body = body } }
  private let id: pthread_t

  init(_ body: @escaping @Sendable () -> Void) {
    var id = pthread_t()
    pthread_create(
      &id, nil,
      { argument in
        if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, Unmanaged.passRetained(Box(body)).toOpaque())
    self.id = id
  }

  func join() { pthread_join(id, nil) }
}
