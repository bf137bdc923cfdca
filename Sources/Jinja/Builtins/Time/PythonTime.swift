/// Dates, times and durations for hosts; nil for what Python's types can't hold.
public enum PythonTime {
  /// `datetime.date`
  public static func date(_ year: Int, _ month: Int, _ day: Int) -> Value? {
    (try? Civil(checking: year, month, day)).map { .object(DateObject($0)) }
  }

  /// `datetime.time`; `utcOffset` in seconds east of UTC, nil for none.
  public static func time(
    _ hour: Int, _ minute: Int, _ second: Int, _ microsecond: Int, utcOffset: Int? = nil
  ) -> Value? {
    (try? Clock(checking: hour, minute, second, microsecond)).map { .object(TimeObject($0, zone(utcOffset))) }
  }

  /// `datetime.datetime`, aware when there is an offset.
  public static func dateTime(
    _ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int, _ microsecond: Int,
    utcOffset: Int? = nil
  ) -> Value? {
    guard let date = try? Civil(checking: year, month, day),
      let clock = try? Clock(checking: hour, minute, second, microsecond)
    else { return nil }
    return .object(DateTimeObject(Moment(date, clock), zone(utcOffset)))
  }

  /// An aware `datetime.datetime` of UTC.
  public static func utc(microsecondsSinceEpoch: Int) -> Value? {
    (try? DateTimeObject.utc(microsecondsSinceEpoch: microsecondsSinceEpoch)).map { .object($0) }
  }

  /// `datetime.timedelta`
  public static func delta(days: Int, microseconds: Int) -> Value? {
    (try? TimeDeltaObject(checking: Int128(days) * 86_400_000_000 + Int128(microseconds))).map { .object($0) }
  }

  private static func zone(_ offset: Int?) -> FixedZone? {
    offset.map { $0 == 0 ? FixedZone.utc : FixedZone($0 * 1_000_000) }
  }
}
