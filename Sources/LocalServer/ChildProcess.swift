import Diagnostics
import Glibc

/// Starts programs with an argument list and a chosen environment: no shell, no inherited descriptors.
enum ChildProcess {
  /// Where a child's standard output and error go.
  enum Output {
    /// Appended to a file, which is made if need be.
    case file(String)
    /// An open descriptor of ours.
    case descriptor(Int32)
  }

  /// - Parameter session: a session of its own, so that a Ctrl-C on our terminal does not reach it.
  /// - Returns: the process id.
  static func spawn(
    _ arguments: [String], environment: [String: String], output: Output, session: Bool = false
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }

    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    switch output {
    case .file(let path): posix_spawn_file_actions_addopen(&actions, 1, path, O_WRONLY | O_CREAT | O_APPEND, 0o640)
    case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, 1)
    }
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // A server that outlives us must not keep pipes open that our caller waits on.
    for name in StateFiles.names(in: "/dev/fd") {
      if let descriptor = Int32(name), descriptor > 2 { posix_spawn_file_actions_addclose(&actions, descriptor) }
    }
    // The account the child runs as may not be allowed to see our own working folder.
    changeDirectory(&actions, "/")

    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    var flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
    if session { flags |= sessionFlag }
    posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: flags))

    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    var pairs: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") }
    words.append(nil)
    pairs.append(nil)
    defer { for word in words + pairs { free(word) } }
    var pid: pid_t = 0
    let result = posix_spawn(&pid, arguments[0], &actions, &attributes, words, pairs)
    guard result == 0 else {
      throw Diagnostic(
        "cannot-start-program", .runtime,
        "Could not start \(arguments[0]): \(String(cString: strerror(result))).")
    }
    return pid
  }

  /// Runs to the end. `output` is standard output and error together.
  static func run(_ arguments: [String], environment: [String: String]) throws -> (status: Int32, output: String) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw StateFiles.failure("make a pipe for", arguments[0]) }
    let pid: pid_t
    do {
      pid = try spawn(arguments, environment: environment, output: .descriptor(ends[1]))
    } catch {
      close(ends[0])
      close(ends[1])
      throw error
    }
    close(ends[1])
    let output = StateFiles.readAll(ends[0])
    close(ends[0])
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    // The low seven bits are the signal that ended it, if one did.
    let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    return (code, String(decoding: output, as: UTF8.self))
  }

  /// Looked up by name: the C library has it (2.29), Swift's view of its headers does not.
  private static func changeDirectory(_ actions: inout posix_spawn_file_actions_t, _ path: String) {
    typealias AddChdir =
      @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, UnsafePointer<CChar>) -> Int32
    guard let symbol = dlsym(nil, "posix_spawn_file_actions_addchdir_np") else { return }
    _ = unsafeBitCast(symbol, to: AddChdir.self)(&actions, path)
  }

  private static var sessionFlag: Int32 {
    0x80  // POSIX_SPAWN_SETSID, a GNU extension
  }

  /// What a server and its tools get to see: nothing of our PG variables, and messages in English.
  static var cleanEnvironment: [String: String] {
    var environment = ["LC_ALL": "C", "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"]
    for name in ["PATH", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"] {
      if let value = getenv(name) { environment[name] = String(cString: value) }
    }
    return environment
  }
}
