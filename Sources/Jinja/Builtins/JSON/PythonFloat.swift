/// Floats as text, as CPython's `repr`, into a byte buffer.
enum PythonFloat {
  /// Appends the number; with `json`, what is not finite is written as Python's `json` does.
  static func append(_ number: Double, to bytes: inout [UInt8], json: Bool = false) {
    if json, !number.isFinite {
      if number < 0 { bytes.append(0x2D) }
      bytes.append(contentsOf: (number.isNaN ? "NaN" : "Infinity").utf8)
      return
    }
    var builder = StrBuilder(capacity: 32)
    FloatText.append(number, to: &builder)
    builder.finish().withUTF8 { bytes.append(contentsOf: $0) }
  }
}
