import Events
import Jinja

extension Interpreter {
  /// Text that a table's `print_…` writes to the console.
  func printed(_ text: String) throws {
    let context = try DbtContext.of(self)
    guard context.project.printsFromJinja else { return }
    context.project.log.emit(.output(text.hasSuffix("\n") ? String(text.dropLast()) : text))
  }
}
