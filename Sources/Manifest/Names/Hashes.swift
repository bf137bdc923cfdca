import Crypto

/// The hashes dbt uses, as lower-case hexadecimal text.
public enum Hashes {
  public static func md5(_ text: String) -> String { md5(Array(text.utf8)) }

  public static func md5(_ bytes: [UInt8]) -> String {
    var hash = Insecure.MD5()
    bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
    return hex(hash.finalize())
  }

  /// The last ten digits of the MD5.
  static func md5End(_ bytes: [UInt8]) -> String {
    var hash = Insecure.MD5()
    bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
    return hash.finalize().withUnsafeBytes { hex($0.suffix(5)) }
  }

  public static func sha256(_ text: String) -> String {
    var text = text
    return text.withUTF8 { sha256(UnsafeRawBufferPointer($0)) }
  }

  public static func sha256(_ bytes: UnsafeRawBufferPointer) -> String {
    var hash = SHA256()
    hash.update(bufferPointer: bytes)
    return hex(hash.finalize())
  }

  static func hex(_ digest: some Sequence<UInt8>) -> String {
    let digits = ("0123456789abcdef" as StaticString).utf8Start
    var out: [UInt8] = []
    out.reserveCapacity(64)
    for byte in digest {
      out.append(digits[Int(byte >> 4)])
      out.append(digits[Int(byte & 15)])
    }
    return String(decoding: out, as: UTF8.self)
  }
}

extension Checksum {
  /// Of a file's text as dbt keeps it: white space at both ends taken off (the caller strips, as the node's raw code
  /// is stripped the same way).
  public static func sha256(ofStripped text: String) -> Checksum {
    Checksum(name: "sha256", checksum: Hashes.sha256(text))
  }
}
