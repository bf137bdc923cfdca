import CLibPQ
import Glibc

/// Takes the data of a `COPY … FROM STDIN`, in chunks of any size, and sends it on in constant memory.
public final class CopyWriter {
  private let handle: OpaquePointer
  private var buffer: [UInt8] = []
  private var sinceCheck = 0
  /// Bytes taken so far.
  public private(set) var byteCount = 0

  private static let chunk = 64 * 1024
  /// How often to look whether the server has already refused: every MiB.
  private static let checkEvery = 1024 * 1024

  init(_ handle: OpaquePointer) {
    self.handle = handle
    buffer.reserveCapacity(Self.chunk + 4096)
  }

  /// - Throws: `PostgresError` when the connection is gone or the server has already said no.
  public func write(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    byteCount += bytes.count
    if bytes.count >= Self.chunk {
      try flush()
      try send(bytes)
    } else {
      buffer.append(contentsOf: bytes)
      if buffer.count >= Self.chunk { try flush() }
    }
  }

  public func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBufferPointer { try write($0) } }

  public func write(_ bytes: ArraySlice<UInt8>) throws { try bytes.withUnsafeBufferPointer { try write($0) } }

  public func write(_ text: String) throws {
    var text = text
    try text.withUTF8 { try write($0) }
  }

  func flush() throws {
    guard !buffer.isEmpty else { return }
    try buffer.withUnsafeBufferPointer { try send($0) }
    buffer.removeAll(keepingCapacity: true)
  }

  private func send(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    guard let start = bytes.baseAddress else { return }
    sinceCheck += bytes.count
    if sinceCheck >= Self.checkEvery {
      sinceCheck = 0
      if serverHasRefused() { throw CopyRefused() }
    }
    var sent = 0
    // libpq counts in Int32.
    while sent < bytes.count {
      let part = min(bytes.count - sent, 1 << 24)
      let result = (start + sent).withMemoryRebound(to: CChar.self, capacity: part) {
        libpq.PQputCopyData(handle, $0, Int32(part))
      }
      guard result == 1 else { throw CopyRefused() }
      sent += part
    }
  }

  /// Whether an error message waits on the socket. libpq does not look at one before the end of the data, so that a
  /// refusal of the first row would be seen only after the last one has been sent. (Encrypted, it can't be seen.)
  private func serverHasRefused() -> Bool {
    guard libpq.PQsslInUse(handle) == 0, libpq.PQgssEncInUse(handle) == 0 else { return false }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4096) { buffer in
      let count = recv(libpq.PQsocket(handle), buffer.baseAddress, 4096, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
      var index = 0
      // Messages: a type, then a length that counts itself.
      while index < count {
        if buffer[index] == UInt8(ascii: "E") { return true }
        guard index + 4 < count else { break }
        let length = buffer[(index + 1)...(index + 4)].reduce(0) { $0 << 8 | Int($1) }
        index += 1 + max(4, length)
      }
      // Notices: taken off, so that what comes behind them is seen next time.
      if count > 0 { _ = libpq.PQconsumeInput(handle) }
      return false
    }
  }

  /// The reason is in the result that follows.
  struct CopyRefused: Error {}
}

extension Connection {
  /// Runs a `COPY … FROM STDIN`, its data written by `body`.
  ///
  /// When `body` throws, the COPY fails on the server too (no row stays) and that error is passed on.
  /// - Returns: the tag, `COPY 1000`.
  @discardableResult
  public func copyIn(_ sql: String, _ body: (CopyWriter) throws -> Void) throws -> CommandTag {
    let handle = try ready()
    try checkNul(sql)
    try beginImplicitly()
    return try running {
      try startCopy(sql, expecting: PGRES_COPY_IN, "FROM STDIN")
      do {
        let writer = CopyWriter(handle)
        try body(writer)
        try writer.flush()
      } catch is CopyWriter.CopyRefused {
        _ = libpq.PQputCopyEnd(handle, "stopped")
        _ = try results()
        throw PostgresError(result: nil, connection: handle)
      } catch {
        _ = libpq.PQputCopyEnd(handle, "stopped by the client")
        _ = try? results()
        throw error
      }
      // A failure here shows in the result.
      _ = libpq.PQputCopyEnd(handle, nil)
      return try results().tag
    }
  }

  /// Runs a `COPY … TO STDOUT` and hands over its data, row by row. When `body` throws, the COPY is cancelled and the
  /// error passed on. The bytes are only valid inside `body`.
  @discardableResult
  public func copyOut(_ sql: String, _ body: (UnsafeBufferPointer<UInt8>) throws -> Void) throws -> CommandTag {
    let handle = try ready()
    try checkNul(sql)
    try beginImplicitly()
    return try running {
      try startCopy(sql, expecting: PGRES_COPY_OUT, "TO STDOUT")
      var failure: (any Error)?
      while true {
        var data: UnsafeMutablePointer<CChar>?
        let count = Int(libpq.PQgetCopyData(handle, &data, 0))
        guard count > 0, let data else { break }
        defer { libpq.PQfreemem(data) }
        guard failure == nil else { continue }
        do {
          try data.withMemoryRebound(to: UInt8.self, capacity: count) {
            try body(UnsafeBufferPointer(start: $0, count: count))
          }
        } catch {
          failure = error
          cancel()
        }
      }
      if let failure {
        _ = try? results()
        throw failure
      }
      return try results().tag
    }
  }

  private func startCopy(_ sql: String, expecting wanted: ExecStatusType, _ direction: String) throws {
    let handle = try ready()
    guard libpq.PQsendQuery(handle, sql) == 1 else { throw PostgresError(result: nil, connection: handle) }
    guard let first = libpq.PQgetResult(handle) else { throw PostgresError(result: nil, connection: handle) }
    let status = libpq.PQresultStatus(first)
    if status == wanted {
      libpq.PQclear(first)
      return
    }
    let refused = status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE
    let error =
      refused
      ? PostgresError(result: first, connection: handle) : PostgresError("not a COPY … \(direction) statement")
    libpq.PQclear(first)
    if status == PGRES_COPY_IN { _ = libpq.PQputCopyEnd(handle, "not expected") }
    if status == PGRES_COPY_OUT { cancel() }
    _ = try? results()
    throw error
  }
}
