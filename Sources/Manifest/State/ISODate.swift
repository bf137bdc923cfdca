import Glibc

/// ISO 8601 dates and times, `2030-01-31`, `2030-01-31T10:00:00.5+02:00`, `…Z`.
enum ISODate {
  /// Seconds since 1970; without a zone the time is taken as UTC. Nil when it is no date.
  static func seconds(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    var at = 0
    func number(_ length: Int) -> Int? {
      guard at + length <= bytes.count else { return nil }
      var value = 0
      for byte in bytes[at..<at + length] {
        guard (0x30...0x39).contains(byte) else { return nil }
        value = value * 10 + Int(byte - 0x30)
      }
      at += length
      return value
    }
    func take(_ wanted: String) -> Bool {
      guard at < bytes.count, wanted.utf8.contains(bytes[at]) else { return false }
      at += 1
      return true
    }
    guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2) else { return nil }
    var clock = 0.0
    if take("T ") {
      guard let hour = number(2), take(":"), let minute = number(2) else { return nil }
      clock = Double(hour * 3600 + minute * 60)
      if take(":") {
        guard let second = number(2) else { return nil }
        clock += Double(second)
        if take(".,") {
          var unit = 0.1
          while let digit = number(1) {
            clock += Double(digit) * unit
            unit /= 10
          }
        }
      }
      let isNegative = at < bytes.count && bytes[at] == UInt8(ascii: "-")
      if take("+-") {
        guard let hours = number(2) else { return nil }
        _ = take(":")
        let zone = Double(hours * 3600 + (number(2) ?? 0) * 60)
        clock += isNegative ? zone : -zone
      } else {
        _ = take("Z")
      }
    }
    guard at == bytes.count else { return nil }
    var parts = tm()
    parts.tm_year = Int32(year - 1900)
    parts.tm_mon = Int32(month - 1)
    parts.tm_mday = Int32(day)
    return Double(timegm(&parts)) + clock
  }
}
