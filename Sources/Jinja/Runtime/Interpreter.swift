/// One rendering: the environment, the frames, the output, and what built-ins and the host need while it runs.
///
/// Made for each rendering, used by one thread.
public final class Interpreter {
  public let environment: Environment
  /// Where output goes; macros and block sets write at its end and cut their part off.
  public let output = OutputBuffer()
  /// Whether output is being escaped here.
  public internal(set) var autoescape = false
  /// The host's own state of this rendering (dbt's context), unchanged by the engine.
  public let host: AnyObject?

  init(environment: Environment, host: AnyObject? = nil) {
    self.environment = environment
    self.host = host
  }
}
