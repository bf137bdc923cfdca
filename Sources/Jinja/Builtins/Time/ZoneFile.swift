import Glibc
import Synchronization

/// A zone of the IANA database: when its clocks changed, and to what.
final class ZoneData: Sendable {
  struct Rule: Sendable, Equatable {
    /// Seconds east of UTC, whole minutes as pytz keeps them.
    let offset: Int
    /// The part of the offset that is daylight saving time.
    let daylight: Int
    let name: String
  }

  let name: String
  /// Seconds since 1970 of UTC at which a rule begins; the first rule has no beginning.
  let transitions: [Int]
  let rules: [Rule]

  init(name: String, transitions: [Int], rules: [Rule]) {
    self.name = name
    self.transitions = transitions
    self.rules = rules
  }

  /// The index of the rule in force at a UTC time.
  func rule(at seconds: Int) -> Int {
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle] <= seconds { low = middle + 1 } else { high = middle }
    }
    return max(0, low - 1)
  }
}

/// Reads the time zone files of the system (RFC 8536).
enum ZoneFile {
  /// Where systems keep them.
  static let folders = ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo"]
  private static let cache = Mutex<[String: ZoneData]>([:])
  private static let lastYear = 2037

  static var folder: String? { folders.first { access($0 + "/Etc", R_OK) == 0 || access($0 + "/Europe", R_OK) == 0 } }

  /// Nil when there is no such zone.
  static func load(_ name: String) -> ZoneData? {
    if let known = cache.withLock({ $0[name] }) { return known }
    guard isSafe(name), let folder, let bytes = read("\(folder)/\(name)"), let data = parse(bytes, name) else {
      return nil
    }
    cache.withLock { $0[name] = data }
    return data
  }

  /// Names stay inside the folder.
  private static func isSafe(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix("/") && !name.contains("..")
      && name.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x2F, 0x5F: true
        default: false
        }
      }
  }

  private static func read(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 18)
    let count = fread(&bytes, 1, bytes.count, file)
    return count > 44 ? Array(bytes[..<count]) : nil
  }

  /// Every zone file's name, in order.
  static func names() -> [String] {
    guard let folder else { return ["UTC"] }
    var found: [String] = []
    func walk(_ prefix: String) {
      guard let directory = opendir(folder + "/" + prefix) else { return }
      defer { closedir(directory) }
      while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        guard let first = name.unicodeScalars.first, first.value >= 0x41, first.value <= 0x5A, !name.contains(".")
        else { continue }
        let path = prefix + name
        var info = stat()
        guard stat(folder + "/" + path, &info) == 0 else { continue }
        if info.st_mode & S_IFMT == S_IFDIR {
          walk(path + "/")
        } else {
          found.append(path)
        }
      }
    }
    walk("")
    return found.sorted().filter { $0 != "Factory" }
  }

  // MARK: - The format

  private struct Kind {
    let offset: Int
    let isDaylight: Bool
    let name: String
  }

  private static func integer(_ bytes: [UInt8], _ at: Int, _ count: Int) -> Int {
    var value: UInt64 = bytes[at] & 0x80 != 0 ? .max : 0
    for i in 0..<count { value = value << 8 | UInt64(bytes[at + i]) }
    return Int(Int64(bitPattern: value))
  }

  static func parse(_ bytes: [UInt8], _ name: String) -> ZoneData? {
    guard bytes.starts(with: Array("TZif".utf8)) else { return nil }
    func counts(_ at: Int) -> [Int]? {
      guard at + 44 <= bytes.count else { return nil }
      return (0..<6).map { integer(bytes, at + 20 + $0 * 4, 4) }
    }
    // utc indicators, standard indicators, leap seconds, transitions, kinds, characters
    guard var n = counts(0), n.allSatisfy({ $0 >= 0 }) else { return nil }
    var start = 44
    var width = 4
    if bytes[4] >= 0x32 {
      let first = 44 + n[3] * 5 + n[4] * 6 + n[5] + n[2] * 8 + n[1] + n[0]
      guard let second = counts(first), second.allSatisfy({ $0 >= 0 }) else { return nil }
      n = second
      start = first + 44
      width = 8
    }
    let end = start + n[3] * (width + 1) + n[4] * 6 + n[5] + n[2] * (width + 4) + n[1] + n[0]
    guard end <= bytes.count, n[4] > 0 else { return nil }
    var times = (0..<n[3]).map { integer(bytes, start + $0 * width, width) }
    var indexes = (0..<n[3]).map { Int(bytes[start + n[3] * width + $0]) }
    let kindStart = start + n[3] * (width + 1)
    let nameStart = kindStart + n[4] * 6
    var kinds = (0..<n[4]).map { i -> Kind in
      let at = kindStart + i * 6
      let from = min(nameStart + Int(bytes[at + 5]), nameStart + n[5])
      let text = bytes[from..<(nameStart + n[5])].prefix { $0 != 0 }
      return Kind(
        offset: integer(bytes, at, 4), isDaylight: bytes[at + 4] != 0, name: String(decoding: text, as: UTF8.self))
    }
    guard indexes.allSatisfy({ $0 < kinds.count }) else { return nil }
    // pytz knows nothing before 1901-12-13, the beginning of 32-bit time.
    let firstTime = -2_147_483_648
    if let cut = times.lastIndex(where: { $0 <= firstTime }), cut > 0 {
      times.removeFirst(cut)
      indexes.removeFirst(cut)
    }
    if width == 8 {
      let footer = bytes[end...].drop { $0 == 0x0A }.prefix { $0 != 0x0A }
      extend(String(decoding: footer, as: UTF8.self), &times, &indexes, &kinds)
    }
    return build(name, times, indexes, kinds)
  }

  /// Daylight saving as pytz derives it: how far a rule is from the standard time beside it.
  private static func build(_ name: String, _ times: [Int], _ indexes: [Int], _ kinds: [Kind]) -> ZoneData {
    func rounded(_ seconds: Int) -> Int { Int((Double(seconds + 30) / 60).rounded(.down)) * 60 }
    guard !times.isEmpty else {
      let kind = kinds[0]
      return ZoneData(
        name: name, transitions: [], rules: [ZoneData.Rule(offset: rounded(kind.offset), daylight: 0, name: kind.name)])
    }
    // Before the first change the first standard kind holds (local mean time).
    let before = kinds.indices.first { !kinds[$0].isDaylight } ?? 0
    let order = [before] + indexes
    var rules: [ZoneData.Rule] = []
    for (i, index) in order.enumerated() {
      let kind = kinds[index]
      var daylight = 0
      if kind.isDaylight {
        var previous = i - 1
        while previous >= 0, kinds[order[previous]].isDaylight { previous -= 1 }
        if previous >= 0 { daylight = kind.offset - kinds[order[previous]].offset }
        if daylight <= 0 {
          var next = i + 1
          while next < order.count, kinds[order[next]].isDaylight { next += 1 }
          if next < order.count, kind.offset != kinds[order[next]].offset {
            daylight = kind.offset - kinds[order[next]].offset
          }
        }
      }
      rules.append(ZoneData.Rule(offset: rounded(kind.offset), daylight: rounded(daylight), name: kind.name))
    }
    return ZoneData(name: name, transitions: [-62_135_596_800] + times, rules: rules)
  }

  // MARK: - The rule for the future: `CET-1CEST,M3.5.0,M10.5.0/3`

  private static func extend(_ rule: String, _ times: inout [Int], _ indexes: inout [Int], _ kinds: inout [Kind]) {
    guard let posix = PosixRule(rule), let start = posix.start, let end = posix.end else { return }
    let standard = kinds.count
    kinds.append(Kind(offset: posix.offset, isDaylight: false, name: posix.name))
    kinds.append(Kind(offset: posix.daylightOffset, isDaylight: true, name: posix.daylightName))
    let last = times.last ?? 0
    let firstYear = max(1970, Civil(ordinal: Civil.epochOrdinal + last / 86_400).year)
    guard firstYear <= lastYear else { return }
    for year in firstYear...lastYear {
      var changes = [
        (start.seconds(in: year) - posix.offset, standard + 1),
        (end.seconds(in: year) - posix.daylightOffset, standard),
      ]
      changes.sort { $0.0 < $1.0 }
      for (time, index) in changes where time > last && time < 2_147_483_648 {
        times.append(time)
        indexes.append(index)
      }
    }
  }
}

/// A rule of POSIX's `TZ` variable.
struct PosixRule {
  /// A day of the year and a time of that day.
  struct Change {
    enum Day {
      case weekday(month: Int, week: Int, weekday: Int)
      case julian(Int)
      case zeroBased(Int)
    }
    let day: Day
    let time: Int

    /// Seconds since 1970 of local time.
    func seconds(in year: Int) -> Int {
      let ordinal: Int
      switch day {
      case .julian(let n): ordinal = Civil(year, 1, 1).ordinal + n - 1 + (Civil.isLeap(year) && n >= 60 ? 1 : 0)
      case .zeroBased(let n): ordinal = Civil(year, 1, 1).ordinal + n
      case .weekday(let month, let week, let weekday):
        let first = Civil(year, month, 1)
        var day = 1 + (weekday - (first.weekday + 1) % 7 + 7) % 7 + (week - 1) * 7
        while day > Civil.days(inMonth: month, year) { day -= 7 }
        ordinal = Civil(year, month, day).ordinal
      }
      return (ordinal - Civil.epochOrdinal) * 86_400 + time
    }
  }

  var name = ""
  var offset = 0
  var daylightName = ""
  var daylightOffset = 0
  var start: Change?
  var end: Change?

  init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    guard let name = PosixRule.name(&rest), let offset = PosixRule.time(&rest) else { return nil }
    self.name = name
    self.offset = -offset
    guard let daylight = PosixRule.name(&rest) else { return }
    daylightName = daylight
    daylightOffset = self.offset + 3600
    if rest.first != 0x2C, let given = PosixRule.time(&rest) { daylightOffset = -given }
    start = PosixRule.change(&rest)
    end = PosixRule.change(&rest)
  }

  private static func name(_ rest: inout ArraySlice<UInt8>) -> String? {
    var out: [UInt8] = []
    if rest.first == 0x3C {
      rest.removeFirst()
      while let byte = rest.popFirst(), byte != 0x3E { out.append(byte) }
    } else {
      while let byte = rest.first, byte >= 0x41, byte <= 0x7A {
        out.append(byte)
        rest.removeFirst()
      }
    }
    return out.isEmpty ? nil : String(decoding: out, as: UTF8.self)
  }

  private static func number(_ rest: inout ArraySlice<UInt8>) -> Int? {
    var value: Int?
    while let byte = rest.first, byte >= 0x30, byte <= 0x39 {
      value = (value ?? 0) * 10 + Int(byte - 0x30)
      rest.removeFirst()
    }
    return value
  }

  /// `[+-]h[:m[:s]]` in seconds.
  private static func time(_ rest: inout ArraySlice<UInt8>) -> Int? {
    var sign = 1
    if let byte = rest.first, byte == 0x2B || byte == 0x2D {
      if byte == 0x2D { sign = -1 }
      rest.removeFirst()
    }
    guard var seconds = number(&rest).map({ $0 * 3600 }) else { return nil }
    for unit in [60, 1] where rest.first == 0x3A {
      rest.removeFirst()
      seconds += (number(&rest) ?? 0) * unit
    }
    return sign * seconds
  }

  private static func change(_ rest: inout ArraySlice<UInt8>) -> Change? {
    guard rest.popFirst() == 0x2C else { return nil }
    let day: Change.Day
    switch rest.first {
    case 0x4D:
      rest.removeFirst()
      guard let month = number(&rest), rest.popFirst() == 0x2E, let week = number(&rest), rest.popFirst() == 0x2E,
        let weekday = number(&rest), (1...12).contains(month), (1...5).contains(week), (0...6).contains(weekday)
      else { return nil }
      day = .weekday(month: month, week: week, weekday: weekday)
    case 0x4A:
      rest.removeFirst()
      guard let n = number(&rest) else { return nil }
      day = .julian(n)
    default:
      guard let n = number(&rest) else { return nil }
      day = .zeroBased(n)
    }
    var time = 7200
    if rest.first == 0x2F {
      rest.removeFirst()
      time = PosixRule.time(&rest) ?? 7200
    }
    return Change(day: day, time: time)
  }
}
