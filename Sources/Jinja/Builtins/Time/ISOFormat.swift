/// `fromisoformat` as CPython 3.11 reads it.
enum ISOFormat {
  static func date(_ value: Value?) throws -> Civil {
    guard let text = value?.asString else { throw TemplateError(.type, "fromisoformat: argument must be str") }
    guard let (date, length) = try read(date: Array(text.utf8)), length == text.utf8.count else {
      throw invalid(text)
    }
    return date
  }

  private static func invalid(_ text: String) -> TemplateError {
    TemplateError(.value, "Invalid isoformat string: \((try? Value.string(text).repr(nil).string) ?? text)")
  }

  static func dateTime(_ text: String) throws -> DateTimeObject {
    let bytes = Array(text.utf8)
    guard let (date, length) = try read(date: bytes) else { throw invalid(text) }
    if length == bytes.count { return DateTimeObject(Moment(date, Clock())) }
    // The separator may be any one character.
    var start = length + 1
    while start < bytes.count, bytes[start] & 0xC0 == 0x80 { start += 1 }
    guard start < bytes.count else { throw invalid(text) }
    guard let (clock, zone) = try read(time: bytes[start...]) else { throw invalid(text) }
    return DateTimeObject(Moment(date, clock), zone)
  }

  static func time(_ text: String) throws -> (Clock, TimeZoneObject?) {
    var bytes = Array(text.utf8)[...]
    if bytes.first == 0x54 { bytes = bytes.dropFirst() }
    guard let result = try read(time: bytes) else { throw invalid(text) }
    return result
  }

  private static func digits(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard !bytes.isEmpty else { return nil }
    var value = 0
    for byte in bytes {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    return value
  }

  /// `YYYY-MM-DD`, `YYYYMMDD`, `YYYY-Www-D`, `YYYYWwwD`, `YYYY-Www`, `YYYYWww`: the date and how long it was.
  private static func read(date bytes: [UInt8]) throws -> (Civil, Int)? {
    func number(_ from: Int, _ count: Int) -> Int? {
      from + count <= bytes.count ? digits(bytes[from..<from + count]) : nil
    }
    func at(_ i: Int) -> UInt8 { i < bytes.count ? bytes[i] : 0 }
    guard let year = number(0, 4) else { return nil }
    let extended = at(4) == 0x2D
    let next = extended ? 5 : 4
    if at(next) == 0x57 {
      guard let week = number(next + 1, 2) else { return nil }
      let end = next + 3
      if extended, at(end) == 0x2D, let day = number(end + 1, 1) {
        return (try Civil.fromISO(year, week, day), end + 2)
      }
      if !extended, let day = number(end, 1) { return (try Civil.fromISO(year, week, day), end + 1) }
      return (try Civil.fromISO(year, week, 1), end)
    }
    if extended {
      guard let month = number(5, 2), at(7) == 0x2D, let day = number(8, 2) else { return nil }
      return (try Civil(checking: year, month, day), 10)
    }
    guard let month = number(4, 2), let day = number(6, 2) else { return nil }
    return (try Civil(checking: year, month, day), 8)
  }

  /// `HH[:MM[:SS[.fff…]]]` with an offset or `Z`.
  private static func read(time bytes: ArraySlice<UInt8>) throws -> (Clock, TimeZoneObject?)? {
    let zoneStart = bytes.firstIndex { $0 == 0x2B || $0 == 0x2D || $0 == 0x5A } ?? bytes.endIndex
    guard let (numbers, micro) = clock(bytes[bytes.startIndex..<zoneStart]) else { return nil }
    let time = try Clock(checking: numbers[0], numbers[1], numbers[2], micro)
    guard zoneStart < bytes.endIndex else { return (time, nil) }
    if bytes[zoneStart] == 0x5A { return zoneStart + 1 == bytes.endIndex ? (time, FixedZone.utc) : nil }
    guard let (offset, fraction) = clock(bytes[(zoneStart + 1)...]) else { return nil }
    let microseconds = ((offset[0] * 60 + offset[1]) * 60 + offset[2]) * 1_000_000 + fraction
    if microseconds == 0 { return (time, FixedZone.utc) }
    return (time, try FixedZone.checked(bytes[zoneStart] == 0x2D ? -microseconds : microseconds))
  }

  /// Two digits each, with colons between all of them or none, then perhaps a fraction.
  private static func clock(_ bytes: ArraySlice<UInt8>) -> ([Int], Int)? {
    var rest = bytes
    var numbers: [Int] = []
    var colons: Bool?
    while numbers.count < 3 {
      guard rest.count >= 2, let n = digits(rest.prefix(2)) else { return nil }
      numbers.append(n)
      rest = rest.dropFirst(2)
      if rest.isEmpty || rest.first == 0x2E || rest.first == 0x2C { break }
      let colon = rest.first == 0x3A
      if colons == nil { colons = colon }
      guard colons == colon else { return nil }
      if colon { rest = rest.dropFirst() }
    }
    var micro = 0
    if let point = rest.first {
      guard numbers.count == 3, point == 0x2E || point == 0x2C else { return nil }
      let fraction = rest.dropFirst()
      guard digits(fraction) != nil || fraction.count > 18, fraction.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
        !fraction.isEmpty
      else { return nil }
      let six = Array(fraction.prefix(6)) + [UInt8](repeating: 0x30, count: max(0, 6 - fraction.count))
      micro = digits(six[...]) ?? 0
    }
    while numbers.count < 3 { numbers.append(0) }
    return (numbers, micro)
  }
}
