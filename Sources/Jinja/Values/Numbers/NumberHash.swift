import BigInt

/// Hashes of numbers, such that equal numbers of different types hash alike, as in CPython
/// (https://docs.python.org/3/library/stdtypes.html#hashing-of-numeric-types): the value modulo the prime 2^61 - 1.
public enum NumberHash {
  public static let modulus = (1 << 61) - 1
  static let infinity = 314159

  @inline(__always) public static func of(_ number: Int) -> Int {
    if number > -modulus, number < modulus { return number }
    return number % modulus
  }

  public static func of(_ number: BigInt) -> Int {
    Int(number % BigInt(modulus))
  }

  public static func of(_ number: Double) -> Int {
    if number.isNaN { return 0 }
    if number.isInfinite { return number < 0 ? -infinity : infinity }
    if number == number.rounded(.towardZero), number.magnitude < 9e18 { return of(Int(number)) }
    // 28 bits of the significand a step, rotating within the 61 bits of the modulus.
    var exponent = number.exponent + 1
    var fraction = number.significand / 2
    var x: UInt64 = 0
    while fraction != 0 {
      x = (x << 28) & UInt64(modulus) | x >> 33
      fraction *= 268_435_456
      exponent -= 28
      let chunk = UInt64(fraction)
      fraction -= Double(chunk)
      x += chunk
      if x >= UInt64(modulus) { x -= UInt64(modulus) }
    }
    let rotate = exponent >= 0 ? Int(exponent) % 61 : 60 - (-1 - Int(exponent)) % 61
    x = (x << UInt64(rotate)) & UInt64(modulus) | x >> UInt64(61 - rotate)
    return number < 0 ? -Int(x) : Int(x)
  }

  /// Mixes element hashes into the hash of a sequence.
  static func combine(_ seed: Int, _ hash: Int) -> Int {
    let mixed = UInt64(truncatingIfNeeded: seed) ^ (UInt64(truncatingIfNeeded: hash) &* 0x9E37_79B9_7F4A_7C15)
    return Int(truncatingIfNeeded: (mixed << 31 | mixed >> 33) &* 0xC2B2_AE3D_27D4_EB4F)
  }
}
