/// A password or another value that must not be shown: no description, mirror or interpolation reveals it.
///
/// It has no conversion to a template or JSON value. The only way to the text is `reveal()`, so that a search for that
/// word finds every place that uses one.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private let text: String

  public init(_ text: String) { self.text = text }

  /// The text itself. Never put it in a log, an error, an artifact, a process title or a template.
  public func reveal() -> String { text }

  public var isEmpty: Bool { text.isEmpty }
  public var description: String { "*****" }
  public var debugDescription: String { "*****" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
