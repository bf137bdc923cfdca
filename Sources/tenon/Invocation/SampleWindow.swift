import Diagnostics
import Events
import Manifest
import YAML

/// `--sample` and `--event-time-start`/`--event-time-end` as a window of time.
enum SampleWindow {
  static func parse(
    _ sample: String?, start: String?, end: String?, now: Timestamp
  ) throws -> (start: String?, end: String?)? {
    guard let sample else { return nil }
    if sample.hasPrefix("{") {
      guard case .dict(let dict) = ConfigValue(try YAML.value(of: sample, name: "--sample")) else { return nil }
      return (dict["start"].map { text($0) }, dict["end"].map { text($0) })
    }
    let parts = sample.split(separator: " ")
    guard parts.count == 2, let count = Int(parts[0]) else { throw problem(sample) }
    var unit = String(parts[1]).lowercased()
    if unit.hasSuffix("s") { unit.removeLast() }
    let seconds: Int
    switch unit {
    case "hour": seconds = 3600
    case "day": seconds = 86400
    case "month": seconds = 30 * 86400
    case "year": seconds = 365 * 86400
    default: throw problem(sample)
    }
    let from = Timestamp(seconds: now.seconds - count * seconds, nanoseconds: now.nanoseconds)
    return (python(from), python(now))
  }

  /// As Python prints an aware datetime.
  static func python(_ time: Timestamp) -> String {
    time.iso.split(separator: "T").joined(separator: " ") + "+00:00"
  }

  private static func text(_ value: ConfigValue) -> String {
    switch value {
    case .date(let date): "\(date) 00:00:00+00:00"
    case .datetime(let time), .string(let time):
      time.utf8.count == 10 ? "\(time) 00:00:00+00:00" : time.split(separator: "T").joined(separator: " ") + "+00:00"
    default: ""
    }
  }

  private static func problem(_ text: String) -> Diagnostic {
    Diagnostic(
      "sample", .usage, "Runtime Error: '\(text)' is not a sample.",
      hint: "Write a count and a unit, such as '3 days', or {start: 2025-01-01, end: 2025-02-01}.")
  }
}
