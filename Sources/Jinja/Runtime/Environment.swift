/// The settings templates are compiled and rendered with.
public final class Environment: @unchecked Sendable {
  public var undefinedKind: UndefinedKind = .default
  public init() {}
}
