/// Reads arrays as PostgreSQL writes them: `{1,NULL,3}`, `{{a,b},{c,"d,e"}}`, with bounds in front (`[0:1]={…}`).
enum ArrayText {
  static func parse(_ bytes: UnsafeBufferPointer<UInt8>, element: UInt32) -> [PostgresValue]? {
    var start = 0
    if bytes.first == UInt8(ascii: "[") {
      guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")) else { return nil }
      start = equals + 1
    }
    var parser = Parser(bytes: bytes, index: start, element: element)
    guard let array = parser.array(depth: 0), parser.index == bytes.count else { return nil }
    return array
  }

  private struct Parser {
    let bytes: UnsafeBufferPointer<UInt8>
    var index: Int
    let element: UInt32

    var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    // PostgreSQL allows six dimensions; the limit keeps a broken text from eating the stack.
    mutating func array(depth: Int) -> [PostgresValue]? {
      guard depth < 8, current == UInt8(ascii: "{") else { return nil }
      index += 1
      var values: [PostgresValue] = []
      if current == UInt8(ascii: "}") {
        index += 1
        return values
      }
      while true {
        if current == UInt8(ascii: "{") {
          guard let inner = array(depth: depth + 1) else { return nil }
          values.append(.array(inner))
        } else {
          guard let value = item() else { return nil }
          values.append(value)
        }
        switch current {
        case UInt8(ascii: ","): index += 1
        case UInt8(ascii: "}"):
          index += 1
          return values
        default: return nil
        }
      }
    }

    mutating func item() -> PostgresValue? {
      var text: [UInt8] = []
      let quoted = current == UInt8(ascii: "\"")
      if quoted { index += 1 }
      while let byte = current {
        if quoted, byte == UInt8(ascii: "\"") {
          index += 1
          return decode(text)
        }
        if !quoted, byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") {
          return text == Array("NULL".utf8) ? .null : decode(text)
        }
        index += 1
        if byte == UInt8(ascii: "\\"), let next = current {
          text.append(next)
          index += 1
        } else {
          text.append(byte)
        }
      }
      return nil
    }

    func decode(_ text: [UInt8]) -> PostgresValue {
      text.withUnsafeBufferPointer { PostgresValue(text: $0, typeOID: element) }
    }
  }
}
