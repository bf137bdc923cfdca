extension ConfigValue {
  /// Python's `str(value)`.
  public var pythonString: String {
    if case .string(let text) = self { return text }
    return pythonRepr
  }

  /// Python's `repr(value)`, as test hashes, test names and dbt's messages use it.
  public var pythonRepr: String {
    var out = ""
    writeRepr(&out)
    return out
  }

  private func writeRepr(_ out: inout String) {
    switch self {
    case .null: out += "None"
    case .bool(let b): out += b ? "True" : "False"
    case .int(let i): out += String(i)
    case .bigInt(let digits): out += digits
    case .double(let d): out += pythonText(of: d)
    case .string(let s): Self.writeRepr(of: s, &out)
    case .list(let items):
      out += "["
      for (i, item) in items.enumerated() {
        if i > 0 { out += ", " }
        item.writeRepr(&out)
      }
      out += "]"
    case .dict(let dict):
      out += "{"
      for (i, entry) in dict.entries.enumerated() {
        if i > 0 { out += ", " }
        Self.writeRepr(of: entry.key, &out)
        out += ": "
        entry.value.writeRepr(&out)
      }
      out += "}"
    case .date(let iso):
      let parts = iso.split(separator: "-").compactMap { Int($0) }
      out += "datetime.date(" + parts.map(String.init).joined(separator: ", ") + ")"
    case .datetime(let iso):
      out += "datetime.datetime(" + Self.datetimeArguments(iso) + ")"
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
    var out = ""
    writeRepr(of: text, &out)
    return out
  }

  private static func writeRepr(of text: String, _ out: inout String) {
    var (isPlain, hasSingle, hasDouble) = (true, false, false)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "'"): hasSingle = true
      case UInt8(ascii: "\""): hasDouble = true
      case UInt8(ascii: "\\"), 0..<0x20, 0x7F...: isPlain = false
      default: break
      }
    }
    let quote: Unicode.Scalar = hasSingle && !hasDouble ? "\"" : "'"
    if isPlain, !(hasSingle && hasDouble) {
      out.unicodeScalars.append(quote)
      out += text
      out.unicodeScalars.append(quote)
      return
    }
    out.unicodeScalars.append(quote)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case quote:
        out += "\\"
        out.unicodeScalars.append(quote)
      default:
        if scalar.value >= 0x20, scalar.value < 0x7F {
          out.unicodeScalars.append(scalar)
        } else if isPrintable(scalar) {
          out.unicodeScalars.append(scalar)
        } else if scalar.value < 0x100 {
          out += "\\x" + hex(scalar.value, 2)
        } else if scalar.value < 0x10000 {
          out += "\\u" + hex(scalar.value, 4)
        } else {
          out += "\\U" + hex(scalar.value, 8)
        }
      }
    }
    out.unicodeScalars.append(quote)
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
