import Glibc

/// Numbers through the C library's formatting.
enum CFormat {
  /// `%.Nf`
  static func fixed(_ number: Double, _ decimals: Int) -> String {
    if !number.isFinite { return number.isNaN ? "nan" : number < 0 ? "-inf" : "inf" }
    return withVaList([Int32(clamping: decimals), number]) { arguments in
      var buffer = [CChar](repeating: 0, count: 400 + max(0, decimals))
      let n = vsnprintf(&buffer, buffer.count, "%.*f", arguments)
      return String(
        decoding: buffer[..<max(0, min(Int(n), buffer.count - 1))].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  /// A number with leading zeros.
  static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number.magnitude)
    let zeros = max(0, width - digits.count - (number < 0 ? 1 : 0))
    return (number < 0 ? "-" : "") + String(repeating: "0", count: zeros) + digits
  }
}
