/// A block tag that the host adds to the language: `{% docs x %}…{% enddocs %}`. Its block becomes a macro.
public struct BlockTag: Sendable {
  public enum Header: Sendable {
    /// `{% docs name %}`
    case name
    /// `{% test name(a, b=1) %}`
    case signature
    /// `{% materialization name, adapter='x', default %}`: options from this list. A `parameters` entry is an option
    /// that becomes a parameter of the macro with its value as default (dbt's `supported_languages`), with the default
    /// it has when it is not written.
    case options(allowed: [String], parameters: [(name: String, defaultValue: @Sendable () -> Value)])
  }

  public let name: String
  public let header: Header
  /// The macro's name from the written name and the constant options.
  public let macroName: @Sendable (_ name: String, _ options: [(name: String, value: Value)]) throws -> String

  public init(
    _ name: String, header: Header,
    macroName: @escaping @Sendable (_ name: String, _ options: [(name: String, value: Value)]) throws -> String
  ) {
    self.name = name
    self.header = header
    self.macroName = macroName
  }
}
