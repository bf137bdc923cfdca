import Diagnostics
import Glibc

/// Moments and the batches between them, in UTC (https://docs.getdbt.com/docs/build/incremental-microbatch).
struct BatchWindow {
  enum Size: String, CaseIterable { case hour, day, month, year }

  /// Seconds since 1970.
  typealias Moment = Int

  static func parse(_ text: String) throws -> Moment {
    let digits = text.split(whereSeparator: { !$0.isNumber && $0 != "-" || $0 == "-" }).compactMap { Int($0) }
    guard digits.count >= 3 else {
      throw Diagnostic(
        "event-time", .usage, "'\(text)' is not a date or time.", hint: "Write it as 2025-01-31 or 2025-01-31T12:00:00."
      )
    }
    return moment(
      digits[0], digits[1], digits[2], digits.count > 3 ? digits[3] : 0, digits.count > 4 ? digits[4] : 0,
      digits.count > 5 ? digits[5] : 0)
  }

  private static func moment(
    _ year: Int, _ month: Int, _ day: Int, _ hour: Int = 0, _ minute: Int = 0, _ second: Int = 0
  ) -> Moment {
    var parts = tm()
    parts.tm_year = Int32(year - 1900)
    parts.tm_mon = Int32(month - 1)
    parts.tm_mday = Int32(day)
    parts.tm_hour = Int32(hour)
    parts.tm_min = Int32(minute)
    parts.tm_sec = Int32(second)
    return timegm(&parts)
  }

  private static func fields(_ moment: Moment) -> tm {
    var parts = tm()
    var time = moment
    gmtime_r(&time, &parts)
    return parts
  }

  /// The beginning of the batch a moment lies in.
  static func truncate(_ moment: Moment, _ size: Size) -> Moment {
    let f = fields(moment)
    let (year, month, day, hour) = (Int(f.tm_year) + 1900, Int(f.tm_mon) + 1, Int(f.tm_mday), Int(f.tm_hour))
    switch size {
    case .hour: return self.moment(year, month, day, hour)
    case .day: return self.moment(year, month, day)
    case .month: return self.moment(year, month, 1)
    case .year: return self.moment(year, 1, 1)
    }
  }

  static func offset(_ moment: Moment, _ size: Size, _ count: Int) -> Moment {
    let f = fields(moment)
    let (year, month, day) = (Int(f.tm_year) + 1900, Int(f.tm_mon) + 1, Int(f.tm_mday))
    switch size {
    case .hour: return moment + count * 3600
    case .day: return moment + count * 86400
    case .month: return self.moment(year, month + count, day, Int(f.tm_hour), Int(f.tm_min), Int(f.tm_sec))
    case .year: return self.moment(year + count, month, day, Int(f.tm_hour), Int(f.tm_min), Int(f.tm_sec))
    }
  }

  static func ceiling(_ moment: Moment, _ size: Size) -> Moment {
    let start = truncate(moment, size)
    return start == moment ? moment : offset(start, size, 1)
  }

  static func batches(from start: Moment, to end: Moment, _ size: Size) -> [(start: Moment, end: Moment)] {
    var out: [(start: Moment, end: Moment)] = []
    var at = truncate(start, size)
    while at < end {
      let next = offset(at, size, 1)
      out.append((out.isEmpty ? start : at, min(next, end)))
      at = next
    }
    if out.isEmpty { out.append((start, offset(truncate(start, size), size, 1))) }
    return out
  }

  private static func pad(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// As Python prints an aware datetime: `2025-01-31 00:00:00+00:00`.
  static func python(_ moment: Moment) -> String {
    let f = fields(moment)
    return
      "\(Int(f.tm_year) + 1900)-\(pad(f.tm_mon + 1))-\(pad(f.tm_mday)) \(pad(f.tm_hour)):\(pad(f.tm_min)):\(pad(f.tm_sec))+00:00"
  }

  static func iso(_ moment: Moment) -> String { python(moment).split(separator: " ").joined(separator: "T") }

  /// How a batch is called in lines and files: `2025-01-31`, `2025-01-31T05` for hours.
  static func name(_ moment: Moment, _ size: Size) -> String {
    let text = iso(moment)
    return String(text.prefix(size == .hour ? 13 : 10))
  }

  /// A batch's id: the same without separators.
  static func id(_ moment: Moment, _ size: Size) -> String {
    let digits = name(moment, size).filter(\.isNumber)
    switch size {
    case .year: return String(digits.prefix(4))
    case .month: return String(digits.prefix(6))
    default: return digits
    }
  }
}
