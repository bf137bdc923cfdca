import CLibYAML
import Diagnostics

/// Builds the tree from libyaml's events with a stack of its own, so that nesting costs heap and not stack.
struct TreeParser {
  /// A collection whose end has not come yet.
  private struct Frame {
    var isMapping: Bool
    var isFlow: Bool
    var tag: String?
    var anchor: String?
    var start: UInt32
    /// Where its children begin in `nodes`; a mapping's alternate between keys and values.
    var base: Int
    /// Nodes below, with aliases expanded.
    var weight = 1
  }

  private let origin: YAMLOrigin
  private var frames: [Frame] = []
  /// The children of all open collections: one stack that grows once, instead of a growing array for each.
  private var nodes: [YAMLNode] = []
  private var anchors: [String: (node: YAMLNode, weight: Int)] = [:]
  private var root: YAMLNode?

  init(_ source: SourceText) { origin = YAMLOrigin(source) }

  func parse(trimmed: Bool) throws(Diagnostic) -> YAMLNode? {
    var builder = self
    return try builder.run(trimmed: trimmed)
  }

  private mutating func run(trimmed: Bool) throws(Diagnostic) -> YAMLNode? {
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    defer { parser.deallocate() }
    guard yaml_parser_initialize(parser) == 1 else {
      throw Diagnostic("yaml-memory", .internal, "not enough memory to read \(origin.source.name)")
    }
    defer { yaml_parser_delete(parser) }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)

    // The array must not move while libyaml reads it.
    let bytes = origin.source.utf8
    return try bytes.withUnsafeBufferPointer { (buffer) throws(Diagnostic) -> YAMLNode? in
      var count = buffer.count
      if trimmed { while count > 0, Self.isSpace(buffer[count - 1]) { count -= 1 } }
      guard count > 0, let base = buffer.baseAddress else { return nil }
      yaml_parser_set_input_string(parser, base, count)
      return try events(parser)
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }

  private mutating func events(_ parser: UnsafeMutablePointer<yaml_parser_t>) throws(Diagnostic) -> YAMLNode? {
    var event = yaml_event_t()
    var documents = 0
    while true {
      guard yaml_parser_parse(parser, &event) == 1 else {
        throw SyntaxErrors(origin: origin).diagnostic(parser.pointee)
      }
      defer { yaml_event_delete(&event) }
      switch event.type {
      case YAML_STREAM_END_EVENT:
        return root
      case YAML_DOCUMENT_START_EVENT:
        documents += 1
        if documents > 1 {
          throw Diagnostic(
            "yaml-several-documents", .parsing, "a second document begins here, but only one is read from a file",
            range: range(event), hint: "remove the `---` line, or move what follows into a file of its own")
        }
      case YAML_ALIAS_EVENT: try alias(event)
      case YAML_SCALAR_EVENT: try scalar(event)
      case YAML_SEQUENCE_START_EVENT:
        let data = event.data.sequence_start
        try open(
          event, isMapping: false, isFlow: data.style == YAML_FLOW_SEQUENCE_STYLE, tag: data.tag, anchor: data.anchor)
      case YAML_MAPPING_START_EVENT:
        let data = event.data.mapping_start
        try open(
          event, isMapping: true, isFlow: data.style == YAML_FLOW_MAPPING_STYLE, tag: data.tag, anchor: data.anchor)
      case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: try close(event)
      default: break
      }
    }
  }

  private func range(_ event: yaml_event_t) -> SourceRange {
    origin.range(from: event.start_mark.index, to: max(event.end_mark.index, event.start_mark.index + 1))
  }

  /// Puts a finished node where it belongs.
  private mutating func add(_ node: YAMLNode, weight: Int) throws(Diagnostic) {
    let last = frames.count - 1
    guard last >= 0 else {
      root = node
      return
    }
    nodes.append(node)
    frames[last].weight += weight
  }

  // MARK: - Anchors

  private mutating func alias(_ event: yaml_event_t) throws(Diagnostic) {
    let name = text(event.data.alias.anchor) ?? ""
    if let (node, weight) = anchors[name] {
      try add(node, weight: weight)
      let total = frames.reduce(0) { $0 + $1.weight }
      if total > YAML.Limit.expandedNodes {
        throw Diagnostic(
          "yaml-too-large", .parsing,
          "aliases make this document larger than \(YAML.Limit.expandedNodes) values", range: range(event),
          hint: "an alias of a list of aliases multiplies; write the values that are needed")
      }
      return
    }
    if frames.contains(where: { $0.anchor == name }) {
      throw Diagnostic(
        "yaml-recursive-alias", .parsing, "`*\(name)` is inside the value it stands for", range: range(event))
    }
    let known = Array(anchors.keys) + frames.compactMap(\.anchor)
    throw Diagnostic(
      "yaml-undefined-alias", .parsing, "no anchor `&\(name)` comes before `*\(name)`", range: range(event),
      hint: NearestName.of(name, among: known).map { "did you mean `*\($0)`?" }
        ?? "to mean the text itself, quote it: \"*\(name)\"")
  }

  private mutating func define(
    _ anchor: String, _ node: YAMLNode, weight: Int
  ) throws(Diagnostic) {
    if let (first, _) = anchors[anchor] {
      throw Diagnostic(
        "yaml-duplicate-anchor", .parsing, "the anchor `&\(anchor)` is defined twice", range: node.range,
        notes: [.init("first defined here", range: first.range)])
    }
    anchors[anchor] = (node, weight)
  }

  private func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  // MARK: - Scalars

  private mutating func scalar(_ event: yaml_event_t) throws(Diagnostic) {
    let data = event.data.scalar
    let bytes = UnsafeBufferPointer(start: UnsafePointer(data.value), count: data.length)
    let start = UInt32(truncatingIfNeeded: event.start_mark.index)
    let end = UInt32(truncatingIfNeeded: event.end_mark.index)
    let style: YAMLScalar.Style
    switch data.style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: style = .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: style = .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: style = .literal
    case YAML_FOLDED_SCALAR_STYLE: style = .folded
    default: style = .plain
    }
    let explicit = data.tag.map { String(cString: $0) }.flatMap { $0 == "!" ? nil : $0 }
    var tag: ScalarTag
    if let explicit {
      guard explicit != Tag.binary else {
        let value: YAMLValue
        do { value = try ScalarValue.binary(bytes) } catch { throw badValue(error, event) }
        try finishScalar(bytes, style, value, start, end, data.anchor)
        return
      }
      guard let known = Tag.scalar(explicit) else { throw Tag.unknown(explicit, range(event)) }
      tag = known
    } else if data.plain_implicit != 0 {
      tag = ScalarTag.implicit(bytes)
    } else {
      tag = .str
    }
    // As a key `<<` and `=` are themselves; `close` looks at the text.
    if tag == .merge || tag == .value {
      if let last = frames.last, last.isMapping, (nodes.count - last.base) % 2 == 0 { tag = .str }
    }
    let value: YAMLValue
    do { value = try ScalarValue.make(bytes, tag) } catch { throw badValue(error, event) }
    try finishScalar(bytes, style, value, start, end, data.anchor)
  }

  private mutating func finishScalar(
    _ bytes: UnsafeBufferPointer<UInt8>, _ style: YAMLScalar.Style, _ value: YAMLValue, _ start: UInt32,
    _ end: UInt32, _ anchor: UnsafeMutablePointer<UInt8>?
  ) throws(Diagnostic) {
    let text: String
    if case .string(let string) = value { text = string } else { text = String(decoding: bytes, as: UTF8.self) }
    let node = YAMLNode(
      .scalar(YAMLScalar(text: text, style: style, value: value)), origin: origin, start: start, end: end)
    if let anchor = self.text(anchor) { try define(anchor, node, weight: 1) }
    try add(node, weight: 1)
  }

  private func badValue(_ failure: ScalarValue.Failure, _ event: yaml_event_t) -> Diagnostic {
    Diagnostic("yaml-bad-value", .parsing, failure.message, range: range(event), hint: "quote it to mean the text")
  }

  // MARK: - Collections

  private mutating func open(
    _ event: yaml_event_t, isMapping: Bool, isFlow: Bool, tag: UnsafeMutablePointer<UInt8>?,
    anchor: UnsafeMutablePointer<UInt8>?
  ) throws(Diagnostic) {
    guard frames.count < YAML.Limit.depth else {
      throw Diagnostic(
        "yaml-too-deep", .parsing, "values are nested more than \(YAML.Limit.depth) deep", range: range(event))
    }
    let tag = text(tag).flatMap { $0 == "!" ? nil : $0 }
    if let tag, !(isMapping ? Tag.mappings : Tag.sequences).contains(tag) {
      throw Tag.unknown(tag, range(event))
    }
    frames.append(
      Frame(
        isMapping: isMapping, isFlow: isFlow, tag: tag, anchor: text(anchor),
        start: UInt32(truncatingIfNeeded: event.start_mark.index), base: nodes.count))
  }

  private mutating func close(_ event: yaml_event_t) throws(Diagnostic) {
    guard let frame = frames.popLast() else { return }
    // In a function of its own: a slice of `nodes` that is still alive would make the removal copy all of them.
    let node = try node(of: frame, end: UInt32(truncatingIfNeeded: event.end_mark.index))
    nodes.removeSubrange(frame.base...)
    if let anchor = frame.anchor { try define(anchor, node, weight: frame.weight) }
    try add(node, weight: frame.weight)
  }

  /// The collection whose children are on top of `nodes`.
  private func node(of frame: Frame, end: UInt32) throws(Diagnostic) -> YAMLNode {
    let children = nodes[frame.base...]
    var end = end
    // libyaml ends a block collection where the next token begins, lines further down.
    if !frame.isFlow, let last = children.last { end = max(frame.start, last.end) }
    let content: YAMLNode.Content
    if frame.isMapping {
      content = .mapping(try MappingBuilder(origin: origin).build(children))
    } else if frame.tag == Tag.orderedMap || frame.tag == Tag.pairs {
      content = .sequence(try pairs(children))
    } else {
      content = .sequence(Array(children))
    }
    return YAMLNode(content, origin: origin, start: frame.start, end: end)
  }

  /// `!!omap` and `!!pairs`: a list of one-entry mappings becomes a list of two-element lists (Python's tuples).
  private func pairs(_ items: ArraySlice<YAMLNode>) throws(Diagnostic) -> [YAMLNode] {
    var out: [YAMLNode] = []
    for item in items {
      guard let mapping = item.mapping, mapping.count == 1, let entry = mapping.entries.first else {
        throw Diagnostic(
          "yaml-bad-value", .parsing, "an ordered mapping is a list of mappings with one key each", range: item.range)
      }
      out.append(YAMLNode(.sequence([entry.key, entry.value]), at: item))
    }
    return out
  }
}

/// The tags SafeLoader knows.
enum Tag {
  static let prefix = "tag:yaml.org,2002:"
  static let binary = prefix + "binary"
  static let orderedMap = prefix + "omap"
  static let pairs = prefix + "pairs"
  static let mappings: Set = [prefix + "map", prefix + "set"]
  static let sequences: Set = [prefix + "seq", orderedMap, pairs]

  static func scalar(_ tag: String) -> ScalarTag? {
    guard tag.hasPrefix(prefix) else { return nil }
    switch tag.dropFirst(prefix.utf8.count) {
    case "str": return .str
    case "null": return .null
    case "bool": return .bool
    case "int": return .int
    case "float": return .float
    case "timestamp": return .timestamp
    default: return nil
    }
  }

  static func unknown(_ tag: String, _ range: SourceRange) -> Diagnostic {
    let shown = tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.utf8.count) : tag
    return Diagnostic(
      "yaml-unknown-tag", .parsing, "the tag `\(shown)` does not fit here", range: range,
      hint: "a text that begins with `!` must be quoted")
  }
}
