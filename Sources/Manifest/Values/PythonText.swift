extension ConfigValue {
  /// Python's `str(value)`.
  public var pythonString: String {
    switch self {
    case .string(let text), .date(let text): text
    // With a blank where ISO 8601 has a T.
    case .datetime(let iso): String(iso.map { $0 == "T" ? " " : $0 })
    default: pythonRepr
    }
  }

  /// Python's `repr(value)`, as test hashes, test names and dbt's messages use it.
  public var pythonRepr: String {
    var out: [UInt8] = []
    writeRepr(&out)
    return String(decoding: out, as: UTF8.self)
  }

  private func writeRepr(_ out: inout [UInt8]) {
    switch self {
    case .null: out.add("None")
    case .bool(let b): out.add(b ? "True" : "False")
    case .int(let i): out.add(String(i))
    case .bigInt(let digits): out.add(digits)
    case .double(let d): out.add(pythonText(of: d))
    case .string(let s): Self.writeRepr(of: s, &out)
    case .list(let items):
      out.add("[")
      for (i, item) in items.enumerated() {
        if i > 0 { out.add(", ") }
        item.writeRepr(&out)
      }
      out.add("]")
    case .dict(let dict):
      out.add("{")
      for (i, entry) in dict.entries.enumerated() {
        if i > 0 { out.add(", ") }
        Self.writeRepr(of: entry.key, &out)
        out.add(": ")
        entry.value.writeRepr(&out)
      }
      out.add("}")
    case .date(let iso):
      let parts = iso.split(separator: "-").compactMap { Int($0) }
      out.add("datetime.date(\(parts.map(String.init).joined(separator: ", ")))")
    case .datetime(let iso): out.add("datetime.datetime(\(Self.datetimeArguments(iso)))")
    }
  }

  /// The arguments `repr(datetime)` shows: seconds and microseconds only when they are not zero.
  private static func datetimeArguments(_ iso: String) -> String {
    var numbers: [Int] = []
    var digits = ""
    var rest = iso[...]
    // The zone starts at the first + or - after the time's T.
    var zone = ""
    if let mark = rest.firstIndex(where: { $0 == "T" || $0 == " " }),
      let sign = rest[mark...].firstIndex(where: { $0 == "+" || $0 == "-" })
    {
      zone = String(rest[sign...])
      rest = rest[..<sign]
    }
    for character in rest {
      if character.isNumber {
        digits.append(character)
      } else {
        if let number = Int(digits) { numbers.append(number) }
        digits = ""
      }
    }
    if let number = Int(digits) { numbers.append(number) }
    while numbers.count < 5 { numbers.append(0) }
    while numbers.count > 5, numbers.last == 0 { numbers.removeLast() }
    var text = numbers.map(String.init).joined(separator: ", ")
    if zone == "+00:00" { text += ", tzinfo=datetime.timezone.utc" }
    return text
  }

  /// Python's `repr(str)`: single quotes unless only single quotes are inside; what can't be printed is escaped.
  public static func pythonRepr(of text: String) -> String {
    var out: [UInt8] = []
    writeRepr(of: text, &out)
    return String(decoding: out, as: UTF8.self)
  }

  static func writeRepr(of text: String, _ out: inout [UInt8]) {
    var (isPlain, hasSingle, hasDouble) = (true, false, false)
    var text = text
    text.withUTF8 { bytes in
      for byte in bytes {
        switch byte {
        case UInt8(ascii: "'"): hasSingle = true
        case UInt8(ascii: "\""): hasDouble = true
        case UInt8(ascii: "\\"), 0..<0x20, 0x7F...: isPlain = false
        default: break
        }
      }
    }
    let quote = hasSingle && !hasDouble ? UInt8(ascii: "\"") : UInt8(ascii: "'")
    out.append(quote)
    if isPlain, !(hasSingle && hasDouble) {
      out.add(text)
    } else {
      for scalar in text.unicodeScalars { writeEscaped(scalar, quote: quote, &out) }
    }
    out.append(quote)
  }

  private static func writeEscaped(_ scalar: Unicode.Scalar, quote: UInt8, _ out: inout [UInt8]) {
    switch scalar {
    case "\\": out.add("\\\\")
    case "\n": out.add("\\n")
    case "\r": out.add("\\r")
    case "\t": out.add("\\t")
    case Unicode.Scalar(quote): out += [UInt8(ascii: "\\"), quote]
    default:
      if (0x20..<0x7F).contains(scalar.value) || scalar.value > 0x7F && isPrintable(scalar) {
        out += UTF8.encode(scalar) ?? Unicode.UTF8.encodedReplacementCharacter
      } else if scalar.value < 0x100 {
        out.add("\\x\(hex(scalar.value, 2))")
      } else if scalar.value < 0x10000 {
        out.add("\\u\(hex(scalar.value, 4))")
      } else {
        out.add("\\U\(hex(scalar.value, 8))")
      }
    }
  }

  private static func hex(_ value: UInt32, _ width: Int) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator:
      false
    default: true
    }
  }
}
