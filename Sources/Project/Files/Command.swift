import Glibc

/// Runs another program and takes what it writes; no shell is involved.
struct Command {
  struct Output: Sendable {
    var status: Int32
    var standardOutput: [UInt8]
    var standardError: [UInt8]

    var succeeded: Bool { status == 0 }
    var text: String { String(decoding: standardOutput, as: UTF8.self) }
    var errorText: String { String(decoding: standardError, as: UTF8.self) }
  }

  /// The program could not be started at all.
  struct NotStarted: Error {
    var program: String
    var errno: Int32
    var reason: String { String(cString: strerror(errno)) }
  }

  var environment: [String: String]

  /// - Parameters:
  ///   - arguments: the program, looked for in PATH, and its arguments.
  ///   - input: given to it on standard input; small, as it is written before the output is read.
  func run(_ arguments: [String], input: String = "") throws(NotStarted) -> Output {
    let program = arguments.first ?? ""
    var inputPipe: [Int32] = [-1, -1]
    var outputPipe: [Int32] = [-1, -1]
    var errorPipe: [Int32] = [-1, -1]
    let pipes = [pipe(&inputPipe), pipe(&outputPipe), pipe(&errorPipe)]
    defer { for descriptor in inputPipe + outputPipe + errorPipe where descriptor >= 0 { close(descriptor) } }
    guard pipes.allSatisfy({ $0 == 0 }) else { throw NotStarted(program: program, errno: errno) }
    for descriptor in inputPipe + outputPipe + errorPipe { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, inputPipe[0], 0)
    posix_spawn_file_actions_adddup2(&actions, outputPipe[1], 1)
    posix_spawn_file_actions_adddup2(&actions, errorPipe[1], 2)

    var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var process = pid_t()
    let started = posix_spawnp(&process, program, &actions, nil, &argv, &envp)
    guard started == 0 else { throw NotStarted(program: program, errno: started) }

    for end in [inputPipe[0], outputPipe[1], errorPipe[1]] { close(end) }
    (inputPipe[0], outputPipe[1], errorPipe[1]) = (-1, -1, -1)
    // A program that does not read its input must not end this one.
    let previous = signal(SIGPIPE, SIG_IGN)
    Array(input.utf8).withUnsafeBytes { bytes in
      if let base = bytes.baseAddress, !bytes.isEmpty { _ = write(inputPipe[1], base, bytes.count) }
    }
    signal(SIGPIPE, previous)
    close(inputPipe[1])
    inputPipe[1] = -1

    let (standardOutput, standardError) = Self.drain(outputPipe[0], errorPipe[0])
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    let exited = status & 0x7F == 0
    return Output(
      status: exited ? (status >> 8) & 0xFF : 128 + (status & 0x7F), standardOutput: standardOutput,
      standardError: standardError)
  }

  /// Reads both to their ends; reading one after the other could block the program on the other.
  private static func drain(_ first: Int32, _ second: Int32) -> ([UInt8], [UInt8]) {
    var collected: [[UInt8]] = [[], []]
    var descriptors = [
      pollfd(fd: first, events: Int16(POLLIN), revents: 0), pollfd(fd: second, events: Int16(POLLIN), revents: 0),
    ]
    var buffer = [UInt8](repeating: 0, count: 65536)
    while descriptors.contains(where: { $0.fd >= 0 }) {
      if poll(&descriptors, 2, -1) < 0 {
        if errno == EINTR { continue }
        break
      }
      for index in descriptors.indices where descriptors[index].fd >= 0 && descriptors[index].revents != 0 {
        let count = read(descriptors[index].fd, &buffer, buffer.count)
        if count > 0 {
          collected[index] += buffer[..<count]
        } else if count == 0 || errno != EINTR {
          descriptors[index].fd = -1
        }
      }
    }
    return (collected[0], collected[1])
  }
}
