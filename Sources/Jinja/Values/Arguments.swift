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
