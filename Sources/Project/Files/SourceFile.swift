import Crypto
import Diagnostics
import Files

/// What a file is for; decided by the folder it was found in and its extension (dbt's ParseFileType).
public enum FileKind: String, Sendable, CaseIterable {
  case macro
  case model
  case snapshot
  case analysis
  case singularTest = "singular_test"
  case genericTest = "generic_test"
  case seed
  case documentation = "docs"
  case properties = "schema"
  case fixture
  case function
}

/// How dbt recognises that a file changed.
public struct FileChecksum: Sendable, Hashable {
  /// `sha256` of the contents, `path` for a seed too large to read, `none`.
  public var name: String
  public var checksum: String

  public init(name: String, checksum: String) {
    self.name = name
    self.checksum = checksum
  }

  public static let none = FileChecksum(name: "none", checksum: "")

  /// dbt's `FileHash.from_contents`: lower-case hex of the SHA-256 of the UTF-8 text.
  public static func sha256(_ bytes: some Collection<UInt8>) -> FileChecksum {
    var hash = SHA256()
    let found: Void? = bytes.withContiguousStorageIfAvailable {
      hash.update(bufferPointer: UnsafeRawBufferPointer($0))
    }
    if found == nil { Array(bytes).withUnsafeBytes { hash.update(bufferPointer: $0) } }
    return FileChecksum(name: "sha256", checksum: hex(hash.finalize()))
  }
}

/// Lower-case hexadecimal digits.
func hex(_ bytes: some Sequence<UInt8>) -> String {
  let digits: StaticString = "0123456789abcdef"
  var out: [UInt8] = []
  out.reserveCapacity(64)
  for byte in bytes {
    out.append(digits.utf8Start[Int(byte >> 4)])
    out.append(digits.utf8Start[Int(byte & 15)])
  }
  return String(decoding: out, as: UTF8.self)
}

/// One file of a project or package.
public struct SourceFile: Sendable {
  public var kind: FileKind
  /// The project or package it belongs to.
  public var package: String
  /// The configured folder it was found in, as configured: `models`, `tests/generic`.
  public var searchedPath: String
  /// Below the searched folder: `staging/stg_orders.sql`.
  public var relativePath: String
  /// On disk.
  public var absolutePath: String
  /// The contents without white space at both ends, as dbt keeps and hashes them; line numbers are those of the file.
  /// Empty for a seed.
  public var source: SourceText
  public var checksum: FileChecksum

  /// Relative to the project: `models/staging/stg_orders.sql`.
  public var originalPath: String { Path.join(searchedPath, relativePath) }
  /// dbt's key of a file: `shop://models/staging/stg_orders.sql`.
  public var id: String { "\(package)://\(originalPath)" }
  /// `stg_orders`
  public var stem: String {
    let name = Path.name(relativePath)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }
}

extension SourceText {
  /// A file's contents stripped as Python's `str.strip` does, with the line numbers of the whole.
  static func stripped(name: String, utf8 bytes: consuming [UInt8]) -> SourceText {
    let range = strippedRange(bytes)
    guard range.lowerBound > 0 else {
      // A file ends in a newline, which goes without a copy of the rest.
      bytes.removeLast(bytes.count - range.upperBound)
      return SourceText(name: name, utf8: bytes)
    }
    var line = 1
    for (index, byte) in bytes[..<range.lowerBound].enumerated() {
      if byte == 0x0A || (byte == 0x0D && (index + 1 >= bytes.count || bytes[index + 1] != 0x0A)) { line += 1 }
    }
    return SourceText(name: name, utf8: Array(bytes[range]), firstLine: line)
  }

  private static func strippedRange(_ bytes: [UInt8]) -> Range<Int> {
    var start = 0
    while start < bytes.count, let length = spaceLength(bytes, at: start) { start += length }
    var end = bytes.count
    while end > start {
      var first = end - 1
      while first > start, bytes[first] & 0xC0 == 0x80 { first -= 1 }
      guard let length = spaceLength(bytes, at: first), first + length == end else { break }
      end = first
    }
    return start..<end
  }

  /// How many bytes the white space at an offset has; nil when it is none.
  private static func spaceLength(_ bytes: [UInt8], at offset: Int) -> Int? {
    let byte = bytes[offset]
    if byte < 0x80 { return (0x09...0x0D).contains(byte) || (0x1C...0x20).contains(byte) ? 1 : nil }
    let width = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
    guard offset + width <= bytes.count, width < 4 else { return nil }
    if width == 2 {
      return byte == 0xC2 && (bytes[offset + 1] == 0x85 || bytes[offset + 1] == 0xA0) ? 2 : nil
    }
    switch (byte, bytes[offset + 1], bytes[offset + 2]) {
    case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF),
      (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80):
      return 3
    default: return nil
    }
  }
}
