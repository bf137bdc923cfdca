import Jinja

enum SeedTypes {
  static func sqlType(_ table: AgateTable, _ column: Int) -> String { "text" }
}

enum SeedLoader {
  static func table(_ context: DbtContext) throws -> AgateTable { .empty }
  static func copy(
    relation: Value, table: Value?, context: DbtContext, _ session: DatabaseSession
  ) throws -> Value { .string("") }
}
