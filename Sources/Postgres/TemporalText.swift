/// Reads dates, times and intervals as PostgreSQL writes them (DateStyle ISO, IntervalStyle postgres).
enum TemporalText {
  /// `2024-02-29`; `infinity` is 9999-12-31 and `-infinity` 0001-01-01.
  static func date(_ bytes: UnsafeBufferPointer<UInt8>) -> CivilDate? {
    if let infinite = infinity(bytes) { return infinite.0 }
    var reader = Reader(bytes)
    guard let date = reader.date(), reader.atEnd else { return nil }
    return date
  }

  /// `04:05:06.789`, with a zone (`+05:30`) for timetz. `24:00:00`, which Python lacks, becomes 00:00:00 as in psycopg2.
  static func time(_ bytes: UnsafeBufferPointer<UInt8>) -> CivilTime? {
    var reader = Reader(bytes)
    guard var time = reader.time(), reader.atEnd else { return nil }
    if time.hour == 24 { time.hour = 0 }
    return time
  }

  /// `2024-02-29 04:05:06.789+09`.
  static func timestamp(_ bytes: UnsafeBufferPointer<UInt8>) -> (CivilDate, CivilTime)? {
    if let infinite = infinity(bytes) { return infinite }
    var reader = Reader(bytes)
    guard let date = reader.date(), reader.take(" "), let time = reader.time(), reader.atEnd else { return nil }
    return (date, time)
  }

  /// `1 year 2 mons -3 days +04:05:06.7`.
  static func interval(_ bytes: UnsafeBufferPointer<UInt8>) -> PostgresInterval? {
    var reader = Reader(bytes)
    var interval = PostgresInterval(months: 0, days: 0, microseconds: 0)
    while !reader.atEnd {
      let negative = reader.sign()
      guard let number = reader.digits()?.value else { return nil }
      let signed = negative ? -number : number
      if reader.take(" ") {
        switch reader.word() {
        case "year", "years": interval.months += signed * 12
        case "mon", "mons": interval.months += signed
        case "day", "days": interval.days += signed
        default: return nil
        }
      } else {
        guard reader.take(":"), let minute = reader.digits()?.value, reader.take(":"),
          let second = reader.digits()?.value
        else { return nil }
        let micros = ((number * 60 + minute) * 60 + second) * 1_000_000 + reader.fraction()
        interval.microseconds += negative ? -micros : micros
      }
      if !reader.atEnd, !reader.take(" ") { return nil }
    }
    return interval
  }

  private static func infinity(_ bytes: UnsafeBufferPointer<UInt8>) -> (CivilDate, CivilTime)? {
    guard let last = bytes.last, last == UInt8(ascii: "y") else { return nil }
    if bytes.first == UInt8(ascii: "-") {
      return (CivilDate(year: 1, month: 1, day: 1), CivilTime(hour: 0, minute: 0, second: 0))
    }
    return (
      CivilDate(year: 9999, month: 12, day: 31), CivilTime(hour: 23, minute: 59, second: 59, microsecond: 999_999)
    )
  }

  private struct Reader {
    let bytes: UnsafeBufferPointer<UInt8>
    var index = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var atEnd: Bool { index >= bytes.count }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
      guard index < bytes.count, UInt32(bytes[index]) == scalar.value else { return false }
      index += 1
      return true
    }

    mutating func sign() -> Bool {
      if take("-") { return true }
      _ = take("+")
      return false
    }

    /// At most 12 digits: more would be no value PostgreSQL writes here.
    mutating func digits() -> (value: Int, count: Int)? {
      let start = index
      var value = 0
      while index < bytes.count, (0x30...0x39).contains(bytes[index]), index - start < 12 {
        value = value * 10 + Int(bytes[index] - 0x30)
        index += 1
      }
      return index > start ? (value, index - start) : nil
    }

    mutating func word() -> String {
      let start = index
      while index < bytes.count, bytes[index] != 0x20 { index += 1 }
      return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    mutating func date() -> CivilDate? {
      guard let year = digits(), year.value >= 1, year.value <= 9999, take("-"), let month = digits(), take("-"),
        let day = digits()
      else { return nil }
      return CivilDate(year: year.value, month: month.value, day: day.value)
    }

    mutating func time() -> CivilTime? {
      guard let hour = digits()?.value, take(":"), let minute = digits()?.value, take(":"),
        let second = digits()?.value
      else { return nil }
      var time = CivilTime(hour: hour, minute: minute, second: second, microsecond: fraction())
      if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
        let west = sign()
        guard let hours = digits()?.value else { return nil }
        let minutes = take(":") ? digits()?.value ?? 0 : 0
        let seconds = take(":") ? digits()?.value ?? 0 : 0
        let offset = hours * 3600 + minutes * 60 + seconds
        time.utcOffset = west ? -offset : offset
      }
      return time
    }

    /// `.5` is 500,000 microseconds.
    mutating func fraction() -> Int {
      guard take("."), let digits = digits() else { return 0 }
      var value = digits.value
      for _ in digits.count..<max(6, digits.count) { value *= 10 }
      return value
    }
  }
}
