/// A password or another value that must not be shown: no description, mirror or interpolation reveals it.
///
/// The only way to the text is `reveal()`, so that a search for that word finds every place that uses one.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private let value: String

  public init(_ value: String) { self.value = value }

  /// The text itself. Never put it in a log, an error, an artifact, a process title or a template.
  public func reveal() -> String { value }

  public var isEmpty: Bool { value.isEmpty }
  public var description: String { "***" }
  public var debugDescription: String { "***" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
