import CLibYAML

extension YAML {
  /// What `yaml.safe_dump(value, sort_keys=…)` gives: block style, two spaces, ASCII, a final newline.
  ///
  /// - Parameter sortKeys: PyYAML's own default is true, dbt's `toyaml` passes false. Keys of mixed types stay as they
  ///   are, as in PyYAML.
  public static func write(_ value: YAMLValue, sortKeys: Bool = false) -> String {
    var writer = Writer(sortKeys: sortKeys)
    return writer.write(value)
  }

  /// `write` for a parsed node.
  public static func write(_ node: YAMLNode, sortKeys: Bool = false) -> String {
    write(node.value, sortKeys: sortKeys)
  }
}

/// Feeds libyaml's emitter, whose layout PyYAML's own emitter shares.
private struct Writer {
  let sortKeys: Bool
  private final class Output { var bytes: [UInt8] = [] }

  init(sortKeys: Bool) { self.sortKeys = sortKeys }

  mutating func write(_ value: YAMLValue) -> String {
    let output = Output()
    let emitter = UnsafeMutablePointer<yaml_emitter_t>.allocate(capacity: 1)
    defer { emitter.deallocate() }
    guard yaml_emitter_initialize(emitter) == 1 else { return "" }
    defer { yaml_emitter_delete(emitter) }
    yaml_emitter_set_unicode(emitter, 0)
    yaml_emitter_set_output(
      emitter,
      { data, buffer, size in
        guard let data, let buffer else { return 0 }
        let output = Unmanaged<Output>.fromOpaque(data).takeUnretainedValue()
        output.bytes.append(contentsOf: UnsafeBufferPointer(start: buffer, count: size))
        return 1
      }, Unmanaged.passUnretained(output).toOpaque())

    var event = yaml_event_t()
    yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING)
    yaml_emitter_emit(emitter, &event)
    yaml_document_start_event_initialize(&event, nil, nil, nil, 1)
    yaml_emitter_emit(emitter, &event)
    let plainRoot = emit(value, to: emitter)
    yaml_document_end_event_initialize(&event, 1)
    yaml_emitter_emit(emitter, &event)
    yaml_stream_end_event_initialize(&event)
    yaml_emitter_emit(emitter, &event)
    yaml_emitter_flush(emitter)
    withExtendedLifetime(output) {}
    var text = String(decoding: output.bytes, as: UTF8.self)
    // PyYAML marks the end of a lone plain scalar, libyaml since 0.2.5 does not.
    if plainRoot, !text.hasPrefix("'"), !text.hasPrefix("\""), !text.hasSuffix("...\n") { text += "...\n" }
    return text
  }

  /// Whether the value is a scalar that might be written plain.
  @discardableResult
  private func emit(_ value: YAMLValue, to emitter: UnsafeMutablePointer<yaml_emitter_t>) -> Bool {
    var event = yaml_event_t()
    switch value {
    case .sequence(let items):
      yaml_sequence_start_event_initialize(&event, nil, nil, 1, YAML_BLOCK_SEQUENCE_STYLE)
      yaml_emitter_emit(emitter, &event)
      for item in items { emit(item, to: emitter) }
      yaml_sequence_end_event_initialize(&event)
      yaml_emitter_emit(emitter, &event)
      return false
    case .mapping(let pairs):
      yaml_mapping_start_event_initialize(&event, nil, nil, 1, YAML_BLOCK_MAPPING_STYLE)
      yaml_emitter_emit(emitter, &event)
      for pair in sortKeys ? Self.sorted(pairs) : pairs {
        emit(pair.key, to: emitter)
        emit(pair.value, to: emitter)
      }
      yaml_mapping_end_event_initialize(&event)
      yaml_emitter_emit(emitter, &event)
      return false
    case .binary:
      scalar(value.scalarText, tag: Tag.binary, plain: false, quoted: false, style: YAML_LITERAL_SCALAR_STYLE, emitter)
      return false
    case .string(let text):
      var copy = text
      let plain = copy.withUTF8 { ScalarTag.implicit($0) == .str }
      scalar(text, tag: Tag.prefix + "str", plain: plain, quoted: true, style: YAML_ANY_SCALAR_STYLE, emitter)
      return true
    default:
      scalar(
        value.scalarText, tag: Tag.prefix + "null", plain: true, quoted: false, style: YAML_ANY_SCALAR_STYLE, emitter)
      return true
    }
  }

  private func scalar(
    _ text: String, tag: String, plain: Bool, quoted: Bool, style: yaml_scalar_style_t,
    _ emitter: UnsafeMutablePointer<yaml_emitter_t>
  ) {
    var event = yaml_event_t()
    var text = text
    var tag = tag
    text.withUTF8 { bytes in
      tag += "\0"
      tag.withUTF8 { tagBytes in
        // An empty Swift string may have no address; libyaml wants one.
        var nothing: UInt8 = 0
        withUnsafePointer(to: &nothing) { empty in
          _ = yaml_scalar_event_initialize(
            &event, nil, tagBytes.baseAddress ?? empty, bytes.baseAddress ?? empty, Int32(clamping: bytes.count),
            plain ? 1 : 0, quoted ? 1 : 0, style)
        }
      }
    }
    yaml_emitter_emit(emitter, &event)
  }

  /// Python's `sorted(dict.items())`: numbers among themselves, strings by code point, otherwise unsorted.
  private static func sorted(_ pairs: [YAMLPair]) -> [YAMLPair] {
    var strings: [(String, YAMLPair)] = []
    var numbers: [(Double, YAMLPair)] = []
    for pair in pairs {
      switch pair.key {
      case .string(let key): strings.append((key, pair))
      case .int(let key): numbers.append((Double(key), pair))
      case .float(let key): numbers.append((key, pair))
      case .bool(let key): numbers.append((key ? 1 : 0, pair))
      default: return pairs
      }
    }
    if numbers.isEmpty {
      return strings.sorted { $0.0.unicodeScalars.lexicographicallyPrecedes($1.0.unicodeScalars) }.map(\.1)
    }
    return strings.isEmpty ? numbers.sorted { $0.0 < $1.0 }.map(\.1) : pairs
  }
}
