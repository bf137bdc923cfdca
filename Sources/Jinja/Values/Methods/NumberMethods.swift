import BigInt

/// Methods and attributes of int, bool and float.
enum NumberMethods {
  static func call(_ value: Value, _ name: MethodName, _ a: Arguments, _ r: Interpreter) throws -> Value? {
    if case .float(let d) = value { return try call(d, name, a) }
    guard let whole = value.asBigInt else { return nil }
    switch name {
    case .bit_length:
      try a.none("int", name)
      return .int(bitLength(whole))
    case .bit_count:
      try a.none("int", name)
      return .int(whole.magnitude.words.reduce(0) { $0 + $1.nonzeroBitCount })
    case .conjugate:
      try a.none("int", name)
      return BigInteger.make(whole)
    case .as_integer_ratio:
      try a.none("int", name)
      return .tuple([BigInteger.make(whole), .int(1)])
    case .to_bytes: return try toBytes(whole, a)
    case .from_bytes: return try fromBytes(a)
    default: return nil
    }
  }

  static func hasInt(_ name: MethodName) -> Bool {
    switch name {
    case .bit_length, .bit_count, .conjugate, .as_integer_ratio, .to_bytes, .from_bytes: true
    default: false
    }
  }

  static func hasFloat(_ name: MethodName) -> Bool {
    switch name {
    case .is_integer, .hex, .fromhex, .as_integer_ratio, .conjugate: true
    default: false
    }
  }

  /// `real`, `imag`, `numerator`, `denominator`
  static func attribute(_ value: Value, _ name: Str) -> Value? {
    if case .float = value {
      if name.equals("real") { return value }
      if name.equals("imag") { return .float(0) }
      return nil
    }
    guard let whole = value.asBigInt else { return nil }
    if name.equals("real") || name.equals("numerator") { return BigInteger.make(whole) }
    if name.equals("imag") { return .int(0) }
    if name.equals("denominator") { return .int(1) }
    return nil
  }

  private static func bitLength(_ value: BigInt) -> Int { value.magnitude.bitWidth }

  private static func toBytes(_ value: BigInt, _ a: Arguments) throws -> Value {
    var arguments = a
    var signed = false
    if let place = arguments.keywords.firstIndex(where: { $0.name.equals("signed") }) {
      signed = arguments.keywords.remove(at: place).value.isTrue
    }
    let bound = try arguments.bind(.to_bytes, "length", "byteorder")
    let length = try bound[0]?.index(clamp: false) ?? 1
    if length < 0 { throw TemplateError(.value, "length argument must be non-negative") }
    try SizeLimit.check(bytes: 1, times: length)
    let little = try byteOrder(bound[1])
    if value.sign == .minus, !signed { throw TemplateError(.overflow, "can't convert negative int to unsigned") }
    let size = BigInt(1) << (length * 8)
    let limit = signed ? size / 2 : size
    guard value < limit, !signed || value >= -limit else { throw TemplateError(.overflow, "int too big to convert") }
    var rest = (value.sign == .minus ? value + size : value).magnitude
    var bytes: [UInt8] = []
    for _ in 0..<length {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
    return .object(BytesObject(little ? bytes : bytes.reversed()))
  }

  private static func byteOrder(_ value: Value?) throws -> Bool {
    guard let value else { return false }
    let order = try value.text(.to_bytes, argument: 2)
    if order.equals("little") { return true }
    if order.equals("big") { return false }
    throw TemplateError(.value, "byteorder must be either 'little' or 'big'")
  }

  private static func fromBytes(_ a: Arguments) throws -> Value {
    var arguments = a
    var signed = false
    if let place = arguments.keywords.firstIndex(where: { $0.name.equals("signed") }) {
      signed = arguments.keywords.remove(at: place).value.isTrue
    }
    let bound = try arguments.bind(.from_bytes, "bytes", "byteorder")
    guard case .object(let o)? = bound[0], let source = o as? BytesObject else {
      throw TemplateError(.type, "cannot convert '\((bound[0] ?? Value.none).typeName)' object to bytes")
    }
    let bytes = try byteOrder(bound[1]) ? source.bytes.reversed() : source.bytes
    var value = bytes.reduce(BigInt(0)) { $0 << 8 + BigInt($1) }
    if signed, let first = bytes.first, first >= 0x80 { value -= BigInt(1) << (bytes.count * 8) }
    return BigInteger.make(value)
  }

  // MARK: floats

  private static func call(_ d: Double, _ name: MethodName, _ a: Arguments) throws -> Value? {
    switch name {
    case .is_integer:
      try a.none("float", name)
      return .bool(d.isFinite && d == d.rounded(.towardZero))
    case .conjugate:
      try a.none("float", name)
      return .float(d)
    case .as_integer_ratio:
      try a.none("float", name)
      return try ratio(d)
    case .hex:
      try a.none("float", name)
      return .string(FloatHex.text(d))
    case .fromhex:
      try a.expect("float", name, 1...1)
      return .float(try FloatHex.parse(a.positional[0].text(name, argument: nil)))
    default: return nil
    }
  }

  /// Numerator and denominator in lowest terms.
  static func ratio(_ d: Double) throws -> Value {
    if d.isNaN { throw TemplateError(.value, "cannot convert NaN to integer ratio") }
    if d.isInfinite { throw TemplateError(.overflow, "cannot convert Infinity to integer ratio") }
    if d == 0 { return .tuple([.int(0), .int(1)]) }
    let significand = BigInt(Int(d.significandBitPattern) | (d.isNormal ? 1 << 52 : 0))
    var exponent = (d.isNormal ? Int(d.exponent) : -1022) - 52
    var top = significand
    while exponent < 0, top % 2 == 0 {
      top /= 2
      exponent += 1
    }
    let numerator = exponent > 0 ? top << exponent : top
    return .tuple([
      BigInteger.make(d < 0 ? -numerator : numerator), BigInteger.make(exponent < 0 ? BigInt(1) << -exponent : 1),
    ])
  }
}
