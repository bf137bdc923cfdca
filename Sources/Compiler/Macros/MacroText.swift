import Diagnostics

/// The macros of a file without what stands between them, which dbt never reads as a template.
enum MacroText {
  private static let tags: Set<String> = ["macro", "test", "data_test", "materialization"]

  /// The file with spaces for everything outside of its macros, so that places stay what they are; nil when a macro is
  /// not closed, or nothing would change.
  static func alone(in source: SourceText) -> SourceText? {
    let bytes = source.utf8
    let scanner = TagScanner(source, "")
    var out = bytes.map { $0 == 0x0A || $0 == 0x0D ? $0 : 0x20 }
    var next = 0
    while let (start, open) = scanner.opening(tags, from: next) {
      guard let end = close(open.words[0], from: open.end, scanner) else { return nil }
      out.replaceSubrange(start..<end, with: bytes[start..<end])
      next = end
    }
    return out == bytes ? nil : SourceText(name: source.name, utf8: out, isInternal: source.isInternal)
  }

  /// Where the block that was opened ends, blocks of its kind within it included.
  private static func close(_ tag: String, from start: Int, _ scanner: TagScanner) -> Int? {
    let bytes = scanner.bytes
    var depth = 1
    var i = start
    while i + 1 < bytes.count {
      guard bytes[i] == UInt8(ascii: "{"), bytes[i + 1] == UInt8(ascii: "%"), let next = scanner.tagAt(i) else {
        i += 1
        continue
      }
      if next.words.first == tag { depth += 1 }
      if next.words.first == "end\(tag)" {
        depth -= 1
        if depth == 0 { return next.end }
      }
      i = next.end
    }
    return nil
  }
}
