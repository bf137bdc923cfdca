import Diagnostics
import Files
import Glibc

/// One start of the server; the caller holds the lock.
struct ServerStart {
  let server: LocalServer
  let state: ServerState

  func run() throws -> ServerEndpoint {
    let binaries: ServerBinaries
    let account: ServerAccount
    if state.hasCluster {
      binaries = try ServerBinaries.find(major: state.clusterMajor)
      account = try ServerAccount.choose(owner: state.clusterOwner)
    } else {
      binaries = try ServerBinaries.find()
      account = try ServerAccount.choose()
      try state.chooseHome(for: account)
      try makeCluster(binaries, account)
    }
    if case .busy = server.status(), let postmaster = PostmasterFile.read(in: state.data) {
      // Somebody else's start without our lock (a killed tenon's, say): it may be recovering.
      if let endpoint = try waitUntilReady(postmaster.pid, seconds: 120) { return endpoint }
    }
    try writeSettings(account)
    rotateLog()
    server.onProgress?("Starting PostgreSQL \(binaries.version)")
    return try launch(binaries, account)
  }

  // MARK: - The cluster

  /// initdb into `data.new`, renamed when it is whole: a killed initdb leaves nothing that looks like a cluster.
  private func makeCluster(_ binaries: ServerBinaries, _ account: ServerAccount) throws {
    server.onProgress?("Creating the database cluster with PostgreSQL \(binaries.version) (once)")
    let fresh = "\(state.home)/data.new"
    let passwordFile = "\(state.home)/password"
    try StateFiles.removeTree(fresh)
    try account.makePrivateDirectory(fresh)
    try StateFiles.write("\(LocalServer.password)\n", to: passwordFile, mode: 0o600)
    if account.isOther { chown(passwordFile, account.uid, account.gid) }
    defer { unlink(passwordFile) }
    var command = [
      binaries.initdb, "--pgdata=\(fresh)", "--username=\(LocalServer.user)", "--pwfile=\(passwordFile)",
      "--encoding=UTF8", "--lc-messages=C", "--auth-local=trust", "--auth-host=scram-sha-256",
    ]
    if server.durability == .none { command.append("--no-sync") }
    var result = try ChildProcess.run(
      account.wrap(command + ["--locale=C.UTF-8"]), environment: ChildProcess.cleanEnvironment)
    if result.status != 0, result.output.contains("locale") {
      // Not every C library has C.UTF-8.
      result = try ChildProcess.run(
        account.wrap(command + ["--locale=C"]), environment: ChildProcess.cleanEnvironment)
    }
    guard result.status == 0 else {
      throw Diagnostic(
        "server-initdb", .runtime, "initdb failed (status \(result.status)):\n\(lastLines(result.output, 12))")
    }
    guard rename(fresh, state.data) == 0 else { throw StateFiles.failure("rename", fresh) }
  }

  /// Our settings, in a file of their own that `postgresql.conf` includes; `ALTER SYSTEM` still wins over them.
  private func writeSettings(_ account: ServerAccount) throws {
    var lines = [
      "# Written by tenon at every start. For settings of your own use ALTER SYSTEM.",
      "max_connections = 200", "password_encryption = 'scram-sha-256'", "jit = off", "lc_messages = 'C'",
      "log_line_prefix = '%m [%p] %d '", "logging_collector = off", "log_destination = 'stderr'",
    ]
    if server.durability == .none {
      lines += ["fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum_naptime = '1h'"]
    }
    let file = "\(state.data)/tenon.conf"
    try StateFiles.write(lines.joined(separator: "\n") + "\n", to: file, mode: 0o600)
    if account.isOther { chown(file, account.uid, account.gid) }
    let main = "\(state.data)/postgresql.conf"
    let include = "include_if_exists = 'tenon.conf'"
    guard let text = StateFiles.read(main), !text.contains(include) else { return }
    try StateFiles.write(text + "\n\(include)\n", to: main, mode: 0o600)
    if account.isOther { chown(main, account.uid, account.gid) }
  }

  private func rotateLog() {
    if let info = FileSystem.status(state.log), info.st_size > 10 << 20 { rename(state.log, "\(state.log).1") }
  }

  // MARK: - The process

  /// Tries until it runs: with other ports when somebody was faster, and again when a killed server's children are
  /// still going away.
  private func launch(_ binaries: ServerBinaries, _ account: ServerAccount) throws -> ServerEndpoint {
    var taken: Set<Int> = []
    var waits = 0
    while true {
      removeStalePidFile()
      let port = Ports.choose(remembered: state.port, first: server.firstPort, avoiding: taken)
      let logStart = FileSystem.status(state.log).map { Int($0.st_size) } ?? 0
      let socket = try state.socketDirectory(for: account)
      let pid = try ChildProcess.spawn(
        account.wrap([
          binaries.postgres, "-D", state.data, "-c", "listen_addresses=\(LocalServer.host)", "-c", "port=\(port)",
          "-c", "unix_socket_directories=\(quotedDirectory(socket))",
        ]), environment: ChildProcess.cleanEnvironment, output: .file(state.log), session: true)
      if let endpoint = try waitUntilReady(pid, seconds: 120) {
        try state.remember(port: port)
        return endpoint
      }
      let size = FileSystem.status(state.log).map { Int($0.st_size) } ?? 0
      let said = StateFiles.tail(state.log, bytes: max(0, size - logStart)) ?? ""
      if said.contains("could not bind") || said.contains("could not create any TCP/IP sockets"), taken.count < 20 {
        taken.insert(port)
      } else if said.contains("pre-existing shared memory block") || said.contains("lock file"), waits < 100 {
        waits += 1
        usleep(100_000)
      } else {
        throw Diagnostic(
          "server-start", .runtime, "The server did not start:\n\(lastLines(said, 12))", hint: "Its log: \(state.log)")
      }
    }
  }

  /// - Returns: nil when the process has ended.
  private func waitUntilReady(_ pid: pid_t, seconds: Int) throws -> ServerEndpoint? {
    for _ in 0..<(seconds * 50) {
      if case .running(let endpoint) = server.status(), endpoint.pid == Int(pid), answers(endpoint) { return endpoint }
      var status: Int32 = 0
      if waitpid(pid, &status, WNOHANG) == pid || (kill(pid, 0) != 0 && errno == ESRCH) { return nil }
      usleep(20_000)
    }
    throw Diagnostic(
      "server-start", .runtime, "The server (process \(pid)) is not ready after \(seconds) seconds.",
      hint: "Its log: \(state.log)")
  }

  /// Whether something takes connections on the socket.
  private func answers(_ endpoint: ServerEndpoint) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array("\(endpoint.socketDirectory)/.s.PGSQL.\(endpoint.port)".utf8)
    guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { return true }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return true }
    defer { close(descriptor) }
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
  }

  /// A pid file whose process is gone, or is no PostgreSQL, would keep the server from starting.
  private func removeStalePidFile() {
    let path = PostmasterFile.path(in: state.data)
    guard FileSystem.exists(path) else { return }
    if let postmaster = PostmasterFile.read(in: state.data), postmaster.isAlive { return }
    unlink(path)
  }

  /// A list of folders, as the server parses it: in double quotes a comma or space is nothing special.
  private func quotedDirectory(_ path: String) -> String {
    var out = "\""
    for character in path {
      if character == "\"" { out.append("\"") }
      out.append(character)
    }
    return out + "\""
  }

  private func lastLines(_ text: String, _ count: Int) -> String {
    text.split(separator: "\n").suffix(count).joined(separator: "\n")
  }
}
