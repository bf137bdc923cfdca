/// A day of the Gregorian calendar, extended backwards, from 0001-01-01 to 9999-12-31.
struct Civil: Equatable, Sendable {
  var year: Int
  var month: Int
  var day: Int

  /// Day 1 is 0001-01-01.
  static let maxOrdinal = 3_652_059
  /// 1970-01-01
  static let epochOrdinal = 719_163

  static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
  static func days(inMonth month: Int, _ year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// - Throws: Python's ValueErrors.
  init(checking year: Int, _ month: Int, _ day: Int) throws {
    guard year >= 1, year <= 9999 else { throw TemplateError(.value, "year \(year) is out of range") }
    guard month >= 1, month <= 12 else { throw TemplateError(.value, "month must be in 1..12") }
    guard day >= 1, day <= Civil.days(inMonth: month, year) else {
      throw TemplateError(.value, "day is out of range for month")
    }
    self.init(year, month, day)
  }

  init(_ year: Int, _ month: Int, _ day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  init(ordinal: Int) {
    // Days since 0000-03-01, counted in eras of 400 years.
    let days = ordinal + 305
    let era = (days >= 0 ? days : days - 146_096) / 146_097
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shifted + 2) / 5 + 1
    month = shifted < 10 ? shifted + 3 : shifted - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  var ordinal: Int { Civil.daysBefore(year) + dayOfYear }
  /// January 1st is 1.
  var dayOfYear: Int {
    var days = day
    for m in 1..<max(1, month) { days += Civil.days(inMonth: m, year) }
    return days
  }
  private static func daysBefore(_ year: Int) -> Int {
    let y = year - 1
    return y * 365 + y / 4 - y / 100 + y / 400
  }

  /// Monday is 0.
  var weekday: Int { (ordinal + 6) % 7 }

  /// ISO 8601's year, week and day (Monday is 1).
  var iso: (year: Int, week: Int, weekday: Int) {
    let first = Civil.isoFirstMonday(year)
    let day = ordinal
    var week = (day - first) / 7
    if day < first {
      week = (day - Civil.isoFirstMonday(year - 1)) / 7
      return (year - 1, week + 1, weekday + 1)
    }
    if week >= 52, day >= Civil.isoFirstMonday(year + 1) { return (year + 1, 1, weekday + 1) }
    return (year, week + 1, weekday + 1)
  }

  /// The Monday of the week that has the year's first Thursday.
  static func isoFirstMonday(_ year: Int) -> Int {
    let first = daysBefore(year) + 1
    let weekday = (first + 6) % 7
    return weekday > 3 ? first + 7 - weekday : first - weekday
  }

  static func fromISO(_ year: Int, _ week: Int, _ weekday: Int) throws -> Civil {
    guard year >= 1, year <= 9999 else { throw TemplateError(.value, "Year is out of range: \(year)") }
    let weeks = (isoFirstMonday(year + 1) - isoFirstMonday(year)) / 7
    guard week >= 1, week <= weeks else { throw TemplateError(.value, "Invalid week: \(week)") }
    guard weekday >= 1, weekday <= 7 else {
      throw TemplateError(.value, "Invalid weekday: \(weekday) (range is [1, 7])")
    }
    let ordinal = isoFirstMonday(year) + (week - 1) * 7 + weekday - 1
    guard ordinal >= 1, ordinal <= maxOrdinal else { throw TemplateError(.overflow, "date value out of range") }
    return Civil(ordinal: ordinal)
  }

  var text: String { "\(CFormat.padded(year, 4))-\(CFormat.padded(month, 2))-\(CFormat.padded(day, 2))" }
}

/// A time of day.
struct Clock: Equatable, Sendable {
  var hour = 0
  var minute = 0
  var second = 0
  var microsecond = 0

  static let dayMicroseconds = 86_400_000_000

  init() {}
  init(checking hour: Int, _ minute: Int, _ second: Int, _ microsecond: Int) throws {
    guard hour >= 0, hour <= 23 else { throw TemplateError(.value, "hour must be in 0..23") }
    guard minute >= 0, minute <= 59 else { throw TemplateError(.value, "minute must be in 0..59") }
    guard second >= 0, second <= 59 else { throw TemplateError(.value, "second must be in 0..59") }
    guard microsecond >= 0, microsecond <= 999_999 else {
      throw TemplateError(.value, "microsecond must be in 0..999999")
    }
    self.hour = hour
    self.minute = minute
    self.second = second
    self.microsecond = microsecond
  }

  init(microseconds: Int) {
    hour = microseconds / 3_600_000_000
    minute = microseconds / 60_000_000 % 60
    second = microseconds / 1_000_000 % 60
    microsecond = microseconds % 1_000_000
  }

  /// Since midnight.
  var microseconds: Int { ((hour * 60 + minute) * 60 + second) * 1_000_000 + microsecond }

  /// `HH:MM:SS.ffffff` as `isoformat` with a `timespec`.
  func text(_ timespec: String = "auto") throws -> String {
    let hhmm = "\(CFormat.padded(hour, 2)):\(CFormat.padded(minute, 2))"
    let seconds = "\(hhmm):\(CFormat.padded(second, 2))"
    switch timespec {
    case "auto": return microsecond == 0 ? seconds : "\(seconds).\(CFormat.padded(microsecond, 6))"
    case "hours": return CFormat.padded(hour, 2)
    case "minutes": return hhmm
    case "seconds": return seconds
    case "milliseconds": return "\(seconds).\(CFormat.padded(microsecond / 1000, 3))"
    case "microseconds": return "\(seconds).\(CFormat.padded(microsecond, 6))"
    default: throw TemplateError(.value, "Unknown timespec value")
    }
  }
}

/// A date and a time of day, without a zone.
struct Moment: Equatable, Sendable {
  var date: Civil
  var clock: Clock

  init(_ date: Civil, _ clock: Clock) {
    self.date = date
    self.clock = clock
  }

  /// - Throws: an OverflowError outside the years 1 to 9999.
  init(microseconds: Int) throws {
    var day = microseconds / Clock.dayMicroseconds
    var rest = microseconds % Clock.dayMicroseconds
    if rest < 0 {
      rest += Clock.dayMicroseconds
      day -= 1
    }
    guard day >= 1, day <= Civil.maxOrdinal else { throw TemplateError(.overflow, "date value out of range") }
    date = Civil(ordinal: day)
    clock = Clock(microseconds: rest)
  }

  /// Since the day before 0001-01-01.
  var microseconds: Int { date.ordinal * Clock.dayMicroseconds + clock.microseconds }
  static let epoch = Civil.epochOrdinal * Clock.dayMicroseconds
}

/// Arguments that have to be integers.
enum TimeArgument {
  static func int(_ value: Value?, _ fallback: Int) throws -> Int {
    guard let value else { return fallback }
    if case .float = value { throw TemplateError(.type, "'float' object cannot be interpreted as an integer") }
    return try value.index()
  }

  static func required(_ value: Value?) throws -> Int { try int(value ?? Value.none, 0) }

  static func zone(_ value: Value?) throws -> TimeZoneObject? {
    switch value {
    case nil, .some(.none): return nil
    case .object(let o)?: if let zone = o as? TimeZoneObject { return zone }
    default: break
    }
    throw TemplateError(
      .type, "tzinfo argument must be None or of a tzinfo subclass, not type '\(value?.typeName ?? "")'")
  }

  static func text(_ value: Value?, _ function: String) throws -> String {
    guard let text = value?.asString else {
      throw TemplateError(.type, "\(function)() argument must be str, not \(value?.typeName ?? "None")")
    }
    return text
  }
}
