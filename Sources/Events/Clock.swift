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

  /// `2026-11-23T15:38:24` in UTC.
  public var isoSeconds: String {
    text(19) {
      writeDate(&$0); writeTime(&$0)
    }
  }

  /// `2026-11-23T15:38:24.123456` in UTC.
  public var iso: String {
    text(26) {
      writeDate(&$0); writeTime(&$0); writeMicroseconds(&$0)
    }
  }

  /// The same with a `Z`.
  public var isoZ: String {
    text(27) { out in
      writeDate(&out)
      writeTime(&out)
      writeMicroseconds(&out)
      out.put(UInt8(ascii: "Z"))
    }
  }

  /// `15:38:24` in UTC, as dbt's console lines.
  public var clock: String { text(8) { writeTime(&$0) } }

  /// The same with microseconds, at the end of a line being made.
  func appendPreciseClock(to bytes: inout [UInt8]) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16) { buffer in
      var out = Digits(bytes: buffer)
      writeTime(&out)
      writeMicroseconds(&out)
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[..<out.count]))
    }
  }

  /// `15:38:24.123456` in UTC.
  public var preciseClock: String {
    text(15) {
      writeTime(&$0); writeMicroseconds(&$0)
    }
  }

  // MARK: Digits

  /// Several of these are written for every node of a run, so they are put together digit by digit.
  private struct Digits {
    let bytes: UnsafeMutableBufferPointer<UInt8>
    var count = 0
    mutating func put(_ byte: UInt8) {
      bytes[count] = byte
      count += 1
    }
    mutating func put(_ number: Int, width: Int) {
      var rest = UInt32(truncatingIfNeeded: number)
      var i = count + width
      while i > count {
        i -= 1
        let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
        bytes[i] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)
        rest = quotient
      }
      count += width
    }
  }

  private func text(_ count: Int, _ write: (inout Digits) -> Void) -> String {
    String(unsafeUninitializedCapacity: count) { buffer in
      var out = Digits(bytes: buffer)
      write(&out)
      return out.count
    }
  }

  private static let secondsOfDay = 86_400

  private func writeTime(_ out: inout Digits) {
    let (_, second) = days
    out.put(second / 3600, width: 2)
    out.put(UInt8(ascii: ":"))
    out.put(second / 60 % 60, width: 2)
    out.put(UInt8(ascii: ":"))
    out.put(second % 60, width: 2)
  }

  private func writeMicroseconds(_ out: inout Digits) {
    out.put(UInt8(ascii: "."))
    out.put(nanoseconds / 1000, width: 6)
  }

  /// With the `T` that follows.
  private func writeDate(_ out: inout Digits) {
    let date = Self.civil(days.whole)
    out.put(date.year, width: 4)
    out.put(UInt8(ascii: "-"))
    out.put(date.month, width: 2)
    out.put(UInt8(ascii: "-"))
    out.put(date.day, width: 2)
    out.put(UInt8(ascii: "T"))
  }

  private var days: (whole: Int, second: Int) {
    let second = (seconds % Self.secondsOfDay + Self.secondsOfDay) % Self.secondsOfDay
    return ((seconds - second) / Self.secondsOfDay, second)
  }

  /// The Gregorian date of a day counted from 1970-01-01, by years that begin in March: leap days then come last.
  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let sinceMarch = days + 719_468
    let era = (sinceMarch >= 0 ? sinceMarch : sinceMarch - 146_096) / 146_097
    let dayOfEra = sinceMarch - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    return (yearOfEra + era * 400 + (month >= 10 ? 1 : 0), month < 10 ? month + 3 : month - 9, day)
  }
}

/// A clock that never goes back, in seconds.
public func monotonicSeconds() -> Double {
  var t = timespec()
  clock_gettime(CLOCK_MONOTONIC, &t)
  return Double(t.tv_sec) + Double(t.tv_nsec) / 1e9
}
