/// An attribute as filters take it: `"address.city"`, `"1.name"`, or an integer.
struct AttributePath {
  private let parts: [Value]

  /// None is the item itself.
  init(_ attribute: Value) {
    switch attribute {
    case .none: parts = []
    case .string(let s): parts = AttributePath.split(s)
    default: parts = [attribute]
    }
  }

  /// Several paths separated by commas.
  static func several(_ attribute: Value) -> [AttributePath] {
    guard case .string(let s) = attribute else { return [AttributePath(attribute)] }
    return s.string.split(separator: ",", omittingEmptySubsequences: false).map {
      AttributePath(.string(String($0)))
    }
  }

  private static func split(_ s: Str) -> [Value] {
    s.withUTF8 { bytes in
      bytes.split(separator: 0x2E, omittingEmptySubsequences: false).map { part in
        if !part.isEmpty, part.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
          let number = Int(String(decoding: part, as: UTF8.self))
        {
          return .int(number)
        }
        let name = Str.make(UnsafeBufferPointer(rebasing: part))
        _ = name.hashCode
        return .string(name)
      }
    }
  }

  /// Follows the path with Jinja's subscript rules; `fallback` (when not none) stands for what is undefined.
  func get(_ item: Value, _ r: Interpreter, fallback: Value? = nil) throws -> Value {
    var item = item
    for part in parts {
      item = try r.getItem(item, part)
      if let fallback, case .undefined = item { item = fallback }
    }
    return item
  }

  /// The same, strings in lower case unless `caseSensitive`.
  func key(_ item: Value, _ r: Interpreter, caseSensitive: Bool, fallback: Value? = nil) throws -> Value {
    let value = try get(item, r, fallback: fallback)
    guard !caseSensitive, case .string(let s) = value else { return value }
    return .string(try s.loweredKey(r))
  }
}
