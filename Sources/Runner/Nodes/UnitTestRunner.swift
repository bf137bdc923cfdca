import Compiler
import Diagnostics
import Jinja
import Manifest

/// Unit tests: the model's SQL over given rows, compared with the expected ones.
struct UnitTestRunner {
  private let runner: NodeRunner
  init(_ runner: NodeRunner) { self.runner = runner }

  func run(_ test: UnitTest) throws -> NodeRunner.Outcome {
    throw ExecutionError(.runtime, "Unit tests are not supported yet.")
  }
}
