import Glibc

/// The time of day as logs and artifacts write it.
public struct Timestamp: Sendable, Comparable {
  /// Since 1970-01-01 UTC.
  public var seconds: Int
  public var nanoseconds: Int

  public init(seconds: Int, nanoseconds: Int) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  public static func now() -> Timestamp {
    var t = timespec()
    clock_gettime(CLOCK_REALTIME, &t)
    return Timestamp(seconds: t.tv_sec, nanoseconds: t.tv_nsec)
  }

  public static func < (a: Timestamp, b: Timestamp) -> Bool {
    (a.seconds, a.nanoseconds) < (b.seconds, b.nanoseconds)
  }

  /// Seconds between two times.
  public static func - (a: Timestamp, b: Timestamp) -> Double {
    Double(a.seconds - b.seconds) + Double(a.nanoseconds - b.nanoseconds) / 1e9
  }

  private func fields(local: Bool) -> tm {
    var parts = tm()
    var time = seconds
    if local { localtime_r(&time, &parts) } else { gmtime_r(&time, &parts) }
    return parts
  }

  private static func pad(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return text.utf8.count >= width ? text : String(repeating: "0", count: width - text.utf8.count) + text
  }

  /// `2026-11-23T15:38:24` in UTC.
  public var isoSeconds: String {
    let f = fields(local: false)
    return
      "\(Self.pad(Int(f.tm_year) + 1900, 4))-\(Self.pad(Int(f.tm_mon) + 1, 2))-\(Self.pad(Int(f.tm_mday), 2))T"
      + "\(Self.pad(Int(f.tm_hour), 2)):\(Self.pad(Int(f.tm_min), 2)):\(Self.pad(Int(f.tm_sec), 2))"
  }

  /// `2026-11-23T15:38:24.123456` in UTC.
  public var iso: String { isoSeconds + "." + Self.pad(nanoseconds / 1000, 6) }

  /// The same with a `Z`.
  public var isoZ: String { iso + "Z" }

  /// `15:38:24` in UTC, as dbt's console lines.
  public var clock: String {
    let f = fields(local: false)
    return "\(Self.pad(Int(f.tm_hour), 2)):\(Self.pad(Int(f.tm_min), 2)):\(Self.pad(Int(f.tm_sec), 2))"
  }

  /// `15:38:24.123456` in UTC.
  public var preciseClock: String { clock + "." + Self.pad(nanoseconds / 1000, 6) }
}

/// A clock that never goes back, in seconds.
public func monotonicSeconds() -> Double {
  var t = timespec()
  clock_gettime(CLOCK_MONOTONIC, &t)
  return Double(t.tv_sec) + Double(t.tv_nsec) / 1e9
}
