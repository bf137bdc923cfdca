import Diagnostics

/// JSON objects whose values are strings (numbers, booleans and null are read as text): all that a mark needs.
enum FlatJSON {
  static func text(_ fields: [(String, String)]) -> String {
    "{" + fields.map { "\(JSONString.quote($0.0)): \(JSONString.quote($0.1))" }.joined(separator: ", ") + "}"
  }

  /// Nil for anything but a flat object.
  static func parse(_ text: String) -> [String: String]? {
    var parser = Parser(scalars: Array(text.unicodeScalars))
    return parser.object()
  }

  private struct Parser {
    let scalars: [Unicode.Scalar]
    var index = 0

    var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    mutating func space() {
      while let scalar = current, scalar == " " || scalar == "\n" || scalar == "\t" || scalar == "\r" { index += 1 }
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
      space()
      guard current == scalar else { return false }
      index += 1
      return true
    }

    mutating func object() -> [String: String]? {
      guard take("{") else { return nil }
      var fields: [String: String] = [:]
      if !take("}") {
        repeat {
          space()
          guard let key = string(), take(":") else { return nil }
          space()
          if current == "\"" {
            guard let value = string() else { return nil }
            fields[key] = value
          } else {
            guard let value = bare() else { return nil }
            if value != "null" { fields[key] = value }
          }
        } while take(",")
        guard take("}") else { return nil }
      }
      space()
      return current == nil ? fields : nil
    }

    mutating func bare() -> String? {
      var out = String.UnicodeScalarView()
      while let scalar = current,
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || ".+-".unicodeScalars.contains(scalar)
      {
        out.append(scalar)
        index += 1
      }
      return out.isEmpty ? nil : String(out)
    }

    mutating func string() -> String? {
      guard current == "\"" else { return nil }
      index += 1
      var out = String.UnicodeScalarView()
      while let scalar = current {
        index += 1
        if scalar == "\"" { return String(out) }
        guard scalar == "\\" else {
          out.append(scalar)
          continue
        }
        guard let escaped = current else { return nil }
        index += 1
        switch escaped {
        case "n": out.append("\n")
        case "t": out.append("\t")
        case "r": out.append("\r")
        case "b": out.append("\u{8}")
        case "f": out.append("\u{C}")
        case "u":
          guard let unit = hex() else { return nil }
          if (0xD800..<0xDC00).contains(unit) {
            guard current == "\\" else { return nil }
            index += 1
            guard current == "u" else { return nil }
            index += 1
            guard let low = hex(), (0xDC00..<0xE000).contains(low),
              let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
            else { return nil }
            out.append(scalar)
          } else {
            guard let scalar = Unicode.Scalar(unit) else { return nil }
            out.append(scalar)
          }
        default: out.append(escaped)
        }
      }
      return nil
    }

    mutating func hex() -> UInt32? {
      guard index + 4 <= scalars.count else { return nil }
      let digits = String(String.UnicodeScalarView(scalars[index..<(index + 4)]))
      index += 4
      return UInt32(digits, radix: 16)
    }
  }
}
