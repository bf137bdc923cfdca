import BigInt

/// Decimal digits as an integer of any size.
enum BigText {
  static func integer(_ digits: String) -> Value? { BigInt(digits, radix: 10).map(BigInteger.make) }
}
