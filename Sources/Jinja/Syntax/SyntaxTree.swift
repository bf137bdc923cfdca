import Diagnostics

/// A parsed template: what hosts look at without rendering, and what is compiled.
public final class SyntaxTree: @unchecked Sendable {
  public let source: SourceText
  public let statements: [Statement]
  let names: NameTable

  init(source: SourceText, statements: [Statement], names: NameTable) {
    self.source = source
    self.statements = statements
    self.names = names
  }

  public func range(_ span: Span) -> SourceRange { SourceRange(source: source, offsets: span.range) }
  public func text(_ span: Span) -> String { String(decoding: source.utf8[span.range], as: UTF8.self) }
}
