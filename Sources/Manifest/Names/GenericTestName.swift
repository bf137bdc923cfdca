/// Names of generic tests: from the test, what it tests and its arguments.
public enum GenericTestName {
  /// - Returns: `full` is the name in the unique id and the fqn; `short` names the file and the alias, at most 63
  ///   characters: when the full one is longer, its first 30 identifying characters and the md5 of all.
  /// - Parameters:
  ///   - test: `unique`; `dbt_utils_expression_is_true` for a namespaced one; `source_unique` on sources.
  ///   - target: the model's or table's name, `orders_v2` for a version; for sources `source_table`.
  ///   - arguments: all but `model`, which is skipped here when present.
  public static func of(test: String, target: String, arguments: ConfigDict) -> (short: String, full: String) {
    var parts: [String] = []
    for entry in sorted(arguments) where entry.key != "model" {
      switch entry.value {
      case .dict(let dict): for value in dict { parts.append(cleaned(value.value.pythonString)) }
      case .list(let items): for item in items { parts.append(cleaned(item.pythonString)) }
      default: parts.append(cleaned(entry.value.pythonString))
      }
    }
    let identifier = "\(test)_\(target)"
    let full = "\(identifier)_\(parts.joined(separator: "__"))"
    if full.utf8.count < 64 || full.unicodeScalars.count < 64 { return (full, full) }
    let head = String(String.UnicodeScalarView(identifier.unicodeScalars.prefix(30)))
    return ("\(head)_\(Hashes.md5(full))", full)
  }

  /// The ten characters that end a generic test's unique id: from its name and how it was asked for.
  /// - Parameter kwargs: all arguments, with `model` and `column_name`.
  public static func hash(name: String, test: String, namespace: String?, kwargs: ConfigDict) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(512)
    text += name.utf8
    text += "{'kwargs': ".utf8
    writeHashable(kwargs, &text)
    text += ", 'name': ".utf8
    ConfigValue.writeRepr(of: test, &text)
    text += ", 'namespace': ".utf8
    ConfigValue.writeRepr(of: namespace ?? "None", &text)
    text += "}".utf8
    return Hashes.md5End(text)
  }

  /// Keys sorted, everything that is neither dict nor list as text.
  private static func writeHashable(_ value: ConfigValue, _ out: inout [UInt8]) {
    switch value {
    case .dict(let dict): writeHashable(dict, &out)
    case .list(let items):
      out += "[".utf8
      for (i, item) in items.enumerated() {
        if i > 0 { out += ", ".utf8 }
        writeHashable(item, &out)
      }
      out += "]".utf8
    default: ConfigValue.writeRepr(of: value.pythonString, &out)
    }
  }

  private static func writeHashable(_ dict: ConfigDict, _ out: inout [UInt8]) {
    out += "{".utf8
    for (i, entry) in sorted(dict).enumerated() {
      if i > 0 { out += ", ".utf8 }
      ConfigValue.writeRepr(of: entry.key, &out)
      out += ": ".utf8
      writeHashable(entry.value, &out)
    }
    out += "}".utf8
  }

  private static func sorted(_ dict: ConfigDict) -> [ConfigDict.Entry] {
    dict.count < 2 ? dict.entries : dict.entries.sorted { isOrdered($0.key, $1.key) }
  }

  /// Runs of anything but letters, digits and underscores become one underscore.
  private static func cleaned(_ text: String) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(text.utf8.count)
    var inRun = false
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F:
        out.append(byte)
        inRun = false
      default:
        if !inRun { out.append(0x5F) }
        inRun = true
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
