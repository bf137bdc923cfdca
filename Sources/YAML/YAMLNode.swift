import Diagnostics

/// A node of a parsed document, with the place it was written at.
///
/// Aliases share the node of their anchor; a node is immutable.
public final class YAMLNode: Sendable {
  public enum Content: Sendable {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    case mapping(YAMLMapping)
  }

  public let content: Content
  let origin: YAMLOrigin
  /// libyaml's marks: indices in characters, not bytes.
  let start: UInt32
  let end: UInt32

  init(_ content: Content, origin: YAMLOrigin, start: UInt32, end: UInt32) {
    self.content = content
    self.origin = origin
    self.start = start
    self.end = end
  }

  /// A node that stands at another's place: what a rendered template became, a default filled in.
  public convenience init(_ content: Content, at place: YAMLNode) {
    self.init(content, origin: place.origin, start: place.start, end: place.end)
  }

  /// A plain value as a node at another's place.
  public convenience init(_ value: YAMLValue, at place: YAMLNode) {
    switch value {
    case .sequence(let items):
      self.init(.sequence(items.map { YAMLNode($0, at: place) }), at: place)
    case .mapping(let pairs):
      self.init(
        .mapping(
          YAMLMapping(
            pairs.map { YAMLMapping.Entry(key: YAMLNode($0.key, at: place), value: YAMLNode($0.value, at: place)) })),
        at: place)
    default:
      self.init(.scalar(YAMLScalar(text: value.scalarText, style: .plain, value: value)), at: place)
    }
  }

  /// Where it was written. An empty scalar's range is empty.
  public var range: SourceRange {
    SourceRange(source: origin.source, offsets: origin.offset(of: Int(start))..<origin.offset(of: Int(end)))
  }

  /// The line, from 1; cheaper to ask than `range` only in intent, it costs the same.
  public var line: Int { range.start.line }
}

/// A scalar as written and as understood.
public struct YAMLScalar: Sendable {
  public enum Style: UInt8, Sendable { case plain, singleQuoted, doubleQuoted, literal, folded }

  /// The text after unescaping and folding, before typing: `yes`, `0x1F`.
  public let text: String
  public let style: Style
  /// The typed value: `.bool(true)`, `.int(31)`. Never a sequence or a mapping.
  public let value: YAMLValue

  public init(text: String, style: Style, value: YAMLValue) {
    self.text = text
    self.style = style
    self.value = value
  }
}

/// An ordered mapping as Python's `dict` would hold it: merges are applied (merged keys first), a key stands where
/// it first stood and has the value it had last.
public struct YAMLMapping: Sendable {
  public struct Entry: Sendable {
    public var key: YAMLNode
    public var value: YAMLNode
    public init(key: YAMLNode, value: YAMLNode) {
      self.key = key
      self.value = value
    }
  }

  /// A key written again in the same mapping; PyYAML silently lets the last one win.
  public struct Duplicate: Sendable {
    /// The earlier key.
    public var first: YAMLNode
    /// The key that repeats it.
    public var second: YAMLNode
  }

  public let entries: [Entry]
  public let duplicates: [Duplicate]
  private let index: [String: Int]?

  public init(_ entries: [Entry], duplicates: [Duplicate] = []) {
    self.entries = entries
    self.duplicates = duplicates
    // Below a dozen keys comparing strings is as quick as hashing, and most mappings are that small.
    if entries.count > 12 {
      var index: [String: Int] = [:]
      index.reserveCapacity(entries.count)
      for (number, entry) in entries.enumerated() {
        if let key = entry.key.string { index[key] = number }
      }
      self.index = index
    } else {
      index = nil
    }
  }

  public var count: Int { entries.count }
  public var isEmpty: Bool { entries.isEmpty }

  /// The value of a string key.
  public subscript(_ key: String) -> YAMLNode? { entry(key)?.value }

  /// The entry of a string key.
  public func entry(_ key: String) -> Entry? {
    if let index { return index[key].map { entries[$0] } }
    return entries.first { $0.key.string == key }
  }

  /// The keys that are strings, in order.
  public var stringKeys: [String] { entries.compactMap(\.key.string) }
}

// MARK: - Typed access

extension YAMLNode {
  public subscript(_ key: String) -> YAMLNode? { mapping?[key] }

  public var scalar: YAMLScalar? { if case .scalar(let scalar) = content { scalar } else { nil } }
  public var sequence: [YAMLNode]? { if case .sequence(let items) = content { items } else { nil } }
  public var mapping: YAMLMapping? { if case .mapping(let mapping) = content { mapping } else { nil } }

  /// The text of a scalar that is a string (not of a number that looks like one).
  public var string: String? { if case .string(let value)? = scalar?.value { value } else { nil } }
  public var bool: Bool? { if case .bool(let value)? = scalar?.value { value } else { nil } }
  public var int: Int? { if case .int(let value)? = scalar?.value { value } else { nil } }
  public var double: Double? {
    switch scalar?.value {
    case .float(let value)?: value
    case .int(let value)?: Double(value)
    default: nil
    }
  }
  public var isNull: Bool { if case .null? = scalar?.value { true } else { false } }

  /// The strings of a sequence; nil when it is no sequence or holds anything else.
  public var strings: [String]? {
    guard let sequence else { return nil }
    var out: [String] = []
    for item in sequence {
      guard let string = item.string else { return nil }
      out.append(string)
    }
    return out
  }

  /// What it is, for messages: `a string`, `a list`.
  public var kindName: String {
    switch content {
    case .sequence: return "a list"
    case .mapping: return "a mapping"
    case .scalar(let scalar):
      switch scalar.value {
      case .null: return "null"
      case .bool: return "a boolean"
      case .int, .bigInt: return "an integer"
      case .float: return "a decimal number"
      case .date: return "a date"
      case .dateTime: return "a timestamp"
      case .binary: return "binary data"
      default: return "a string"
      }
    }
  }

  /// The value without positions.
  public var value: YAMLValue {
    switch content {
    case .scalar(let scalar): scalar.value
    case .sequence(let items): .sequence(items.map(\.value))
    case .mapping(let mapping): .mapping(mapping.entries.map { YAMLPair($0.key.value, $0.value.value) })
    }
  }
}
