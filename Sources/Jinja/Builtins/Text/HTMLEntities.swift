/// `html.unescape`: character references as the HTML standard reads them.
enum HTMLEntities {
  private static let table: (exact: [String: [UInt8]], legacy: Set<String>) = {
    var exact: [String: [UInt8]] = [:]
    var legacy: Set<String> = []
    for item in HTMLEntityTable.text.split(separator: " ") {
      guard let equals = item.firstIndex(of: "=") else { continue }
      var name = item[..<equals]
      if name.last == "!" {
        name.removeLast()
        legacy.insert(String(name))
      }
      var bytes: [UInt8] = []
      for code in item[item.index(after: equals)...].split(separator: "+") {
        if let scalar = UInt32(code, radix: 16) { UTF8Scan.append(scalar, to: &bytes) }
      }
      exact[String(name)] = bytes
    }
    return (exact, legacy)
  }()

  /// What the numbers 0x80 to 0x9F mean: the characters of Windows-1252.
  private static let windows: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0x8D, 0x17D,
    0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0x9D,
    0x17E, 0x178,
  ]

  static func decode(_ bytes: [UInt8]) -> Str {
    guard bytes.contains(0x26) else { return Str.make(bytes) }
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var i = 0
    while i < bytes.count {
      if bytes[i] == 0x26, let (text, next) = reference(bytes, i + 1) {
        out.append(contentsOf: text)
        i = next
      } else {
        out.append(bytes[i])
        i += 1
      }
    }
    return Str.make(out)
  }

  /// What the reference after an ampersand stands for, and where it ends; nil when it is none.
  private static func reference(_ bytes: [UInt8], _ start: Int) -> ([UInt8], Int)? {
    guard start < bytes.count else { return nil }
    if bytes[start] == 0x23 { return number(bytes, start + 1) }
    var end = start
    var characters = 0
    while end < bytes.count, characters < 32 {
      switch bytes[end] {
      case 0x09, 0x0A, 0x0C, 0x20, 0x3C, 0x26, 0x23, 0x3B: break
      default:
        if bytes[end] & 0xC0 != 0x80 { characters += 1 }
        end += 1
        continue
      }
      break
    }
    let name = String(decoding: bytes[start..<end], as: UTF8.self)
    if end < bytes.count, bytes[end] == 0x3B, let text = table.exact[name] { return (text, end + 1) }
    // The longest beginning that is a reference without its semicolon.
    var length = end - start
    while length > 1 {
      let prefix = String(decoding: bytes[start..<start + length], as: UTF8.self)
      if table.legacy.contains(prefix), let text = table.exact[prefix] { return (text, start + length) }
      length -= 1
    }
    return nil
  }

  private static func number(_ bytes: [UInt8], _ start: Int) -> ([UInt8], Int)? {
    var i = start
    var radix: UInt32 = 10
    if i < bytes.count, bytes[i] | 0x20 == 0x78 {
      radix = 16
      i += 1
    }
    let first = i
    var code: UInt32 = 0
    while i < bytes.count {
      let byte = bytes[i]
      let digit: UInt32
      switch byte {
      case 0x30...0x39: digit = UInt32(byte - 0x30)
      case 0x41...0x46 where radix == 16: digit = UInt32(byte - 0x41 + 10)
      case 0x61...0x66 where radix == 16: digit = UInt32(byte - 0x61 + 10)
      default: digit = .max
      }
      if digit == .max { break }
      code = min(code * radix + digit, 0x110000)
      i += 1
    }
    guard i > first else { return nil }
    if i < bytes.count, bytes[i] == 0x3B { i += 1 }
    var out: [UInt8] = []
    switch code {
    case 0, 0xD800...0xDFFF, 0x110000...: UTF8Scan.append(0xFFFD, to: &out)
    case 0x0D: out = [0x0D]
    case 0x80...0x9F: UTF8Scan.append(windows[Int(code - 0x80)], to: &out)
    case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0xFDD0...0xFDEF: break
    default: if code & 0xFFFE != 0xFFFE { UTF8Scan.append(code, to: &out) }
    }
    return (out, i)
  }
}
