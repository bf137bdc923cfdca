/// Dates and times of seeds.
enum SeedTime {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  struct Moment: Equatable {
    var year = 1
    var month = 1
    var day = 1
    var hour = 0
    var minute = 0
    var second = 0
    var microsecond = 0
    /// Seconds east of Greenwich; nil without a zone.
    var offset: Int?
  }

  /// `%Y-%m-%d` of Python's strptime: a year of four digits, months and days of one or two.
  static func date(_ bytes: Bytes) -> SeedCast<Moment> { cast(bytes) { $0.date() } }

  /// `%Y-%m-%d %H:%M:%S`: any white space between the two, all parts but the year of one or two digits.
  static func dateTime(_ bytes: Bytes) -> SeedCast<Moment> {
    cast(bytes) { reader in
      guard var moment = reader.date(), reader.spaces(), let hour = reader.number(2), hour < 24, reader.take(":"),
        let minute = reader.number(2), minute < 60, reader.take(":"), let second = reader.number(2), second < 60
      else { return nil }
      (moment.hour, moment.minute, moment.second) = (hour, minute, second)
      return moment
    }
  }

  private static func cast(_ bytes: Bytes, _ read: (inout Reader) -> Moment?) -> SeedCast<Moment> {
    let stripped = SeedText.stripped(bytes)
    if SeedText.isNull(stripped) { return .null }
    func whole(_ bytes: Bytes) -> SeedCast<Moment> {
      var reader = Reader(bytes)
      guard let moment = read(&reader), reader.isAtEnd, isValid(moment) else { return .no }
      return .value(moment)
    }
    guard stripped.count <= 64 else { return .no }
    if !SeedText.isASCII(stripped) { return SeedText.plain(stripped).withUnsafeBufferPointer(whole) }
    return whole(stripped)
  }

  static func isValid(_ m: Moment) -> Bool {
    m.year >= 1 && m.year <= 9999 && m.month >= 1 && m.month <= 12 && m.day >= 1 && m.day <= days(m.month, m.year)
  }

  static func days(_ month: Int, _ year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days since 0000-03-01 of the Gregorian calendar, and back.
  static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let m = month <= 2 ? month + 9 : month - 3
    return y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 1
  }

  static func day(_ number: Int) -> (year: Int, month: Int, day: Int) {
    let era = number / 146_097
    let inEra = number % 146_097
    let year = (inEra - inEra / 1460 + inEra / 36_524 - inEra / 146_096) / 365
    let rest = inEra - (year * 365 + year / 4 - year / 100)
    let m = (5 * rest + 2) / 153
    return (era * 400 + year + (m >= 10 ? 1 : 0), m < 10 ? m + 3 : m - 9, rest - (153 * m + 2) / 5 + 1)
  }

  /// The same moment as UTC's clock shows it.
  static func utc(_ moment: Moment) -> Moment {
    guard let offset = moment.offset else { return moment }
    var out = moment
    out.offset = nil
    let seconds =
      dayNumber(moment.year, moment.month, moment.day) * 86_400 + moment.hour * 3600 + moment.minute * 60
      + moment.second - offset
    (out.year, out.month, out.day) = day(seconds / 86_400)
    let rest = seconds % 86_400
    (out.hour, out.minute, out.second) = (rest / 3600, rest / 60 % 60, rest % 60)
    return out
  }

  /// ASCII text from left to right.
  struct Reader {
    let bytes: Bytes
    var at = 0

    init(_ bytes: Bytes) { self.bytes = bytes }

    var isAtEnd: Bool { at == bytes.count }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
      guard at < bytes.count, UInt32(bytes[at]) == scalar.value else { return false }
      at += 1
      return true
    }

    /// White space, at least one.
    mutating func spaces() -> Bool {
      let start = at
      while at < bytes.count, (0x09...0x0D).contains(bytes[at]) || (0x1C...0x20).contains(bytes[at]) { at += 1 }
      return at > start
    }

    /// One to so many digits.
    mutating func number(_ most: Int) -> Int? {
      let start = at
      var value = 0
      while at < bytes.count, at - start < most, bytes[at] &- 0x30 < 10 {
        value = value * 10 + Int(bytes[at] - 0x30)
        at += 1
      }
      return at > start ? value : nil
    }

    mutating func date() -> Moment? {
      guard let year = number(4), at == 4, take("-"), let month = number(2), take("-") else { return nil }
      // A day may have a space before its one digit.
      let isPadded = take(" ")
      guard let day = number(isPadded ? 1 : 2) else { return nil }
      return Moment(year: year, month: month, day: day)
    }
  }
}
