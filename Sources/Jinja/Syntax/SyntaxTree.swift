import Diagnostics

/// A parsed template: what hosts look at without rendering, and what is compiled.
public final class SyntaxTree: @unchecked Sendable {
  public let source: SourceText
  public let statements: [Statement]
  let names: NameTable
  /// A bit for each keyword that is read as a name somewhere.
  private let specialNames: UInt64
  /// A literal may make a float that is infinite or no number.
  let mentionsInfinities: Bool

  init(
    source: SourceText, statements: [Statement], names: NameTable, specialNames: UInt64, mentionsInfinities: Bool
  ) {
    self.specialNames = specialNames
    self.mentionsInfinities = mentionsInfinities
    self.source = source
    self.statements = statements
    self.names = names
  }

  /// Whether a keyword is read as a name anywhere.
  func reads(_ keyword: Keyword) -> Bool { specialNames & (1 << UInt64(keyword.rawValue)) != 0 }

  public func range(_ span: Span) -> SourceRange { SourceRange(source: source, offsets: span.range) }
  public func text(_ span: Span) -> String { String(decoding: source.utf8[span.range], as: UTF8.self) }
}
