extension SeedTime {
  /// ISO 8601 as the Python package isodate reads it: a date and a time with a `T` between, both in any of the
  /// standard's forms (`2024-02-29`, `20240229`, `2024-W09-4`, `2024-060`, `2024-02`, `2024`, `20`; `04:05:06.7`,
  /// `040506`, `04:05`, `04`), perhaps with a zone. Hours of the last part may be broken: `04:05.5`.
  static func iso(_ bytes: Bytes) -> SeedCast<Moment> {
    let stripped = SeedText.stripped(bytes)
    if SeedText.isNull(stripped) { return .null }
    guard stripped.count <= 64, let t = stripped.firstIndex(of: UInt8(ascii: "T")),
      let day = isoDate(Bytes(rebasing: stripped[..<t])),
      let moment = isoTime(Bytes(rebasing: stripped[(t + 1)...]), on: day)
    else { return .no }
    return .value(moment)
  }

  private static func number(_ bytes: Slice<Bytes>) -> Int? {
    guard !bytes.isEmpty, bytes.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
    return bytes.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  private static func isoDate(_ bytes: Bytes) -> Moment? {
    let count = bytes.count
    if count == 2 {
      // A century: its first year.
      guard let century = number(bytes[...]) else { return nil }
      return valid(century * 100 + 1, 1, 1)
    }
    guard count >= 4, let year = number(bytes[..<4]) else { return nil }
    var rest = bytes[4...]
    if rest.isEmpty { return valid(year, 1, 1) }
    let isExtended = rest.first == UInt8(ascii: "-")
    if isExtended { rest = rest.dropFirst() }
    if rest.first == UInt8(ascii: "W") {
      rest = rest.dropFirst()
      guard let week = number(rest.prefix(2)), rest.count >= 2 else { return nil }
      rest = rest.dropFirst(2)
      if rest.isEmpty { return isoWeek(year, week, 1) }
      if isExtended {
        guard rest.first == UInt8(ascii: "-") else { return nil }
        rest = rest.dropFirst()
      }
      guard rest.count == 1, let day = number(rest) else { return nil }
      return isoWeek(year, week, day)
    }
    switch rest.count {
    case 5 where isExtended:
      guard let month = number(rest.prefix(2)), rest[rest.startIndex + 2] == UInt8(ascii: "-"),
        let day = number(rest.suffix(2))
      else { return nil }
      return valid(year, max(1, month), day)
    case 4 where !isExtended:
      guard let month = number(rest.prefix(2)), let day = number(rest.suffix(2)) else { return nil }
      return valid(year, max(1, month), day)
    case 3:
      guard let day = number(rest), valid(year, 1, 1) != nil else { return nil }
      return moment(day: dayNumber(year, 1, 1) + day - 1)
    case 2:
      guard let month = number(rest) else { return nil }
      return valid(year, max(1, month), 1)
    default: return nil
    }
  }

  private static func valid(_ year: Int, _ month: Int, _ day: Int) -> Moment? {
    let moment = Moment(year: year, month: month, day: day)
    return isValid(moment) ? moment : nil
  }

  private static func moment(day number: Int) -> Moment? {
    guard number >= dayNumber(1, 1, 1), number <= dayNumber(9999, 12, 31) else { return nil }
    let (year, month, day) = day(number)
    return Moment(year: year, month: month, day: day)
  }

  /// As isodate counts: from the week that has January 1st.
  private static func isoWeek(_ year: Int, _ week: Int, _ day: Int) -> Moment? {
    guard valid(year, 1, 1) != nil else { return nil }
    let first = dayNumber(year, 1, 1)
    // 0000-03-01 was a Wednesday; Monday is 1.
    let weekday = (first + 2) % 7 + 1
    // January 1st belongs to week 1 from Monday to Thursday, else to the last of the year before.
    return moment(day: first + (week - (weekday <= 4 ? 1 : 0)) * 7 - weekday + day)
  }

  private static func isoTime(_ bytes: Bytes, on date: Moment) -> Moment? {
    var out = date
    var time = bytes[...]
    if time.last == UInt8(ascii: "Z") {
      out.offset = 0
      time = time.dropLast()
    } else if let sign = time.lastIndex(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) {
      var zone = time[(sign + 1)...]
      guard let hours = number(zone.prefix(2)), zone.count >= 2 else { return nil }
      zone = zone.dropFirst(2)
      if zone.count == 3, zone.first == UInt8(ascii: ":") { zone = zone.dropFirst() }
      var minutes = 0
      if !zone.isEmpty {
        guard zone.count == 2, let given = number(zone) else { return nil }
        minutes = given
      }
      guard hours < 24 else { return nil }
      let offset = hours * 3600 + minutes * 60
      out.offset = bytes[sign] == UInt8(ascii: "-") ? -offset : offset
      time = time[..<sign]
    }
    // A fraction belongs to the last part.
    var fraction = time[time.endIndex...]
    if let point = time.firstIndex(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }) {
      fraction = time[(point + 1)...]
      guard number(fraction.prefix(1)) != nil, fraction.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
      time = time[..<point]
    }
    let isExtended = time.contains(UInt8(ascii: ":"))
    var parts: [Int] = []
    while !time.isEmpty {
      if isExtended, !parts.isEmpty {
        guard time.first == UInt8(ascii: ":") else { return nil }
        time = time.dropFirst()
      }
      guard time.count >= 2, parts.count < 3, let part = number(time.prefix(2)) else { return nil }
      parts.append(part)
      time = time.dropFirst(2)
    }
    guard !parts.isEmpty else { return nil }
    // Millionths and less are cut, as isodate does; 12 digits are more than it keeps.
    var numerator = 0
    var denominator = 1
    for byte in fraction.prefix(12) {
      numerator = numerator * 10 + Int(byte - 0x30)
      denominator *= 10
    }
    let unit = parts.count == 3 ? 1 : parts.count == 2 ? 60 : 3600
    // In two steps, to stay in 64 bits: seconds, then what is left of them.
    let seconds = numerator * unit / denominator
    let rest = numerator * unit % denominator
    let microseconds = Int((Int128(rest) * 1_000_000) / Int128(denominator))
    out.hour = parts[0]
    out.minute = parts.count > 1 ? parts[1] : 0
    out.second = (parts.count > 2 ? parts[2] : 0) + seconds
    if parts.count < 3 {
      out.minute += parts.count == 1 ? out.second / 60 : 0
      out.second %= parts.count == 1 ? 60 : Int.max
    }
    out.microsecond = microseconds
    guard out.hour < 24, out.minute < 60, out.second < 60 else { return nil }
    return out
  }
}
