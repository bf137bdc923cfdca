import Diagnostics

/// A block of a file that is not read as a template: `{% docs x %}…{% enddocs %}`, `{% snapshot x %}…{% endsnapshot %}`.
struct TagBlock {
  var name: String
  var contents: String
  var range: SourceRange
}

extension MacroLibrary {
  func docsBlocks(_ source: SourceText) throws -> [TagBlock] { try TagScanner(source, "docs").blocks() }
  func snapshotBlocks(_ source: SourceText) throws -> [TagBlock] { try TagScanner(source, "snapshot").blocks() }
}

/// Finds blocks of one tag at a file's top level; comments are passed over.
struct TagScanner {
  private let source: SourceText
  private let tag: String
  let bytes: [UInt8]

  init(_ source: SourceText, _ tag: String) {
    self.source = source
    self.tag = tag
    bytes = source.utf8
  }

  func blocks() throws -> [TagBlock] {
    var out: [TagBlock] = []
    var next = 0
    while let (i, open) = opening([tag], from: next) {
      guard open.words.count >= 2 else {
        throw Diagnostic(
          "tag-name", .compilation, "A {% \(tag) %} block needs a name.",
          range: SourceRange(source: source, offsets: i..<open.end), hint: "Write {% \(tag) my_name %}.")
      }
      var j = open.end
      var close: (words: [String], end: Int)?
      while j + 1 < bytes.count {
        if bytes[j] == UInt8(ascii: "{"), bytes[j + 1] == UInt8(ascii: "%"), let next = tagAt(j) {
          if next.words.first == "end\(tag)" {
            close = next
            break
          }
          if next.words.first == tag { break }
        }
        j += 1
      }
      guard let close else {
        throw Diagnostic(
          "unclosed-block", .compilation,
          "Reached EOF without finding a close tag for \(tag) (searched from line \(source.position(at: i).line))",
          range: SourceRange(source: source, offsets: i..<open.end), hint: "Add {% end\(tag) %} after the block.")
      }
      out.append(
        TagBlock(
          name: Self.identifier(open.words[1]), contents: contents(open.end, j),
          range: SourceRange(source: source, offsets: i..<open.end)))
      next = close.end
    }
    return out
  }

  /// The next tag of one of these kinds that no comment holds, and where it begins.
  func opening(_ kinds: Set<String>, from start: Int) -> (start: Int, tag: (words: [String], end: Int))? {
    var i = start
    while i + 1 < bytes.count {
      if bytes[i] == UInt8(ascii: "{") {
        if bytes[i + 1] == UInt8(ascii: "#") {
          i = find("#}", from: i + 2).map { $0 + 2 } ?? bytes.count
          continue
        }
        if bytes[i + 1] == UInt8(ascii: "%"), let open = tagAt(i), let kind = open.words.first, kinds.contains(kind) {
          return (i, open)
        }
      }
      i += 1
    }
    return nil
  }

  /// A block's name ends where an identifier does: `{% snapshot orders() %}` is `orders`.
  private static func identifier(_ word: String) -> String {
    let name = word.utf8.prefix { byte in
      byte == 0x5F || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }
    return name.isEmpty ? word : String(decoding: name, as: UTF8.self)
  }

  /// What is between two tags, without the white space that `-%}` and `{%-` take away.
  private func contents(_ from: Int, _ to: Int) -> String {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    var (start, end) = (from, to)
    if bytes[from - 3] == UInt8(ascii: "-") { while start < end, isSpace(bytes[start]) { start += 1 } }
    if to + 2 < bytes.count, bytes[to + 2] == UInt8(ascii: "-") {
      while end > start, isSpace(bytes[end - 1]) { end -= 1 }
    }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// The words of the tag that begins at an offset, and where it ends.
  func tagAt(_ start: Int) -> (words: [String], end: Int)? {
    guard let end = find("%}", from: start + 2) else { return nil }
    var inner = bytes[(start + 2)..<end]
    if inner.first == UInt8(ascii: "-") || inner.first == UInt8(ascii: "+") { inner = inner.dropFirst() }
    if inner.last == UInt8(ascii: "-") || inner.last == UInt8(ascii: "+") { inner = inner.dropLast() }
    let words = String(decoding: inner, as: UTF8.self).split(whereSeparator: {
      $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r\n" || $0 == "\r"
    })
    return (words.map(String.init), end + 2)
  }

  func find(_ text: String, from start: Int) -> Int? {
    let needle = Array(text.utf8)
    var i = start
    while i + needle.count <= bytes.count {
      if bytes[i] == needle[0], bytes[i + 1] == needle[1] { return i }
      i += 1
    }
    return nil
  }
}
