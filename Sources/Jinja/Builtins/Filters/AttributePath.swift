/// An attribute as filters take it: `"address.city"`, `"1.name"`, or an integer.
struct AttributePath {
  private let parts: [Value]
  /// The key, when the path is one; `parts` holds on to it.
  private let key: Unmanaged<Str>?

  /// None is the item itself.
  init(_ attribute: Value) {
    let parts: [Value] =
      switch attribute {
      case .none: []
      case .string(let s): AttributePath.split(s)
      default: [attribute]
      }
    self.parts = parts
    if parts.count == 1, case .string(let name) = parts[0] { key = .passUnretained(name) } else { key = nil }
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
        name.freeze()
        return .string(name)
      }
    }
  }

  /// Where the item, a dict, keeps what the path leads to; nil when it takes more than one look-up to find out.
  @inline(__always) func place(in item: UnsafePointer<Value>) -> UnsafePointer<Value>? {
    guard Borrowed.tag(item) == Borrowed.dictTag else { return parts.isEmpty ? item : nil }
    guard let key else { return parts.isEmpty ? item : nil }
    return Borrowed.reference(item, DictObject.self)._withUnsafeGuaranteedRef { dict in
      key._withUnsafeGuaranteedRef { dict.place(of: $0) }
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
    let value: Value
    if fallback == nil, let found = withUnsafePointer(to: item, { place(in: $0)?.pointee }) {
      value = found
    } else {
      value = try get(item, r, fallback: fallback)
    }
    guard !caseSensitive, case .string(let s) = value else { return value }
    return .string(try s.loweredKey(r))
  }
}
