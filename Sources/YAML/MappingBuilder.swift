import Diagnostics

/// From alternating keys and values to a mapping: merge keys, unhashable keys, repeated keys.
struct MappingBuilder {
  let origin: YAMLOrigin

  func build(_ children: ArraySlice<YAMLNode>) throws(Diagnostic) -> YAMLMapping {
    var merged: [YAMLMapping.Entry] = []
    var own: [YAMLMapping.Entry] = []
    own.reserveCapacity(children.count / 2)
    var at = children.startIndex
    while at + 1 < children.endIndex {
      let key = children[at]
      let value = children[at + 1]
      at += 2
      guard let scalar = key.scalar else { throw unhashable(key) }
      if scalar.style == .plain, scalar.text == "<<" {
        merged += try merge(value)
      } else {
        own.append(.init(key: key, value: value))
      }
    }
    return unique(merged, own)
  }

  /// The entries `<<: *base` or `<<: [*a, *b]` brings; of a list the first mapping wins.
  private func merge(_ node: YAMLNode) throws(Diagnostic) -> [YAMLMapping.Entry] {
    switch node.content {
    case .mapping(let mapping): return mapping.entries
    case .sequence(let items):
      var entries: [YAMLMapping.Entry] = []
      for item in items.reversed() {
        guard let mapping = item.mapping else { throw notMergeable(item) }
        entries += mapping.entries
      }
      return entries
    case .scalar: throw notMergeable(node)
    }
  }

  private func unique(_ merged: [YAMLMapping.Entry], _ own: [YAMLMapping.Entry]) -> YAMLMapping {
    // Small mappings, which most are: compare each with each and allocate nothing.
    if merged.isEmpty, own.count <= 8 {
      var clean = true
      check: for i in own.indices.dropFirst() {
        for j in 0..<i where Self.equal(own[i].key, own[j].key) {
          clean = false
          break check
        }
      }
      if clean { return YAMLMapping(own) }
    }
    var entries: [YAMLMapping.Entry] = []
    var duplicates: [YAMLMapping.Duplicate] = []
    var index: [YAMLValue: Int] = [:]
    for entry in merged {
      let identity = entry.key.value.identity
      if let place = index[identity] {
        entries[place].value = entry.value
      } else {
        index[identity] = entries.count
        entries.append(entry)
      }
    }
    var ownKeys: [YAMLValue: YAMLNode] = [:]
    for entry in own {
      let identity = entry.key.value.identity
      if let first = ownKeys[identity] { duplicates.append(.init(first: first, second: entry.key)) }
      ownKeys[identity] = entry.key
      if let place = index[identity] {
        entries[place].value = entry.value
      } else {
        index[identity] = entries.count
        entries.append(entry)
      }
    }
    if !duplicates.isEmpty { origin.hasDuplicates = true }
    return YAMLMapping(entries, duplicates: duplicates)
  }

  private static func equal(_ a: YAMLNode, _ b: YAMLNode) -> Bool {
    if let a = a.string, let b = b.string { return a == b }
    return a.value.identity == b.value.identity
  }

  private func unhashable(_ key: YAMLNode) -> Diagnostic {
    // `{{ x }}` without quotes is a mapping whose key is the mapping `{x: null}`.
    let start = key.range.start.offset
    let bytes = origin.source.utf8
    if key.mapping != nil, start > 0, bytes[start] == UInt8(ascii: "{"), bytes[start - 1] == UInt8(ascii: "{") {
      var end = start
      while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
      while bytes[end - 1] == 0x20 { end -= 1 }
      return SyntaxErrors.unquotedTemplate(SourceRange(source: origin.source, offsets: (start - 1)..<end))
    }
    return Diagnostic(
      "yaml-key-type", .parsing, "\(key.kindName) can't be the key of a mapping", range: key.range,
      hint: "a key is a single value; quote it if it holds brackets or braces")
  }

  private func notMergeable(_ node: YAMLNode) -> Diagnostic {
    Diagnostic(
      "yaml-merge", .parsing, "`<<` merges a mapping or a list of mappings, not \(node.kindName)", range: node.range,
      hint: node.string.map { "to merge an anchor write `<<: *\($0)`" })
  }
}
