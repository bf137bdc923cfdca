import Glibc

/// A half-open stretch of UTF-8 bytes of a template's source.
public struct Span: Sendable, Hashable {
  public var start: Int32
  public var end: Int32
  @inlinable public init(_ start: Int32, _ end: Int32) {
    self.start = start
    self.end = end
  }
  /// From the start of one to the end of the other.
  @inlinable public func to(_ other: Span) -> Span { Span(start, other.end) }
  public var range: Range<Int> { Int(start)..<Int(max(start, end)) }
}

struct Token {
  enum Kind: UInt8 {
    case data, variableBegin, variableEnd, blockBegin, blockEnd
    case name, string, integer, float
    case add, sub, div, floorDiv, mul, mod, pow, tilde
    case lbracket, rbracket, lparen, rparen, lbrace, rbrace
    case eq, ne, gt, gteq, lt, lteq, assign, dot, colon, pipe, comma, semicolon
    case eof

    /// As Jinja2's messages call it.
    var description: String {
      switch self {
      case .data: "template data / text"
      case .variableBegin: "begin of print statement"
      case .variableEnd: "end of print statement"
      case .blockBegin: "begin of statement block"
      case .blockEnd: "end of statement block"
      case .name: "name"
      case .string: "string"
      case .integer: "integer"
      case .float: "float"
      case .add: "+"
      case .sub: "-"
      case .div: "/"
      case .floorDiv: "//"
      case .mul: "*"
      case .mod: "%"
      case .pow: "**"
      case .tilde: "~"
      case .lbracket: "["
      case .rbracket: "]"
      case .lparen: "("
      case .rparen: ")"
      case .lbrace: "{"
      case .rbrace: "}"
      case .eq: "=="
      case .ne: "!="
      case .gt: ">"
      case .gteq: ">="
      case .lt: "<"
      case .lteq: "<="
      case .assign: "="
      case .dot: "."
      case .colon: ":"
      case .pipe: "|"
      case .comma: ","
      case .semicolon: ";"
      case .eof: "end of template"
      }
    }
  }

  var kind: Kind
  /// In the source; for data what is left after stripping, for delimiters without the white space they swallow.
  var span: Span
  /// A name's number, or a string's index among the lexer's strings.
  var payload: Int32 = 0
}

/// A name of a template: its number within the template, and its text.
public struct Name: Sendable, Hashable {
  public let id: Int32
  nonisolated(unsafe) public let text: Str
  public var string: String { text.string }

  public static func == (a: Name, b: Name) -> Bool { a.id == b.id }
  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// The words the parser knows; their numbers are the first ones of every `NameTable`.
enum Keyword: Int32, CaseIterable {
  case `for`, `if`, block, extends, print, macro, include, from, `import`, set, with, autoescape, call, filter
  case endfor, `else`, elif, endif, endset, endblock, endmacro, endcall, endfilter, endwith, endautoescape
  case `in`, `is`, not, and, or, recursive, scoped, required, ignore, missing, without, context, `as`
  case `true`, `false`, none, True, False, None, `do`, `break`, `continue`
  case loop, caller, varargs, kwargs, `self`, `super`, `return`
}

/// The names of one template, numbered: the parser and the scopes compare numbers, not text.
struct NameTable {
  private(set) var names: [Str]
  private var hashes: [UInt32] = []
  private var table: [Int32]
  private static let keywordCount = Int32(Keyword.allCases.count)

  /// Keywords, found without adding them to every table.
  private final class Keywords: @unchecked Sendable {
    var names: [Str] = []
    var table = [Int32](repeating: -1, count: 256)
    init() {
      for keyword in Keyword.allCases {
        let name = Str.make("\(keyword)")
        name.freeze()
        var slot = Int(name.withUTF8 { NameTable.hash($0) } & 255)
        while table[slot] != -1 { slot = (slot + 1) & 255 }
        table[slot] = Int32(names.count)
        names.append(name)
      }
    }
  }
  private static let keywords = Keywords()
  /// The same for every table; at hand, because each name is looked for there.
  private let keywords = Self.keywords

  init() {
    names = []
    names.reserveCapacity(16)
    hashes.reserveCapacity(16)
    table = [Int32](repeating: -1, count: 64)
  }

  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var h: UInt32 = 0x811c_9dc5
    for byte in bytes { h = (h ^ UInt32(byte)) &* 0x0100_0193 }
    return h ^ (h >> 15)
  }

  private static func same(_ name: Str, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    name.withUTF8 { mine in
      guard mine.count == bytes.count else { return false }
      guard let a = mine.baseAddress, let b = bytes.baseAddress else { return true }
      return memcmp(a, b, mine.count) == 0
    }
  }

  mutating func intern(_ bytes: UnsafeBufferPointer<UInt8>) -> Int32 {
    let hash = Self.hash(bytes)
    var slot = Int(hash & 255)
    while true {
      let id = keywords.table[slot]
      if id == -1 { break }
      if Self.same(keywords.names[Int(id)], bytes) { return id }
      slot = (slot + 1) & 255
    }
    var mask = table.count - 1
    slot = Int(hash) & mask
    while true {
      let id = table[slot]
      if id == -1 { break }
      if hashes[Int(id)] == hash, Self.same(names[Int(id)], bytes) { return id + Self.keywordCount }
      slot = (slot + 1) & mask
    }
    let id = Int32(names.count)
    let name = Str.make(bytes)
    name.freeze()
    names.append(name)
    hashes.append(hash)
    if names.count * 2 > table.count {
      table = [Int32](repeating: -1, count: table.count * 2)
      mask = table.count - 1
      for i in 0..<names.count {
        var slot = Int(hashes[i]) & mask
        while table[slot] != -1 { slot = (slot + 1) & mask }
        table[slot] = Int32(i)
      }
    } else {
      table[slot] = id
    }
    return id + Self.keywordCount
  }

  mutating func intern(_ text: String) -> Name {
    var text = text
    let id = text.withUTF8 { intern($0) }
    return self[id]
  }

  subscript(_ id: Int32) -> Name {
    Name(id: id, text: id < Self.keywordCount ? keywords.names[Int(id)] : names[Int(id - Self.keywordCount)])
  }

  static func of(_ keyword: Keyword) -> Name { Name(id: keyword.rawValue, text: keywords.names[Int(keyword.rawValue)]) }
}
