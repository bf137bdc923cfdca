/// Tags that bring in other templates.
extension Parser {
  /// `with context` / `without context`
  private mutating func context() -> Bool? {
    guard isAt(.with) || isAt(.without), followedBy(.context) else { return nil }
    let isWith = isAt(.with)
    advance()
    advance()
    return isWith
  }

  mutating func include() throws -> Statement.Kind {
    advance()
    let template = try expression()
    var ignoresMissing = false
    if isAt(.ignore), followedBy(.missing) {
      advance()
      advance()
      ignoresMissing = true
    }
    return .include(template, ignoreMissing: ignoresMissing, withContext: context() ?? true)
  }

  mutating func importModule() throws -> Statement.Kind {
    advance()
    let template = try expression()
    try expect(.as)
    let target = try assignName()
    return .importModule(template, as: target, withContext: context() ?? false)
  }

  mutating func fromImport() throws -> Statement.Kind {
    advance()
    let template = try expression()
    try expect(.import)
    var imported: [(name: Name, alias: Name)] = []
    var withContext: Bool?
    while true {
      if !imported.isEmpty { try expect(.comma) }
      guard current.kind == .name else {
        _ = try expect(.name)
        break
      }
      withContext = context()
      if withContext != nil { break }
      let span = current.span
      let name = try assignName()
      if name.text.withUTF8({ $0.first == 0x5F }) {
        throw fail("names starting with an underline can not be imported", span)
      }
      imported.append((name, skip(.as) ? try assignName() : name))
      withContext = context()
      if withContext != nil || current.kind != .comma { break }
    }
    return .fromImport(template, imported, withContext: withContext ?? false)
  }
}
