import Compiler
import Files

/// Files that appear whole or not at all (`FileSystem.write`), with an error that says which file and why.
enum AtomicFile {
  static func write(_ bytes: [UInt8], to path: String) throws(ExecutionError) {
    try bytes.withUnsafeBytes { bytes in
      Result { () throws(ExecutionError) in try write(bytes, to: path) }
    }.get()
  }

  static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws(ExecutionError) {
    do { try FileSystem.write(bytes, to: path) } catch {
      throw ExecutionError(.runtime, "Could not write '\(path)': \(error.reason)")
    }
  }

  /// `mkdir -p`. What is written there next says why it failed, if it did.
  static func makeDirectories(_ path: String) { try? FileSystem.makeDirectory(path) }
}
