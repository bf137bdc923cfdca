/// Python's `repr(float)`: the shortest digits that read back, `.0` when whole, the exponent form from 1e16 and below
/// 1e-4. Swift's own text differs only between 2^53 and 1e16, where it uses the exponent form already.
func pythonText(of number: Double) -> String {
  if number.isNaN { return "nan" }
  if number.isInfinite { return number < 0 ? "-inf" : "inf" }
  let magnitude = number.magnitude
  if magnitude >= 9_007_199_254_740_992, magnitude < 1e16 {
    return "\(Int64(number)).0"
  }
  return number.description
}
