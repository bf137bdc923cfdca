public typealias FilterBody = (Interpreter, Value, Arguments) throws -> Value
public typealias TestBody = (Interpreter, Value, Arguments) throws -> Bool

/// A filter: what stands after `|`.
public struct BuiltinFilter: @unchecked Sendable {
  public let name: String
  /// Its parameters, the filtered value first, as `Signature` reads them.
  public let signature: String
  /// One sentence for the documentation.
  public let summary: String
  public let body: FilterBody

  public init(name: String, signature: String, summary: String, body: @escaping FilterBody) {
    self.name = name
    self.signature = signature
    self.summary = summary
    self.body = body
  }

  /// A filter whose arguments are bound before its body runs; indexes start after the filtered value.
  init(
    _ name: String, _ signature: String, _ summary: String, function: String? = nil,
    bound body: @escaping (Interpreter, Value, Bound) throws -> Value
  ) {
    let parsed = Signature(signature)
    let function = function ?? "do_\(name)"
    self.init(
      name: name, signature: signature, summary: summary,
      body: { r, value, a in
        try body(r, value, parsed.bind(a, function: function, given: 1))
      })
  }
}

/// A test: what stands after `is`.
public struct BuiltinTest: @unchecked Sendable {
  public let name: String
  public let signature: String
  public let summary: String
  public let body: TestBody

  public init(name: String, signature: String, summary: String, body: @escaping TestBody) {
    self.name = name
    self.signature = signature
    self.summary = summary
    self.body = body
  }

  init(
    _ name: String, _ signature: String, _ summary: String,
    bound body: @escaping (Interpreter, Value, Bound) throws -> Bool
  ) {
    let parsed = Signature(signature)
    self.init(
      name: name, signature: signature, summary: summary,
      body: { r, value, a in
        try body(r, value, parsed.bind(a, function: "test_\(name)", given: 1))
      })
  }
}

/// A name every template knows. `make` is called once a rendering (or once an environment): the value is not shared
/// between threads.
public struct BuiltinGlobal: @unchecked Sendable {
  public let name: String
  public let signature: String
  public let summary: String
  public let make: () -> Value

  public init(_ name: String, _ signature: String, _ summary: String, _ make: @escaping () -> Value) {
    self.name = name
    self.signature = signature
    self.summary = summary
    self.make = make
  }
}
