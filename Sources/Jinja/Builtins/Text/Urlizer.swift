/// Turns web and mail addresses in (escaped) text into links.
struct Urlizer {
  /// The `rel` attribute; empty for none.
  var rel = ""
  var target = ""
  /// Shown addresses are cut to this many characters.
  var limit: Int?
  /// Further beginnings of addresses: `tel:`, `ftp://`.
  var schemes: [String] = []

  private static let web = pattern(
    [
      // A scheme or `www.`, a host, and any top-level domain.
      #"(?:https?://|www\.)(?:[\w%-]+\.)*(?:[a-z]{2,63}|xn--[\w%]{2,59})"#,
      // A bare host is a link only under the best known domains.
      #"(?:[\w%-]{2,63}\.)+(?:com|net|int|edu|gov|org|info|mil)"#,
      // Addresses in numbers need the scheme.
      #"https?://(?:\d{1,3}(?:\.\d{1,3}){3}|\[(?:[\da-f]{0,4}:){2}(?:[\da-f]{0,4}:?){1,6}\])"#,
    ].map { "(?:\($0))" }.joined(separator: "|"), #"^(?:"#, #")(?::\d{1,5})?(?:[/?#]\S*)?$"#)
  private static let mail = pattern(#"\S+@\w[\w.-]*\.\w+"#, "^", "$")
  private static let scheme = pattern(#"[\w.+-]{2,}:/{0,2}"#, "^", "$")
  private static let head = pattern("(?:[(<]|&lt;)+", "^", "")
  private static let tail = pattern(#"(?:[)>.,\n]|&gt;)+"#, "", "$")

  private static func pattern(_ body: String, _ before: String, _ after: String) -> RegexProgram? {
    try? RegexProgram(Str.make(before + body + after), .ignoreCase)
  }

  private static func find(_ program: RegexProgram?, _ text: String) throws -> RegexMatch? {
    try program?.find(RegexSubject(Str.make(text)), .search)
  }

  static func isScheme(_ text: String) -> Bool { (try? find(scheme, text)) ?? nil != nil && !text.hasSuffix("\n") }

  func urlize(_ text: String) throws -> String {
    var out = ""
    var word = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if Characters.isSpace(scalar.value) {
        if !word.isEmpty { out += try link(String(word)) }
        word = String.UnicodeScalarView()
        out.unicodeScalars.append(scalar)
      } else {
        word.append(scalar)
      }
    }
    if !word.isEmpty { out += try link(String(word)) }
    return out
  }

  private var attributes: String {
    let rel = rel.isEmpty ? "" : " rel=\"\(Escape.html(Str.make(rel)).string)\""
    return rel + (target.isEmpty ? "" : " target=\"\(Escape.html(Str.make(target)).string)\"")
  }

  private func shown(_ url: String) -> String {
    guard let limit, url.unicodeScalars.count > limit else { return url }
    // A negative limit counts from the end, as slices do.
    let keep = limit >= 0 ? limit : max(0, url.unicodeScalars.count + limit)
    return String(String.UnicodeScalarView(url.unicodeScalars.prefix(keep))) + "..."
  }

  private func link(_ word: String) throws -> String {
    var scalars = Array(word.unicodeScalars)
    func text(_ part: ArraySlice<Unicode.Scalar>) -> String { String(String.UnicodeScalarView(part)) }
    var head = ""
    if let match = try Urlizer.find(Urlizer.head, word) {
      head = text(scalars[..<match.end])
      scalars.removeFirst(match.end)
    }
    var middle = text(scalars[...])
    var tail = ""
    if [")", ">", ".", ",", "\n", "&gt;"].contains(where: { middle.hasSuffix($0) }),
      let match = try Urlizer.find(Urlizer.tail, middle)
    {
      tail = text(scalars[match.start...])
      middle = text(scalars[..<match.start])
    }
    // Closing brackets that were opened inside the address belong to it.
    for (open, close) in [("(", ")"), ("<", ">"), ("&lt;", "&gt;")] {
      let opened = Urlizer.count(open, middle)
      guard opened > Urlizer.count(close, middle) else { continue }
      for _ in 0..<min(opened, Urlizer.count(close, tail)) {
        guard let end = Urlizer.end(of: close, in: tail) else { break }
        middle += tail[..<end]
        tail = String(tail[end...])
      }
    }
    return head + (try anchor(middle)) + tail
  }

  private func anchor(_ text: String) throws -> String {
    if try Urlizer.find(Urlizer.web, text) != nil {
      let url = text.hasPrefix("https://") || text.hasPrefix("http://") ? text : "https://\(text)"
      return "<a href=\"\(url)\"\(attributes)>\(shown(text))</a>"
    }
    if text.hasPrefix("mailto:") {
      let address = String(text.dropFirst(7))
      if try Urlizer.find(Urlizer.mail, address) != nil { return "<a href=\"\(text)\">\(address)</a>" }
    }
    if text.contains("@"), !text.hasPrefix("www."), !text.hasPrefix("@"), !text.contains(":"),
      try Urlizer.find(Urlizer.mail, text) != nil
    {
      return "<a href=\"mailto:\(text)\">\(text)</a>"
    }
    var text = text
    for scheme in schemes where text != scheme && text.hasPrefix(scheme) {
      text = "<a href=\"\(text)\"\(attributes)>\(text)</a>"
    }
    return text
  }

  private static func count(_ needle: String, _ text: String) -> Int {
    var n = 0
    var rest = text[...]
    while let end = end(of: needle, in: rest) {
      n += 1
      rest = rest[end...]
    }
    return n
  }

  private static func end(of needle: String, in text: some StringProtocol) -> String.Index? {
    var at = text.startIndex
    while at < text.endIndex {
      if text[at...].hasPrefix(needle) { return text.index(at, offsetBy: needle.count) }
      at = text.index(after: at)
    }
    return nil
  }
}
