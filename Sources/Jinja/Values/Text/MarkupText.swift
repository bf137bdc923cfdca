/// Escaping for the operations of strings where one side is Markup.
enum MarkupText {
  /// `markupsafe.escape` of plain text.
  static func escape(_ text: Str) -> Str {
    if text.isMarkup { return text }
    var out = StrBuilder(capacity: text.count + 16)
    text.withUTF8 { bytes in
      for byte in bytes {
        switch byte {
        case 0x26: out.append("&amp;")
        case 0x3C: out.append("&lt;")
        case 0x3E: out.append("&gt;")
        case 0x27: out.append("&#39;")
        case 0x22: out.append("&#34;")
        default: out.append(byte)
        }
      }
    }
    return out.finish(markup: true)
  }
}
