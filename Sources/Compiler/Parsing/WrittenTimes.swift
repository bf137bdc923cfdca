/// A microbatch model's `begin`, with the time of day that a date alone leaves out.
enum BeginTime {
  static func iso(_ text: String) -> String {
    if text.utf8.count == 10 { return "\(text)T00:00:00" }
    let parts = text.split(separator: " ", maxSplits: 1)
    let joined = parts.count == 2 ? "\(parts[0])T\(parts[1])" : text
    // Hours and minutes without seconds.
    return joined.utf8.count == 16 && Array(joined.utf8)[13] == UInt8(ascii: ":") ? "\(joined):00" : joined
  }
}

/// Dates as Python's `isoformat` gives them with the time and zone dbt adds.
enum DeprecationDate {
  static func iso(_ text: String) -> String {
    if text.utf8.count == 10 { return "\(text)T00:00:00+00:00" }
    let parts = text.split(separator: " ", maxSplits: 1)
    let joined = parts.count == 2 ? "\(parts[0])T\(parts[1])" : text
    return joined.hasSuffix("Z")
      ? "\(joined.dropLast())+00:00" : joined.utf8.dropFirst(11).contains(0x2B) ? joined : "\(joined)+00:00"
  }
}
