/// `datetime.strptime` in the C locale.
enum TimeParse {
  /// The pattern of each directive. Names are those of the groups it fills.
  private static let directives: [Character: String] = [
    "d": #"(?P<d>3[01]|[12]\d|0[1-9]|[1-9]| [1-9])"#,
    "f": #"(?P<f>[0-9]{1,6})"#,
    "H": #"(?P<H>2[0-3]|[01]\d|\d)"#,
    "I": #"(?P<I>1[0-2]|0[1-9]|[1-9])"#,
    "G": #"(?P<G>\d\d\d\d)"#,
    "j": #"(?P<j>36[0-6]|3[0-5]\d|[12]\d\d|0[1-9]\d|00[1-9]|[1-9]\d|0[1-9]|[1-9])"#,
    "m": #"(?P<m>1[0-2]|0[1-9]|[1-9])"#,
    "M": #"(?P<M>[0-5]\d|\d)"#,
    "S": #"(?P<S>6[01]|[0-5]\d|\d)"#,
    "U": #"(?P<U>5[0-3]|[0-4]\d|\d)"#,
    "W": #"(?P<W>5[0-3]|[0-4]\d|\d)"#,
    "V": #"(?P<V>5[0-3]|0[1-9]|[1-4]\d|\d)"#,
    "u": "(?P<u>[1-7])",
    "w": "(?P<w>[0-6])",
    "y": #"(?P<y>\d\d)"#,
    "Y": #"(?P<Y>\d\d\d\d)"#,
    "z": #"(?P<z>[+-]\d\d:?[0-5]\d(?::?[0-5]\d(?:\.\d{1,6})?)?|(?-i:Z))"#,
    "A": "(?P<A>\(TimeFormat.weekdays.joined(separator: "|")))",
    "a": "(?P<a>\(TimeFormat.weekdays.map { String($0.prefix(3)) }.joined(separator: "|")))",
    "B": "(?P<B>\(TimeFormat.months.sorted { $0.count > $1.count }.joined(separator: "|")))",
    "b": "(?P<b>\(TimeFormat.months.map { String($0.prefix(3)) }.joined(separator: "|")))",
    "p": "(?P<p>AM|PM)",
    "Z": "(?P<Z>UTC|GMT)",
    "%": "%",
  ]

  static func parse(_ text: String, _ format: String) throws -> DateTimeObject {
    let program = try PatternObject.compiled(Str.make(try pattern(format)), .ignoreCase)
    let subject = RegexSubject(Str.make(text))
    guard let match = try program.find(subject, .match) else {
      throw TemplateError(.value, "time data \(try repr(text)) does not match format \(try repr(format))")
    }
    if match.end < subject.scalars.count {
      let rest = subject.slice(match.end..<subject.scalars.count).string
      throw TemplateError(.value, "unconverted data remains: \(rest)")
    }
    return try build { name in
      program.group(named: name).flatMap { match.range($0) }.map { subject.slice($0).string }
    }
  }

  private static func repr(_ text: String) throws -> String { try Value.string(text).repr(nil).string }

  private static func pattern(_ format: String) throws -> String {
    var out = ""
    var characters = expanded(format).makeIterator()
    var afterBlank = false
    var used: Set<Character> = []
    while let c = characters.next() {
      if let scalar = c.unicodeScalars.first, Characters.isSpace(scalar.value) {
        if !afterBlank { out += #"\s+"# }
        afterBlank = true
        continue
      }
      afterBlank = false
      guard c == "%" else {
        out += RegexModule.escape(Str.make(String(c))).string
        continue
      }
      guard let letter = characters.next() else { throw TemplateError(.value, "stray % in format '\(format)'") }
      guard let directive = directives[letter] else {
        throw TemplateError(.value, "'\(letter)' is a bad directive in format '\(format)'")
      }
      if letter != "%", !used.insert(letter).inserted {
        throw TemplateError(
          .value, "redefinition of group name '\(letter)' as group \(used.count + 1)")
      }
      out += directive
    }
    return out
  }

  /// `%c`, `%x` and `%X` are other directives in short.
  private static func expanded(_ format: String) -> String {
    var out = ""
    var percent = false
    for c in format {
      if percent {
        switch c {
        case "c": out += "%a %b %d %H:%M:%S %Y"
        case "x": out += "%m/%d/%y"
        case "X": out += "%H:%M:%S"
        default: out += "%\(c)"
        }
        percent = false
      } else if c == "%" {
        percent = true
      } else {
        out.append(c)
      }
    }
    return percent ? out + "%" : out
  }

  private static func build(_ group: (String) -> String?) throws -> DateTimeObject {
    func number(_ name: String) -> Int? {
      group(name).flatMap { Int($0.filter { $0 != " " }) ?? PythonDigits.int($0) }
    }
    func place(_ name: String, _ names: [String], _ length: Int) -> Int? {
      group(name).flatMap { text in names.firstIndex { $0.prefix(length).lowercased() == text.lowercased() } }
    }
    var year = number("Y") ?? number("y").map { $0 <= 68 ? $0 + 2000 : $0 + 1900 }
    var month = number("m") ?? place("B", TimeFormat.months, 99).map { $0 + 1 }
    month = month ?? place("b", TimeFormat.months, 3).map { $0 + 1 }
    var day = number("d")
    var clock = Clock()
    clock.hour = number("H") ?? 0
    if let hour = number("I") {
      let afternoon = group("p")?.lowercased() == "pm"
      clock.hour = hour % 12 + (afternoon ? 12 : 0)
    }
    clock.minute = number("M") ?? 0
    clock.second = number("S") ?? 0
    if let fraction = group("f") {
      clock.microsecond = Int(fraction + String(repeating: "0", count: 6 - fraction.count)) ?? 0
    }
    var weekday = place("A", TimeFormat.weekdays, 99) ?? place("a", TimeFormat.weekdays, 3)
    if let w = number("w") { weekday = (w + 6) % 7 }
    if let u = number("u") { weekday = u - 1 }

    let isoYear = number("G")
    let isoWeek = number("V")
    let dayOfYear = number("j")
    if isoYear != nil {
      if dayOfYear != nil {
        throw TemplateError(
          .value, "Day of the year directive '%j' is not compatible with ISO year directive '%G'. Use '%Y' instead.")
      }
      if isoWeek == nil || weekday == nil {
        throw TemplateError(
          .value,
          "ISO year directive '%G' must be used with the ISO week directive '%V' and a weekday directive ('%A', '%a', "
            + "'%w', or '%u').")
      }
    } else if isoWeek != nil {
      throw TemplateError(
        .value,
        year == nil || weekday == nil
          ? "ISO week directive '%V' must be used with the ISO year directive '%G' and a weekday directive ('%A', '%a',"
            + " '%w', or '%u')."
          : "ISO week directive '%V' is incompatible with the year directive '%Y'. Use the ISO year '%G' instead.")
    }

    var date: Civil?
    if let isoYear, let isoWeek, let weekday {
      date = try Civil.fromISO(isoYear, isoWeek, weekday + 1)
    } else if let dayOfYear {
      date = Civil(ordinal: Civil(year ?? 1900, 1, 1).ordinal + dayOfYear - 1)
    } else if let year, let weekday, let week = number("U") ?? number("W") {
      // Weeks begin on Sunday for %U, on Monday for %W; week 0 is what comes before the first.
      let sunday = number("U") != nil
      let first = Civil(year, 1, 1)
      let firstWeekday = sunday ? (first.weekday + 1) % 7 : first.weekday
      let wanted = sunday ? (weekday + 1) % 7 : weekday
      let weekZero = (7 - firstWeekday) % 7
      let days = week == 0 ? wanted - firstWeekday : weekZero + 7 * (week - 1) + wanted
      date = Civil(ordinal: first.ordinal + days)
    }
    if let date {
      (year, month, day) = (date.year, date.month, date.day)
    }
    // Without a year, 29 February must be possible.
    if year == nil, month == 2, day == 29 { year = 1904 }
    var result = try Civil(checking: year ?? 1900, month ?? 1, day ?? 1)
    if year == 1904, group("Y") == nil, group("y") == nil, isoYear == nil { result = try Civil(checking: 1900, 2, 29) }
    let seconds = clock.second
    if seconds > 59 { throw TemplateError(.value, "second must be in 0..59") }
    return DateTimeObject(Moment(result, clock), try zone(group("z")))
  }

  private static func zone(_ text: String?) throws -> TimeZoneObject? {
    guard let text else { return nil }
    if text == "Z" { return FixedZone.utc }
    let digits = text.dropFirst().filter { $0 != ":" }
    let parts = digits.split(separator: ".")
    guard let whole = parts.first, whole.count >= 4 else { return nil }
    let numbers = stride(from: 0, to: whole.count, by: 2).map { offset -> Int in
      let from = whole.index(whole.startIndex, offsetBy: offset)
      return Int(whole[from..<(whole.index(from, offsetBy: 2, limitedBy: whole.endIndex) ?? whole.endIndex)]) ?? 0
    }
    var microseconds = (numbers[0] * 3600 + numbers[1] * 60 + (numbers.count > 2 ? numbers[2] : 0)) * 1_000_000
    if parts.count > 1 {
      microseconds += Int(String(parts[1]) + String(repeating: "0", count: max(0, 6 - parts[1].count))) ?? 0
    }
    if microseconds == 0 { return FixedZone.utc }
    return try FixedZone.checked(text.hasPrefix("-") ? -microseconds : microseconds)
  }
}

enum PythonDigits {
  /// Digits of any script as a number.
  static func int(_ text: String) -> Int? {
    Int(String(decoding: NumberText.plain(Str.make(text)), as: UTF8.self))
  }
}
