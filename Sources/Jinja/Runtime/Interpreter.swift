/// One rendering: the environment, the frames, the output, and what built-ins and the host need while it runs.
///
/// Made for each rendering, used by one thread.
public final class Interpreter {
  public let environment: Environment
  /// Whether output is being escaped here.
  public var autoescape = false
  /// The host's own state of this rendering (dbt's context), unchanged by the engine.
  public var host: AnyObject?

  init(environment: Environment) { self.environment = environment }
}

extension Interpreter {
  public func call(_ callee: Value, _ arguments: Arguments) throws -> Value {
    if case .object(let object) = callee { return try object.call(arguments, self) }
    throw TemplateError(.type, "object is not callable")
  }
}
