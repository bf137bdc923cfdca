import Diagnostics
import Jinja

/// Macros, tests and materializations stand at the top of their files; within one another or within an `if` dbt refuses
/// them.
enum NestedBlocks {
  /// The first block of a macro file that stands within something else.
  static func problem(_ tree: SyntaxTree) -> Diagnostic? {
    for statement in tree.statements {
      guard case .macro(let outer) = statement.kind else {
        if let inner = first(in: children(of: statement)) { return inside(inner, tree) }
        continue
      }
      guard let inner = first(in: outer.body) else { continue }
      guard outer.body.contains(where: { $0 === inner }), case .macro(let definition) = inner.kind else {
        return inside(inner, tree)
      }
      return Diagnostic(
        "nested-macros", .compilation,
        "Got nested tags: \(outer.tag) (started at \(statement.span.range.lowerBound)) did not have a matching "
          + "{{% end\(outer.tag) %}} before a subsequent \(definition.tag) was found "
          + "(started at \(inner.span.range.lowerBound))",
        range: tree.range(definition.nameSpan),
        notes: [Diagnostic.Note("within this one", range: tree.range(outer.nameSpan))],
        hint: "Move it out, to the top level of the file.")
    }
    return nil
  }

  private static func inside(_ block: Statement, _ tree: SyntaxTree) -> Diagnostic {
    var name: Span?
    if case .macro(let definition) = block.kind { name = definition.nameSpan }
    let position = tree.source.position(at: block.span.range.lowerBound)
    return Diagnostic(
      "nested-macros", .compilation,
      "Got a block definition inside control flow at \(position.line):\(position.column). All dbt block definitions "
        + "must be at the top level",
      range: name.map { tree.range($0) }, hint: "Move it out, to the top level of the file.")
  }

  private static func first(in statements: [Statement]) -> Statement? {
    for statement in statements {
      if case .macro = statement.kind { return statement }
      if let found = first(in: children(of: statement)) { return found }
    }
    return nil
  }

  /// The statements that a statement holds, a call's own block left out.
  private static func children(of statement: Statement) -> [Statement] {
    switch statement.kind {
    case .forLoop(let loop): loop.body + loop.otherwise
    case .branches(let branches, let otherwise): branches.flatMap(\.body) + otherwise
    case .setBlock(_, _, let body), .with(_, _, let body), .autoescape(_, let body), .filterBlock(_, let body): body
    case .block(let block): block.body
    default: []
    }
  }
}
