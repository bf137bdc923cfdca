import Diagnostics
import Testing

@testable import Postgres

@Suite struct PostgresErrorTests {
  @Test func refusedConnectionGivesItsState() {
    let error = PostgresError(
      connecting: """
        connection to server at "localhost" (127.0.0.1), port 5432 failed: FATAL:  3D000: database "x" does not exist
        LOCATION:  InitPostgres, postinit.c:885

        """)
    #expect(error.sqlState == "3D000")
    #expect(error.isMissingDatabase)
    #expect(!error.isRetryableOnOpen)
    #expect(
      error.message
        == #"connection to server at "localhost" (127.0.0.1), port 5432 failed: FATAL:  database "x" does not exist"#)
  }

  @Test func retryClasses() {
    for state in ["40001", "40P01", "55P03", "57P01", "57P03", "08006"] {
      #expect(PostgresError("x", sqlState: state).isRetryable)
    }
    for state in ["42P01", "57014", "23505", "28P01"] { #expect(!PostgresError("x", sqlState: state).isRetryable) }
    #expect(PostgresError("refused").isRetryableOnOpen)
    #expect(PostgresError("full", sqlState: "53300").isRetryableOnOpen)
    #expect(!PostgresError("password", sqlState: "28P01").isRetryableOnOpen)
  }

  @Test func positionsCountCharacters() {
    var error = PostgresError("relation \"x\" does not exist", sqlState: "42P01")
    error.position = 12
    let source = SourceText(name: "models/a.sql", text: "-- 顧客\nfrom foo\n")
    let range = error.diagnostic(in: source).range
    #expect(range?.start.line == 2)
    #expect(range?.start.column == 6)
    #expect(range?.end.column == 9)
    // A comment of four characters was sent in front of the file's text.
    error.position = 16
    #expect(error.diagnostic(in: source, skipping: 4).range?.start.column == 6)
  }
}
