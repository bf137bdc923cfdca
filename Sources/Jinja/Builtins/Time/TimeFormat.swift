/// A time taken apart for formatting.
struct TimeParts {
  let moment: Moment
  /// Microseconds east of UTC; nil for naive times.
  var offset: Int?
  var zoneName: String?
  /// Whether daylight saving time is in force; nil when unknown.
  var daylight: Bool?

  init(_ moment: Moment) { self.moment = moment }

  /// `time.struct_time`
  var structTime: NamedTuple {
    let date = moment.date
    let clock = moment.clock
    return NamedTuple(
      "time.struct_time", shown: "time.struct_time",
      [
        ("tm_year", .int(date.year)), ("tm_mon", .int(date.month)), ("tm_mday", .int(date.day)),
        ("tm_hour", .int(clock.hour)), ("tm_min", .int(clock.minute)), ("tm_sec", .int(clock.second)),
        ("tm_wday", .int(date.weekday)), ("tm_yday", .int(date.dayOfYear)),
        ("tm_isdst", .int(daylight.map { $0 ? 1 : 0 } ?? -1)),
      ])
  }
}

/// `strftime` in the C locale, with glibc's extensions (`%e`, `%-d`, `%^a`).
enum TimeFormat {
  static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
  static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]

  static func format(_ parts: TimeParts, _ format: Str) throws -> Str {
    var out: [UInt8] = []
    format.withUTF8 { bytes in write(parts, bytes, &out) }
    return Str.make(out)
  }

  private static func write(_ parts: TimeParts, _ bytes: UnsafeBufferPointer<UInt8>, _ out: inout [UInt8]) {
    var i = 0
    while i < bytes.count {
      guard bytes[i] == 0x25, i + 1 < bytes.count else {
        out.append(bytes[i])
        i += 1
        continue
      }
      let start = i
      i += 1
      var padding: UInt8?
      var upper = false
      var swapped = false
      flags: while i < bytes.count {
        switch bytes[i] {
        case 0x2D, 0x5F, 0x30: padding = bytes[i]
        case 0x5E: upper = true
        case 0x23: swapped = true
        default: break flags
        }
        i += 1
      }
      var width = 0
      while i < bytes.count, bytes[i] >= 0x30, bytes[i] <= 0x39 {
        width = min(width * 10 + Int(bytes[i] - 0x30), 1000)
        i += 1
      }
      // `E` and `O` ask for other forms, which the C locale has not.
      if i + 1 < bytes.count, bytes[i] == 0x45 || bytes[i] == 0x4F { i += 1 }
      guard i < bytes.count, var text = text(parts, bytes[i], padding, width) else {
        out.append(contentsOf: bytes[start..<min(i + 1, bytes.count)])
        i += 1
        continue
      }
      if swapped {
        text = bytes[i] == 0x70 || bytes[i] == 0x5A ? text.lowercased() : text.uppercased()
      }
      if upper { text = text.uppercased() }
      if text.utf8.count < width {
        let fill = padding == 0x30 ? "0" : " "
        text = String(repeating: fill, count: width - text.utf8.count) + text
      }
      out.append(contentsOf: text.utf8)
      i += 1
    }
  }

  /// One directive; nil when there is none of that letter.
  private static func text(_ parts: TimeParts, _ letter: UInt8, _ padding: UInt8?, _ width: Int) -> String? {
    let date = parts.moment.date
    let clock = parts.moment.clock
    func number(_ n: Int, _ digits: Int, blank: Bool = false) -> String {
      let mode = padding ?? (blank ? 0x5F : 0x30)
      let text = String(n)
      let digits = max(digits, width)
      if mode == 0x2D || text.utf8.count >= digits { return text }
      return String(repeating: mode == 0x5F ? " " : "0", count: digits - text.utf8.count) + text
    }
    func nested(_ format: StaticString) -> String {
      var out: [UInt8] = []
      write(parts, UnsafeBufferPointer(start: format.utf8Start, count: format.utf8CodeUnitCount), &out)
      return String(decoding: out, as: UTF8.self)
    }
    let hour12 = clock.hour % 12 == 0 ? 12 : clock.hour % 12
    switch letter {
    case UInt8(ascii: "a"): return String(weekdays[date.weekday].prefix(3))
    case UInt8(ascii: "A"): return weekdays[date.weekday]
    case UInt8(ascii: "w"): return number((date.weekday + 1) % 7, 1)
    case UInt8(ascii: "u"): return number(date.weekday + 1, 1)
    case UInt8(ascii: "d"): return number(date.day, 2)
    case UInt8(ascii: "e"): return number(date.day, 2, blank: true)
    case UInt8(ascii: "b"), UInt8(ascii: "h"): return String(months[date.month - 1].prefix(3))
    case UInt8(ascii: "B"): return months[date.month - 1]
    case UInt8(ascii: "m"): return number(date.month, 2)
    case UInt8(ascii: "y"): return number(date.year % 100, 2)
    case UInt8(ascii: "Y"): return number(date.year, 1)
    case UInt8(ascii: "C"): return number(date.year / 100, 2)
    case UInt8(ascii: "G"): return number(date.iso.year, 1)
    case UInt8(ascii: "g"): return number(date.iso.year % 100, 2)
    case UInt8(ascii: "V"): return number(date.iso.week, 2)
    case UInt8(ascii: "U"): return number((date.dayOfYear + 6 - (date.weekday + 1) % 7) / 7, 2)
    case UInt8(ascii: "W"): return number((date.dayOfYear + 6 - date.weekday) / 7, 2)
    case UInt8(ascii: "j"): return number(date.dayOfYear, 3)
    case UInt8(ascii: "H"): return number(clock.hour, 2)
    case UInt8(ascii: "k"): return number(clock.hour, 2, blank: true)
    case UInt8(ascii: "I"): return number(hour12, 2)
    case UInt8(ascii: "l"): return number(hour12, 2, blank: true)
    case UInt8(ascii: "p"): return clock.hour < 12 ? "AM" : "PM"
    case UInt8(ascii: "P"): return clock.hour < 12 ? "am" : "pm"
    case UInt8(ascii: "M"): return number(clock.minute, 2)
    case UInt8(ascii: "S"): return number(clock.second, 2)
    case UInt8(ascii: "f"): return CFormat.padded(clock.microsecond, 6)
    case UInt8(ascii: "s"):
      return String((LocalZone.utc(ofLocal: parts.moment.microseconds) - Moment.epoch) / 1_000_000)
    case UInt8(ascii: "z"): return parts.offset.map { TimeZoneObject.offsetText($0, colon: false) } ?? ""
    case UInt8(ascii: "Z"): return parts.zoneName ?? ""
    case UInt8(ascii: "c"): return nested("%a %b %e %H:%M:%S %Y")
    case UInt8(ascii: "x"), UInt8(ascii: "D"): return nested("%m/%d/%y")
    case UInt8(ascii: "X"), UInt8(ascii: "T"): return nested("%H:%M:%S")
    case UInt8(ascii: "F"): return nested("%Y-%m-%d")
    case UInt8(ascii: "R"): return nested("%H:%M")
    case UInt8(ascii: "r"): return nested("%I:%M:%S %p")
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "%"): return "%"
    default: return nil
    }
  }
}
