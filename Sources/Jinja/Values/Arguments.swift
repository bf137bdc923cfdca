/// The arguments of one call: positional ones, then keyword ones in the order written.
public struct Arguments {
  public var positional: [Value]
  public var keywords: [(name: Str, value: Value)]

  public init(_ positional: [Value] = [], keywords: [(name: Str, value: Value)] = []) {
    self.positional = positional
    self.keywords = keywords
  }

  public static var none: Arguments { Arguments() }

  public var isEmpty: Bool { positional.isEmpty && keywords.isEmpty }
  public func keyword(_ name: Str) -> Value? {
    for pair in keywords where pair.name == name { return pair.value }
    return nil
  }
}

/// A built-in function's parameters, written once as Python would show them: `"value, default_value='', *, deep=False"`.
///
/// Binding gives one slot per parameter in order, defaults filled in, with Python's TypeErrors for too many, missing,
/// unknown or doubled arguments.
public struct Signature: Sendable {
  public struct Parameter: Sendable {
    public let name: String
    /// The default as source text (shown in documentation); nil when required.
    public let defaultText: String?
    public let keywordOnly: Bool
  }
  public let name: String
  public let parameters: [Parameter]
  /// `*args` / `**kwargs` were declared: then the last slots are a tuple and a dict.
  public let variadic: Bool
  public let variadicKeywords: Bool
}
