/// Names of generic tests: from the test, what it tests and its arguments.
public enum GenericTestName {
  /// - Returns: `full` is the name in the unique id and the fqn; `short` names the file and the alias, at most 63
  ///   characters: when the full one is longer, its first 30 identifying characters and the md5 of all.
  /// - Parameters:
  ///   - test: `unique`; `dbt_utils_expression_is_true` for a namespaced one; `source_unique` on sources.
  ///   - target: the model's or table's name, `orders_v2` for a version; for sources `source_table`.
  ///   - arguments: all but `model`, which is skipped here when present.
  public static func of(test: String, target: String, arguments: ConfigDict) -> (short: String, full: String) {
    var name: [UInt8] = []
    name.reserveCapacity(128)
    name.add(test)
    name.append(UInt8(ascii: "_"))
    name.add(target)
    var separator = "_"
    func add(_ value: ConfigValue) {
      name.add(separator)
      separator = "__"
      addCleaned(value.pythonString, to: &name)
    }
    for entry in sorted(arguments) where entry.key != "model" {
      switch entry.value {
      case .dict(let dict): for value in dict { add(value.value) }
      case .list(let items): for item in items { add(item) }
      default: add(entry.value)
      }
    }
    // Without arguments, what would go between them still ends the name.
    if separator == "_" { name.add(separator) }
    let full = String(decoding: name, as: UTF8.self)
    if full.utf8.count < 64 || full.unicodeScalars.count < 64 { return (full, full) }
    let identifier = "\(test)_\(target)"
    let head = String(String.UnicodeScalarView(identifier.unicodeScalars.prefix(30)))
    return ("\(head)_\(Hashes.md5(name))", full)
  }

  /// The ten characters that end a generic test's unique id: from its name and how it was asked for.
  /// - Parameter kwargs: all arguments, with `model` and `column_name`.
  public static func hash(name: String, test: String, namespace: String?, kwargs: ConfigDict) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(512)
    text.add(name)
    text.add("{'kwargs': ")
    writeHashable(kwargs, &text)
    text.add(", 'name': ")
    ConfigValue.writeRepr(of: test, &text)
    text.add(", 'namespace': ")
    ConfigValue.writeRepr(of: namespace ?? "None", &text)
    text.add("}")
    return Hashes.md5End(text)
  }

  /// Keys sorted, everything that is neither dict nor list as text.
  private static func writeHashable(_ value: ConfigValue, _ out: inout [UInt8]) {
    switch value {
    case .dict(let dict): writeHashable(dict, &out)
    case .list(let items):
      out.add("[")
      for (i, item) in items.enumerated() {
        if i > 0 { out.add(", ") }
        writeHashable(item, &out)
      }
      out.add("]")
    default: ConfigValue.writeRepr(of: value.pythonString, &out)
    }
  }

  private static func writeHashable(_ dict: ConfigDict, _ out: inout [UInt8]) {
    out.add("{")
    for (i, entry) in sorted(dict).enumerated() {
      if i > 0 { out.add(", ") }
      ConfigValue.writeRepr(of: entry.key, &out)
      out.add(": ")
      writeHashable(entry.value, &out)
    }
    out.add("}")
  }

  private static func sorted(_ dict: ConfigDict) -> [ConfigDict.Entry] {
    dict.count < 2 ? dict.entries : dict.entries.sorted { isOrdered($0.key, $1.key) }
  }

  /// Runs of anything but letters, digits and underscores become one underscore.
  private static func addCleaned(_ text: String, to out: inout [UInt8]) {
    var text = text
    var inRun = false
    text.withUTF8 { bytes in
      for byte in bytes {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F:
          out.append(byte)
          inRun = false
        default:
          if !inRun { out.append(0x5F) }
          inRun = true
        }
      }
    }
  }
}
