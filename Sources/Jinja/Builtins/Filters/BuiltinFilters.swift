/// Every filter of Jinja2 3.1 (https://jinja.palletsprojects.com/en/stable/templates/#list-of-builtin-filters).
public enum BuiltinFilters {
  public static let all: [BuiltinFilter] =
    (valueFilters + textFilters + layoutFilters + markupFilters + sequenceFilters + orderFilters + selectionFilters)
    .sorted { $0.name < $1.name }
}

extension BuiltinFilters {
  /// Filters of single values and numbers.
  static let valueFilters: [BuiltinFilter] = [
    BuiltinFilter("abs", "x, /", "The absolute value of a number.", function: "abs") { _, x, _ in
      switch x {
      case .int(let i) where i != .min: .int(abs(i))
      case .float(let d): .float(d.magnitude)
      case .undefined:
        throw TemplateError(.type, "bad operand type for abs(): '\(x.typeName)'")
      default: try x.unary(.absolute)
      }
    },
    defaultFilter("default"), defaultFilter("d"),
    BuiltinFilter("int", "value, default=0, base=10", "The value as an integer; `default` when it is none.") {
      r, x, a in
      if case .int = x { return x }
      return try PythonNumbers.int(x, base: a[1], r) ?? a[0] ?? .int(0)
    },
    BuiltinFilter("float", "value, default=0.0", "The value as a float; `default` when it is none.") { r, x, a in
      if case .float = x { return x }
      return try PythonNumbers.floatOrNil(x, r).map { .float($0) } ?? a[0] ?? .float(0)
    },
    BuiltinFilter(
      "round", "value, precision=0, method='common'",
      "Rounds to `precision` decimals; `method` is `common` (half to even), `ceil` or `floor`."
    ) { r, x, a in
      let method = a[1]?.asString ?? (a[1] == nil ? "common" : "")
      guard ["common", "ceil", "floor"].contains(method) else {
        throw TemplateError(.runtime, "method must be common, ceil or floor")
      }
      let precision = a[0] ?? .int(0)
      if method == "common", case .undefined = x {
        throw TemplateError(.type, "type \(x.typeName) doesn't define __round__ method")
      }
      if method == "common" { return try PythonNumbers.round(x, precision, r) }
      let scale = try Value.int(10).binary(.power, precision, r)
      let scaled = try x.binary(.multiply, scale, r)
      let whole = method == "ceil" ? try PythonNumbers.ceil(scaled) : try PythonNumbers.floor(scaled)
      return try whole.binary(.divide, scale, r)
    },
    BuiltinFilter("attr", "obj, name", "The object's attribute of that name, never its item.") { r, x, a in
      guard let name = a[0] else { return .none }
      guard case .string(let name) = name else {
        throw TemplateError(.type, "attribute name must be string, not '\(name.typeName)'")
      }
      var exists = Methods.has(x, name) || name.string.hasPrefix("__")
      if case .undefined = x { exists = true }
      if !exists, case .object(let object) = x { exists = try object.attribute(name, r) != nil }
      return exists ? try r.getAttribute(x, name) : r.undefined(name: name.string, owner: x, hint: nil)
    },
    BuiltinFilter("pprint", "value", "The value's representation, broken into lines of 80 characters.") { r, x, _ in
      .string(try PrettyPrinter.format(x, r))
    },
    BuiltinFilter("tojson", "value, indent=None", "The value as JSON that is safe in HTML; keys are sorted.") {
      _, x, a in
      switch a[0] ?? .none {
      case .none: return .string(try JSON.htmlSafe(x))
      case .string(let text): return .string(try JSON.htmlSafe(x, indentText: text.bytes))
      case let width: return .string(try JSON.htmlSafe(x, indent: try width.index()))
      }
    },
    BuiltinFilter("filesizeformat", "value, binary=False", "A size in bytes for people: 13 kB, 4.1 MB.") { r, x, a in
      .string(fileSize(try PythonNumbers.float(x, r), binary: try r.truth(a[0] ?? .bool(false))))
    },
  ]

  private static func defaultFilter(_ name: String) -> BuiltinFilter {
    let signature = Signature("value, default_value='', boolean=False")
    return BuiltinFilter(
      name: name, signature: signature.text,
      summary: "`default_value` when the value is undefined, or false and `boolean` is true.",
      body: { r, value, a in
        let a = try signature.bind(a, function: "do_default", given: 1)
        if case .undefined = value { return a[0] ?? .string(Str.empty) }
        if let boolean = a[1], try r.truth(boolean), try !r.truth(value) { return a[0] ?? .string(Str.empty) }
        return value
      })
  }

  private static func fileSize(_ bytes: Double, binary: Bool) -> String {
    if bytes == 1 { return "1 Byte" }
    let base: Double = binary ? 1024 : 1000
    if bytes < base { return "\(CFormat.fixed(bytes.rounded(.towardZero) + 0, 0)) Bytes" }
    var unit = base
    var text = ""
    for prefix in ["k", "M", "G", "T", "P", "E", "Z", "Y"] {
      unit *= base
      let name = binary ? "\(prefix == "k" ? "K" : prefix)iB" : "\(prefix)B"
      text = "\(CFormat.fixed(base * bytes / unit, 1)) \(name)"
      if bytes < unit { break }
    }
    return text
  }
}
