/// A text that must not be shown: its description is `*****` wherever it is printed, interpolated or reflected.
///
/// It has no conversion to a template or JSON value; `reveal` is for the one place that opens a connection.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private let text: String

  public init(_ text: String) { self.text = text }

  /// The text itself. Don't keep it, don't put it in a message.
  public func reveal() -> String { text }

  public var isEmpty: Bool { text.isEmpty }
  public var description: String { "*****" }
  public var debugDescription: String { "*****" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
