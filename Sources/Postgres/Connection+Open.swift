import CLibPQ
import Glibc

extension Connection {
  /// Connects, trying each host in turn, and prepares the session (ISO dates, role).
  ///
  /// - Parameters:
  ///   - retries: how many more times to try when that may help (`PostgresError.isRetryableOnOpen`). As dbt does, the
  ///     first retry follows at once, the next after 1, 4, 9, … seconds.
  ///   - onRetry: told the error and the tries that are left.
  /// - Throws: `PostgresError` with libpq's text and, where the server answered, its SQLSTATE.
  public static func open(
    _ parameters: ConnectionParameters, retries: Int = 1, name: String? = nil,
    onRetry: ((PostgresError, Int) -> Void)? = nil
  ) throws -> Connection {
    var attempt = 0
    while true {
      do {
        let connection = Connection(taking: try connect(parameters), parameters: parameters, name: name)
        do {
          if let role = parameters.role, !role.isEmpty { try connection.refuseRoleBehindPooler(role) }
          try connection.prepareSession()
          return connection
        } catch {
          connection.close()
          throw error
        }
      } catch let error as PostgresError {
        guard attempt < retries, error.isRetryableOnOpen else { throw error }
        onRetry?(error, retries - attempt)
        let wait = min(attempt * attempt, 60)
        if wait > 0 { sleep(UInt32(wait)) }
        attempt += 1
      }
    }
  }

  /// What every session needs before its first statement, and again after `DISCARD ALL`.
  func prepareSession() throws {
    // A server or database may be set to another style; values are read as ISO.
    if let style = serverParameter("DateStyle"), !style.hasPrefix("ISO") { try execute("SET datestyle TO 'ISO'") }
    if let style = serverParameter("IntervalStyle"), style != "postgres" {
      try execute("SET intervalstyle TO 'postgres'")
    }
    if let role = parameters.role, !role.isEmpty { try execute("SET ROLE \(SQL.identifier(role))") }
  }

  /// Whether something between us and the server hands out its sessions: what we were told of the session when we
  /// connected is not what it says itself.
  public func leadsToPooler() throws -> Bool {
    guard let pid = try query("SELECT pg_catalog.pg_backend_pid()").scalar.flatMap(Int.init) else { return false }
    return pid != backendPID
  }

  /// A pooler may give every transaction another session, and what one was set to says nothing about the next.
  private func refuseRoleBehindPooler(_ role: String) throws {
    guard try leadsToPooler() else { return }
    var error = PostgresError("the connection leads to a pooler (pgbouncer), where the role '\(role)' cannot be kept")
    error.sqlState = "0A000"
    throw error.advising(
      "Take role out of the profile (ALTER ROLE … SET role keeps it in the database), or connect to the server itself.")
  }

  private static func connect(_ parameters: ConnectionParameters) throws -> OpaquePointer {
    try LibPQ.require()
    // The hosts are tried here, not by libpq, because it does not let a caller that polls give up on one host.
    let wanted = parameters.targetSessionAttributes
    let passes: [String?] = wanted == "prefer-standby" ? ["standby", nil] : [wanted]
    var failures: [PostgresError] = []
    for pass in passes {
      for endpoint in parameters.endpoints {
        do {
          return try connectOnce(
            parameters.keywords(host: endpoint.host, port: endpoint.port, sessionAttributes: pass),
            place: endpoint.host.map { "\($0)\(endpoint.port.map { ":\($0)" } ?? "")" } ?? "the default host",
            timeout: parameters.connectTimeout)
        } catch let error as PostgresError {
          failures.append(error)
        }
      }
    }
    guard var error = failures.last else { throw PostgresError("no host to connect to") }
    if failures.count > 1 {
      error.message = failures.map(\.message).joined(separator: "\n")
      error.sqlState = failures.contains { $0.sqlState == nil } ? nil : error.sqlState
    }
    throw error
  }

  private static func connectOnce(_ pairs: [(String, String)], place: String, timeout: Int) throws -> OpaquePointer {
    for (keyword, value) in pairs where value.utf8.contains(0) {
      throw PostgresError("the connection's \(keyword) holds a NUL character", sqlState: "22023")
    }
    let words = pairs.flatMap { [strdup($0.0), strdup($0.1)] }
    defer { for word in words { free(word) } }
    var keys: [UnsafePointer<CChar>?] = []
    var values: [UnsafePointer<CChar>?] = []
    for index in stride(from: 0, to: words.count, by: 2) {
      keys.append(words[index].map { UnsafePointer($0) })
      values.append(words[index + 1].map { UnsafePointer($0) })
    }
    keys.append(nil)
    values.append(nil)
    guard let handle = libpq.PQconnectStartParams(keys, values, 0) else { throw PostgresError("out of memory") }
    // Verbose while connecting: it is the only way to see the SQLSTATE of a refusal.
    _ = libpq.PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
    _ = libpq.PQsetNoticeProcessor(handle, { _, _ in }, nil)
    do {
      try poll(handle, place: place, timeout: timeout)
    } catch let error as PostgresError {
      libpq.PQfinish(handle)
      // Only a pooler refuses parameters that every server knows.
      if error.message.contains("unsupported startup parameter") {
        throw error.advising(
          "This is a connection pooler (pgbouncer) that does not pass the setting on: take search_path and "
            + "options out of the profile (ALTER ROLE … SET search_path keeps it), or name them in the pooler's "
            + "ignore_startup_parameters.")
      }
      throw error
    }
    _ = libpq.PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
    return handle
  }

  private static func poll(_ handle: OpaquePointer, place: String, timeout: Int) throws {
    // libpq itself makes a timeout of 1 second 2, because its clock has whole seconds; ours is finer.
    let deadline = timeout > 0 ? monotonicMilliseconds() + timeout * 1000 : nil
    var status = PGRES_POLLING_WRITING
    if libpq.PQstatus(handle) == CONNECTION_BAD { status = PGRES_POLLING_FAILED }
    while status != PGRES_POLLING_OK {
      guard status != PGRES_POLLING_FAILED else {
        throw PostgresError(connecting: LibPQ.text(libpq.PQerrorMessage(handle)))
      }
      var descriptor = pollfd(
        fd: libpq.PQsocket(handle), events: Int16(status == PGRES_POLLING_READING ? POLLIN : POLLOUT), revents: 0)
      let left = deadline.map { max(0, $0 - monotonicMilliseconds()) }
      let ready = systemPoll(&descriptor, 1, left.map { Int32(clamping: $0) } ?? -1)
      if ready == 0 { throw PostgresError("connection to server at \"\(place)\" failed: timeout expired") }
      if ready < 0, errno != EINTR {
        throw PostgresError("connection to server at \"\(place)\" failed: \(String(cString: strerror(errno)))")
      }
      if ready > 0 { status = libpq.PQconnectPoll(handle) }
    }
  }

  static func monotonicMilliseconds() -> Int {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Int(now.tv_sec) * 1000 + Int(now.tv_nsec) / 1_000_000
  }
}

// Inside `Connection` the name `poll` is taken.
private func systemPoll(_ descriptors: UnsafeMutablePointer<pollfd>, _ count: Int, _ timeout: Int32) -> Int32 {
  poll(descriptors, nfds_t(count), timeout)
}
