import Events
import Testing

@testable import Runner

@Suite struct FreshnessRunnerTests {
  @Test(arguments: [
    ("1970-01-01 00:00:00", 0, 0), ("2024-02-29 12:30:15+00:00", 1_709_209_815, 0),
    ("2024-03-01T00:00:00+02:00", 1_709_244_000, 0), ("1999-12-31 23:59:59.25-05:30", 946_704_599, 250_000_000),
    ("0001-01-01 00:00:00+00:00", -62_135_596_800, 0),
  ])
  func timesAreReadAsPythonWritesThem(_ text: String, _ seconds: Int, _ nanoseconds: Int) {
    #expect(FreshnessRunner.parse(text) == Timestamp(seconds: seconds, nanoseconds: nanoseconds))
  }

  @Test(arguments: ["2024-01-01", "", "yesterday at five o'clock", "2024-01-01 ab:00:00"])
  func whatIsNoTimeIsRefused(_ text: String) { #expect(FreshnessRunner.parse(text) == nil) }

  @Test func timesAreWrittenInUTC() {
    #expect(FreshnessRunner.text(Timestamp(seconds: 1_709_209_815, nanoseconds: 0)) == "2024-02-29T12:30:15+00:00")
    #expect(
      FreshnessRunner.text(Timestamp(seconds: 0, nanoseconds: 250_000_000)) == "1970-01-01T00:00:00.250000+00:00")
  }
}
