extension BuiltinFilters {
  /// Filters that apply other filters, tests and attributes to every item. All are lazy: an error in their arguments
  /// shows when the first item is asked for.
  static let selectionFilters: [BuiltinFilter] = [
    BuiltinFilter(
      name: "map", signature: "value, *args, **kwargs",
      summary: "A filter (with its arguments) or `attribute=` (with `default=`) of every item.",
      body: { r, value, a in
        .generator("sync_do_map") {
          guard try r.truth(value) else { return { nil } }
          let change = try mapping(a, r)
          let items = try value.iterate(r)
          return { try items.next().map(change) }
        }
      }),
    selection("select", "The items that pass a test, or are true.", keep: true, attribute: false),
    selection("reject", "The items that don't pass a test, or are false.", keep: false, attribute: false),
    selection("selectattr", "The items whose attribute passes a test, or is true.", keep: true, attribute: true),
    selection(
      "rejectattr", "The items whose attribute doesn't pass a test, or is false.", keep: false, attribute: true),
  ]

  private static func mapping(_ a: Arguments, _ r: Interpreter) throws -> (Value) throws -> Value {
    if a.positional.isEmpty, let attribute = a.keyword(Names.attribute) {
      for (name, _) in a.keywords where !(name == Names.attribute || name == Names.default) {
        throw TemplateError(.runtime, "Unexpected keyword argument '\(name.string)'")
      }
      let path = AttributePath(attribute)
      let fallback = a.keyword(Names.default).flatMap { $0.isNone ? nil : $0 }
      return { try path.get($0, r, fallback: fallback) }
    }
    guard let name = a.positional.first else { throw TemplateError(.runtime, "map requires a filter argument") }
    guard case .string(let name) = name else {
      throw TemplateError(.runtime, "No filter named \(try name.repr(r).string).")
    }
    let rest = Arguments(Array(a.positional.dropFirst()), keywords: a.keywords)
    return { try r.filter(name, $0, rest) }
  }

  private static func selection(_ name: String, _ summary: String, keep: Bool, attribute: Bool) -> BuiltinFilter {
    BuiltinFilter(
      name: name, signature: "value, *args, **kwargs", summary: summary,
      body: { r, value, a in
        .generator("select_or_reject") {
          guard try r.truth(value) else { return { nil } }
          let test = try tester(a, r, attribute: attribute)
          let items = try value.iterate(r)
          return {
            while let item = try items.next() {
              if try test(item) == keep { return item }
            }
            return nil
          }
        }
      })
  }

  private static func tester(_ a: Arguments, _ r: Interpreter, attribute: Bool) throws -> (Value) throws -> Bool {
    var arguments = a.positional[...]
    var path: AttributePath?
    if attribute {
      guard let name = arguments.popFirst() else {
        throw TemplateError(.runtime, "Missing parameter for attribute name")
      }
      path = AttributePath(name)
    }
    guard let test = arguments.popFirst() else {
      return { item in try r.truth(path?.get(item, r) ?? item) }
    }
    guard case .string(let name) = test else {
      throw TemplateError(.runtime, "No test named \(try test.repr(r).string).")
    }
    let rest = Arguments(Array(arguments), keywords: a.keywords)
    return { item in try r.test(name, path?.get(item, r) ?? item, rest) }
  }
}
