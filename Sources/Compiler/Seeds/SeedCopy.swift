import Postgres

/// Writes a seed's rows as COPY's text, each value as PostgreSQL would take the Python value that dbt sends.
struct SeedCopy {
  /// How a column is written; the type of the table's column has a say in it.
  enum Form {
    case text
    case number
    /// Rounded as PostgreSQL does when a numeric is put into an integer column.
    case integer
    case date
    case dateTime
    case iso
    /// With the zone, for columns that keep it.
    case isoWithZone
    case boolean
  }

  let source: SeedSource
  let forms: [Form]

  func write(to writer: CopyWriter) throws {
    let buffer = CopyBuffer()
    let numbers = SeedNumberReader()
    let width = forms.count
    var rows = 0
    try forms.withUnsafeBufferPointer { forms in
      try source.scan { scanner, file in
        while scanner.next() {
          let count = scanner.count
          for i in 0..<width {
            if i < count { Self.put(scanner[i], forms[i], buffer, numbers) } else { buffer.null() }
            buffer.put(0x09)
          }
          if width > 0 { buffer.endRow() } else { buffer.put(0x0A) }
          rows += 1
          if buffer.isFull {
            try writer.write(buffer.bytes)
            buffer.clear()
            file.forget(before: scanner.position)
          }
        }
      }
    }
    try writer.write(buffer.bytes)
  }

  @inline(__always)
  private static func put(
    _ bytes: UnsafeBufferPointer<UInt8>, _ form: Form, _ out: CopyBuffer, _ numbers: SeedNumberReader
  ) {
    switch form {
    case .text:
      if SeedText.isNull(SeedText.stripped(bytes)) { out.null() } else { out.escaped(bytes) }
    case .number, .integer:
      if case .value(let number) = numbers.read(bytes) {
        put(number, isInteger: form == .integer, out)
      } else {
        out.null()
      }
    case .date:
      if case .value(let moment) = SeedTime.date(bytes) { put(date: moment, out) } else { out.null() }
    case .dateTime:
      if case .value(let moment) = SeedTime.dateTime(bytes) { put(dateTime: moment, out) } else { out.null() }
    case .iso:
      if case .value(let moment) = SeedTime.iso(bytes) { put(dateTime: SeedTime.utc(moment), out) } else { out.null() }
    case .isoWithZone:
      if case .value(let moment) = SeedTime.iso(bytes) { put(dateTime: moment, out) } else { out.null() }
    case .boolean:
      if case .value(let flag) = SeedText.boolean(bytes) { out.put(flag ? "true" : "false") } else { out.null() }
    }
  }

  private static func put(_ number: SeedNumber, isInteger: Bool, _ out: CopyBuffer) {
    if let literal = number.literal {
      literal.withUnsafeBufferPointer { out.put($0) }
      return
    }
    if isInteger, number.decimalPlaces > 0 { return rounded(number, out) }
    // PostgreSQL's numeric, which Python's decimals are sent as, knows no negative zero.
    if number.negative, !number.isZero { out.put(UInt8(ascii: "-")) }
    if number.whole.isEmpty { out.put(UInt8(ascii: "0")) } else { out.put(number.whole) }
    if !isInteger, !number.fraction.isEmpty {
      out.put(UInt8(ascii: "."))
      out.put(number.fraction)
    }
  }

  /// Half away from zero.
  private static func rounded(_ number: SeedNumber, _ out: CopyBuffer) {
    var digits = [0x30] + Array(number.whole)
    if (number.fraction.first ?? 0x30) >= 0x35 {
      for i in digits.indices.reversed() {
        if digits[i] < 0x39 {
          digits[i] += 1
          break
        }
        digits[i] = 0x30
      }
    }
    let shown = digits.drop { $0 == 0x30 }
    if shown.isEmpty {
      out.put(UInt8(ascii: "0"))
      return
    }
    if number.negative { out.put(UInt8(ascii: "-")) }
    for digit in shown { out.put(digit) }
  }

  private static func put(date: SeedTime.Moment, _ out: CopyBuffer) {
    out.digits(date.year, 4)
    out.put(UInt8(ascii: "-"))
    out.digits(date.month, 2)
    out.put(UInt8(ascii: "-"))
    out.digits(date.day, 2)
  }

  private static func put(dateTime moment: SeedTime.Moment, _ out: CopyBuffer) {
    put(date: moment, out)
    out.put(UInt8(ascii: " "))
    out.digits(moment.hour, 2)
    out.put(UInt8(ascii: ":"))
    out.digits(moment.minute, 2)
    out.put(UInt8(ascii: ":"))
    out.digits(moment.second, 2)
    if moment.microsecond != 0 {
      out.put(UInt8(ascii: "."))
      out.digits(moment.microsecond, 6)
    }
    if let offset = moment.offset {
      out.put(offset < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
      out.digits(abs(offset) / 3600, 2)
      out.put(UInt8(ascii: ":"))
      out.digits(abs(offset) / 60 % 60, 2)
    }
  }
}
