/// The expressions in an f-string.
enum PythonFormatString {
  static func values(in range: Range<Int>, _ bytes: [UInt8], depth: Int) throws(PythonSyntaxError) -> [PythonNode] {
    var start = range.lowerBound
    while bytes[start] != UInt8(ascii: "'"), bytes[start] != UInt8(ascii: "\"") { start += 1 }
    let quotes = start + 2 < range.upperBound && bytes[start + 1] == bytes[start] && bytes[start + 2] == bytes[start]
    let width = quotes && range.upperBound - start >= 6 ? 3 : 1
    return try parts(start + width..<range.upperBound - width, bytes, depth: depth)
  }

  private static func parts(_ range: Range<Int>, _ bytes: [UInt8], depth: Int) throws(PythonSyntaxError) -> [PythonNode]
  {
    var out: [PythonNode] = []
    var at = range.lowerBound
    while at < range.upperBound {
      let isDouble = at + 1 < range.upperBound && bytes[at + 1] == bytes[at]
      switch bytes[at] {
      case UInt8(ascii: "{") where !isDouble:
        let (value, next) = try replacement(at, range.upperBound, bytes, depth: depth)
        out.append(value)
        at = next
      case UInt8(ascii: "{"): at += 2
      default: at += 1
      }
    }
    return out
  }

  /// One `{expression!r:format}`, and where the text goes on.
  private static func replacement(
    _ open: Int, _ limit: Int, _ bytes: [UInt8], depth: Int
  ) throws(PythonSyntaxError) -> (PythonNode, Int) {
    var level = 0
    var quote: UInt8?
    var at = open + 1
    var expressionEnd: Int?
    var format: [PythonNode] = []
    while at < limit {
      let c = bytes[at]
      if let open = quote {
        if c == open { quote = nil }
      } else if c == UInt8(ascii: "'") || c == UInt8(ascii: "\"") {
        quote = c
      } else if c == UInt8(ascii: "(") || c == UInt8(ascii: "[") || c == UInt8(ascii: "{") {
        level += 1
      } else if level > 0, c == UInt8(ascii: ")") || c == UInt8(ascii: "]") || c == UInt8(ascii: "}") {
        level -= 1
      } else if c == UInt8(ascii: "}") {
        break
      } else if level == 0, c == UInt8(ascii: "!"), at + 1 < limit, bytes[at + 1] != UInt8(ascii: "=") {
        expressionEnd = expressionEnd ?? at
      } else if level == 0, c == UInt8(ascii: ":") {
        expressionEnd = expressionEnd ?? at
        let start = at + 1
        var depthOfFormat = 0
        at = start
        while at < limit, depthOfFormat > 0 || bytes[at] != UInt8(ascii: "}") {
          if bytes[at] == UInt8(ascii: "{") { depthOfFormat += 1 }
          if bytes[at] == UInt8(ascii: "}") { depthOfFormat -= 1 }
          at += 1
        }
        format = try parts(start..<at, bytes, depth: depth + 1)
        continue
      }
      at += 1
    }
    guard at < limit else { throw PythonSyntaxError(message: "f-string: expecting '}'", offset: open) }
    var last = expressionEnd ?? at
    // `{value=}` prints the name too.
    if last > open + 1, bytes[last - 1] == UInt8(ascii: "="),
      last < open + 3 || !"=!<>".utf8.contains(bytes[last - 2])
    {
      last -= 1
    }
    let value = try PythonParser.expression(open + 1..<last, bytes, depth: depth + 1)
    return (PythonNode(.formattedValue(value, format: format), open..<at + 1), at + 1)
  }
}
