import Glibc
import Testing

@testable import Events

@Suite struct TimestampTests {
  /// The days around the ends of months and of leap years, before and after 1970, as the C library has them.
  @Test func datesAreThoseOfTheCalendar() {
    for day in stride(from: -80_000, to: 80_000, by: 1) where abs(day) % 13 == 0 || abs(day) % 365 < 3 {
      var time = day * 86_400 + (abs(day) * 7919) % 86_400
      var parts = tm()
      gmtime_r(&time, &parts)
      var text = [CChar](repeating: 0, count: 32)
      strftime(&text, 32, "%Y-%m-%dT%H:%M:%S", &parts)
      let expected = text.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
      #expect(Timestamp(seconds: time, nanoseconds: 0).isoSeconds == expected)
    }
  }

  @Test func fractionsAreMicroseconds() {
    let time = Timestamp(seconds: 1_732_412_304, nanoseconds: 7_654_321)
    #expect(time.isoZ == "2024-11-24T01:38:24.007654Z")
    #expect(time.preciseClock == "01:38:24.007654")
    #expect(time.clock == "01:38:24")
  }
}
