import Compiler
import Postgres
import Testing

@testable import Runner

@Suite struct ErrorPlaceTests {
  let compiled = "select\n  1 as 名前,\n  nosuch\nfrom t\n"

  private func failure(at word: String, state: String? = "42703") -> ExecutionError {
    let statement = "/* comment 名 */\n\n  create view v as (\n    select\n  1 as 名前,\n  nosuch\nfrom t\n  );"
    let at = statement.unicodeScalars.firstRange(of: word.unicodeScalars)!.lowerBound
    var error = PostgresError("column does not exist", sqlState: state)
    error.position = statement.unicodeScalars.distance(from: statement.unicodeScalars.startIndex, to: at) + 1
    var failure = ExecutionError(error)
    failure.statement = statement
    return failure
  }

  @Test func positionIsCountedInTheCompiledFile() {
    #expect(ErrorPlace.text(failure(at: "nosuch"), compiled: compiled) == ":3:3 (SQLSTATE 42703)")
    #expect(ErrorPlace.text(failure(at: "as 名前"), compiled: compiled) == ":2:5 (SQLSTATE 42703)")
  }

  @Test func wordAtFaultIsShown() {
    #expect(
      ErrorPlace.snippet(failure(at: "nosuch"), compiled: compiled) == [
        "  2 |   1 as 名前,", "  3 |   nosuch", "    |   ^^^^^^", "  4 | from t",
      ])
    #expect(ErrorPlace.snippet(failure(at: "create"), compiled: compiled).isEmpty)
  }

  @Test func positionOutsideOfTheFileIsLeftOut() {
    #expect(ErrorPlace.text(failure(at: "create"), compiled: compiled) == " (SQLSTATE 42703)")
    #expect(ErrorPlace.text(failure(at: "nosuch"), compiled: "select 2") == " (SQLSTATE 42703)")
    #expect(ErrorPlace.text(failure(at: "nosuch"), compiled: nil) == " (SQLSTATE 42703)")
  }

  @Test func errorOfNoServerHasNoPlace() {
    #expect(ErrorPlace.text(failure(at: "nosuch", state: nil), compiled: compiled) == nil)
    #expect(ErrorPlace.text(ExecutionError(.compilation, "no"), compiled: compiled) == nil)
  }
}
