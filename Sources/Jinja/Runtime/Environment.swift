/// The settings templates are compiled and rendered with. Set up once, then shared by threads.
public final class Environment: @unchecked Sendable {
  public var undefinedKind: UndefinedKind = .default
  /// Filters by name; the built-in ones are there from the start.
  public var filters: [String: (Interpreter, Value, Arguments) throws -> Value] = [:]
  /// Tests by name; the built-in ones are there from the start.
  public var tests: [String: (Interpreter, Value, Arguments) throws -> Bool] = [:]
  public init() {}
}
