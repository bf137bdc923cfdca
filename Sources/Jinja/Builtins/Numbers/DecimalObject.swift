import BigInt

/// A `decimal.Decimal` of the language: what numeric columns come as.
public final class DecimalObject: Object, NumericObject {
  public let decimal: Decimal

  public init(_ decimal: Decimal) { self.decimal = decimal }

  public override var typeName: String { "decimal.Decimal" }
  public override var isTrue: Bool { !decimal.isZero }
  public override var floatValue: Double? { decimal.double }
  public override func str(_ interpreter: Interpreter?) throws -> Str { Str.make(decimal.text) }
  public override func repr(_ interpreter: Interpreter?) throws -> Str { Str.make("Decimal('\(decimal.text)')") }

  /// An operand of arithmetic: integers of any size and decimals, never floats.
  private static func operand(_ value: Value) -> Decimal? {
    if let d = value.asObject(DecimalObject.self) { return d.decimal }
    return value.asBigInt.map { Decimal($0) }
  }
  /// An operand of a comparison: floats too, exactly.
  private static func comparable(_ value: Value) -> Decimal? {
    if case .float(let d) = value { return Decimal(exactly: d) }
    return operand(value)
  }

  public override func isEqual(to other: Value) -> Bool {
    guard let other = DecimalObject.comparable(other) else { return false }
    return Decimal.compare(decimal, other) == 0
  }
  public override func compare(to other: Value) -> Int? {
    guard let other = DecimalObject.comparable(other) else { return nil }
    return Decimal.compare(decimal, other)
  }

  /// Equal to the hash of the int or float of the same value.
  public override func hashCode() throws -> Int {
    switch decimal.special {
    case .nan: return ObjectIdentifier(self).hashValue
    case .infinity: return NumberHash.of(decimal.double)
    case .finite: break
    }
    let modulus = BigInt(NumberHash.modulus)
    let ten = decimal.exponent >= 0 ? BigInt(10) : BigInt(10).inverse(modulus) ?? 0
    let scale = ten.power(BigInt(decimal.exponent.magnitude), modulus: modulus)
    let hash = Int(decimal.coefficient * scale % modulus)
    return decimal.negative ? -hash : hash
  }

  public override func binary(_ op: BinaryOperator, _ other: Value, reflected: Bool) throws -> Value? {
    guard let other = DecimalObject.operand(other) else { return nil }
    let (a, b) = reflected ? (other, decimal) : (decimal, other)
    switch op {
    case .add: return try DecimalObject.value(Decimal.add(a, b))
    case .subtract:
      var minus = b
      minus.negative.toggle()
      return try DecimalObject.value(Decimal.add(a, minus))
    case .multiply: return try DecimalObject.value(Decimal.multiply(a, b))
    case .divide: return try DecimalObject.value(Decimal.divide(a, b))
    case .floorDivide: return try DecimalObject.value(Decimal.divideWhole(a, b, wantsRemainder: false).quotient)
    case .modulo: return try DecimalObject.value(Decimal.divideWhole(a, b, wantsRemainder: true).remainder)
    case .power: return try DecimalObject.value(Decimal.power(a, b))
    default: return nil
    }
  }

  public override func unary(_ op: UnaryOperator) throws -> Value? {
    var result = try decimal.fixed()
    switch op {
    case .negate: result.negative = result.isZero ? false : !result.negative
    case .plus: if result.isZero { result.negative = false }
    case .absolute: result.negative = false
    }
    return .object(DecimalObject(result))
  }

  private static func value(_ decimal: Decimal) -> Value { .object(DecimalObject(decimal)) }

  // MARK: - As another number

  func integerValue() throws -> Value {
    switch decimal.special {
    case .nan: throw TemplateError(.value, "cannot convert NaN to integer")
    case .infinity: throw TemplateError(.overflow, "cannot convert Infinity to integer")
    case .finite: return BigInteger.make(decimal.truncated)
    }
  }

  func rounded(_ precision: Value) throws -> Value {
    if precision.isNone {
      _ = try integerValue()
      return BigInteger.make(decimal.rescaled(0).truncated)
    }
    return DecimalObject.value(try quantized(-(try precision.index()), .halfEven))
  }

  func wholeValue(up: Bool) throws -> Value {
    _ = try integerValue()
    return BigInteger.make(decimal.rescaled(0, up ? .ceiling : .floor).truncated)
  }

  private func quantized(_ exponent: Int, _ rounding: Decimal.Rounding) throws -> Decimal {
    guard decimal.isFinite else { return decimal }
    if !decimal.isZero, decimal.adjusted - exponent + 1 > Decimal.precision {
      throw TemplateError(.value, "[<class 'decimal.InvalidOperation'>]")
    }
    let result = decimal.rescaled(exponent, rounding)
    if result.digits.utf8.count > Decimal.precision {
      throw TemplateError(.value, "[<class 'decimal.InvalidOperation'>]")
    }
    return result
  }

  public override func format(_ spec: Str, _ interpreter: Interpreter) throws -> Str? { try decimal.formatted(spec) }

  // MARK: - Methods

  public override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    switch name.string {
    case "real": return .object(self)
    case "imag": return DecimalObject.value(Decimal(0))
    default:
      guard let method = DecimalObject.methods[name.string] else { return nil }
      return .object(
        NativeFunction(name.string) { [self] a, r in
          try method.body(self, method.signature.bind(a, function: name.string))
        })
    }
  }
  public override func callMethod(_ name: Str, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? {
    guard let method = DecimalObject.methods[name.string] else { return nil }
    return try method.body(self, method.signature.bind(arguments, function: name.string))
  }

  private typealias Method = (signature: Signature, body: @Sendable (DecimalObject, Bound) throws -> Value)

  static var methodNames: [(name: String, signature: String)] {
    methods.map { ($0.key, $0.value.signature.text) }.sorted { $0.0 < $1.0 }
  }

  private static func rounding(_ value: Value?) throws -> Decimal.Rounding {
    guard let value, !value.isNone else { return .halfEven }
    guard let name = value.asString, let mode = Decimal.Rounding(rawValue: name) else {
      throw TemplateError(
        .type,
        "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n   ROUND_HALF_UP, "
          + "ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]")
    }
    return mode
  }

  private static func other(_ value: Value?) throws -> Decimal {
    guard let value, let decimal = operand(value) else {
      throw TemplateError(.type, "conversion from \(value?.typeName ?? "None") to Decimal is not supported")
    }
    return decimal
  }

  private static let none = Signature("")
  private static let one = Signature("other, context=None")
  private static let methods: [String: Method] = [
    "quantize": (
      Signature("exp, rounding=None, context=None"),
      { x, a in value(try x.quantized(try other(a[0]).exponent, try rounding(a[1]))) }
    ),
    "to_integral_value": (
      Signature("rounding=None, context=None"),
      { x, a in x.decimal.exponent >= 0 ? .object(x) : value(x.decimal.rescaled(0, try rounding(a[0]))) }
    ),
    "to_integral": (
      Signature("rounding=None, context=None"),
      { x, a in x.decimal.exponent >= 0 ? .object(x) : value(x.decimal.rescaled(0, try rounding(a[0]))) }
    ),
    "normalize": (Signature("context=None"), { x, _ in value(try x.decimal.normalized()) }),
    "sqrt": (Signature("context=None"), { x, _ in value(try Decimal.squareRoot(x.decimal)) }),
    "adjusted": (none, { x, _ in .int(x.decimal.isZero ? x.decimal.exponent : x.decimal.adjusted) }),
    "is_nan": (none, { x, _ in .bool(x.decimal.special == .nan) }),
    "is_infinite": (none, { x, _ in .bool(x.decimal.special == .infinity) }),
    "is_finite": (none, { x, _ in .bool(x.decimal.isFinite) }),
    "is_zero": (none, { x, _ in .bool(x.decimal.isZero) }),
    "is_signed": (none, { x, _ in .bool(x.decimal.negative) }),
    "copy_abs": (
      none,
      { x, _ in
        var result = x.decimal
        result.negative = false
        return value(result)
      }
    ),
    "copy_negate": (
      none,
      { x, _ in
        var result = x.decimal
        result.negative.toggle()
        return value(result)
      }
    ),
    "compare": (one, { x, a in Decimal.compare(x.decimal, try other(a[0])).map { value(Decimal($0)) } ?? value(.nan) }),
    "max": (
      one, { x, a in Decimal.compare(x.decimal, try other(a[0])) ?? 1 >= 0 ? .object(x) : value(try other(a[0])) }
    ),
    "min": (
      one, { x, a in Decimal.compare(x.decimal, try other(a[0])) ?? -1 <= 0 ? .object(x) : value(try other(a[0])) }
    ),
    "as_tuple": (
      none,
      { x, _ in
        .tuple([
          .int(x.decimal.negative ? 1 : 0), .tuple(x.decimal.digits.utf8.map { .int(Int($0) - 48) }),
          .int(x.decimal.exponent),
        ])
      }
    ),
    "as_integer_ratio": (
      none,
      { x, _ in
        _ = try x.integerValue()
        let e = x.decimal.exponent
        let numerator = e >= 0 ? x.decimal.truncated : x.decimal.signed
        let denominator = e >= 0 ? BigInt(1) : Decimal.scale(-e)
        let divisor = numerator.greatestCommonDivisor(with: denominator)
        return .tuple([BigInteger.make(numerator / divisor), BigInteger.make(denominator / divisor)])
      }
    ),
  ]
}
