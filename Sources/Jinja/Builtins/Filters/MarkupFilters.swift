extension BuiltinFilters {
  private static func escapeFilter(_ name: String) -> BuiltinFilter {
    BuiltinFilter(name, "s, /", "`& < > ' \"` as HTML entities; Markup stays as it is.", function: "escape") {
      r, s, _ in
      .string(try Escape.escape(s, r))
    }
  }

  /// Filters about HTML.
  static let markupFilters: [BuiltinFilter] = [
    escapeFilter("escape"), escapeFilter("e"),
    BuiltinFilter("forceescape", "value", "Escaped even when it is Markup already.") { r, value, _ in
      .string(Escape.html(try value.plainStr(r)))
    },
    BuiltinFilter("safe", "value", "Marked as safe HTML: not escaped any more.", function: "do_mark_safe") {
      r, value, _ in
      .string(try value.softStr(r).marked(true))
    },
    BuiltinFilter("striptags", "value", "Without tags and comments, blanks collapsed, entities decoded.") {
      r, value, _ in
      .string(HTMLText.strippingTags(try value.softStr(r)))
    },
    BuiltinFilter("xmlattr", "d, autospace=True", "A mapping as HTML attributes, without those that are none.") {
      r, d, a in
      let attributes = try attributes(r, d)
      let space = try r.truth(a[0] ?? .bool(true)) && !attributes.isEmpty
      return .string(Str.make((space ? [0x20] : []) + attributes, markup: r.autoescape))
    },
    BuiltinFilter(
      "urlize", "value, trim_url_limit=None, nofollow=False, target=None, rel=None, extra_schemes=None",
      "Web and mail addresses in the text as links."
    ) { r, value, a in
      var rels: Set<String> = ["noopener"]
      if let rel = a[3], !rel.isNone {
        rels.formUnion(rel.asString?.split(whereSeparator: \.isWhitespace).map(String.init) ?? [])
      }
      if let nofollow = a[1], try r.truth(nofollow) { rels.insert("nofollow") }
      var urlizer = Urlizer()
      urlizer.rel = rels.sorted().joined(separator: " ")
      if let limit = a[0], !limit.isNone { urlizer.limit = try limit.index() }
      if let target = a[2], !target.isNone { urlizer.target = try target.str(r).string }
      if let schemes = a[4], !schemes.isNone {
        urlizer.schemes = try schemes.items(r).map { scheme in
          let text = try scheme.str(r).string
          guard Urlizer.isScheme(text) else {
            throw TemplateError(.runtime, "\(try scheme.repr(r).string) is not a valid URI scheme prefix.")
          }
          return text
        }
      }
      let escaped = try Escape.escape(value, r)
      return .string(Str.make(try urlizer.urlize(escaped.string), markup: r.autoescape))
    },
  ]

  private static func attributes(_ r: Interpreter, _ d: Value) throws -> [UInt8] {
    var out: [UInt8] = []
    for (key, value) in try d.mappingItems(r) {
      if value.isNone || value.isUndefined { continue }
      guard case .string(let name) = key else {
        throw TemplateError(.type, "expected string or bytes-like object, got '\(key.typeName)'")
      }
      let bad = name.withUTF8 { bytes in
        bytes.contains { $0 == 0x20 || $0 >= 0x09 && $0 <= 0x0D || $0 == 0x2F || $0 == 0x3E || $0 == 0x3D }
      }
      if bad { throw TemplateError(.value, "Invalid character in attribute name: \(try key.repr(r).string)") }
      if !out.isEmpty { out.append(0x20) }
      Escape.html(name).withUTF8 { out.append(contentsOf: $0) }
      out.append(contentsOf: [0x3D, 0x22])
      try Escape.escape(value, r).withUTF8 { out.append(contentsOf: $0) }
      out.append(0x22)
    }
    return out
  }
}
