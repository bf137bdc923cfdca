import CLibPQ
import Glibc

/// libpq's functions by their names, as in `libpq.PQstatus(handle)`.
///
/// Who calls one has a connection, and none is opened when `LibPQ.require` fails.
let libpq: LibPQFunctions = (try? LibPQ.loaded.get()) ?? LibPQFunctions()

/// libpq, loaded when the first connection is opened.
enum LibPQ {
  /// Where the library is looked for: its name for programs, then that of the package for developers.
  private static let names = ["libpq.so.5", "libpq.5.dylib", "/opt/homebrew/opt/libpq/lib/libpq.5.dylib", "libpq.so"]

  fileprivate static let loaded: Result<LibPQFunctions, PostgresError> = load()

  /// - Throws: `PostgresError` that says what is missing.
  static func require() throws(PostgresError) { _ = try loaded.get() }

  /// A text that libpq gives; it gives none of what there is not.
  static func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }

  private static func load() -> Result<LibPQFunctions, PostgresError> {
    guard let library = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first else {
      let reason = dlerror().map { String(cString: $0) } ?? "not found"
      return .failure(PostgresError("libpq, PostgreSQL's client library, could not be loaded: \(reason)"))
    }
    var functions = LibPQFunctions()
    if let missing = libpq_find_functions(&functions, library) {
      return .failure(PostgresError("libpq is too old: it has no \(String(cString: missing))"))
    }
    return .success(functions)
  }
}
