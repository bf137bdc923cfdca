/// The methods of a type of objects: by name, with their parameters.
final class ObjectMethods<Receiver: Object>: @unchecked Sendable {
  typealias Body = (Receiver, Bound, Interpreter) throws -> Value
  private let methods: [String: (signature: Signature, body: Body)]

  init(_ list: [(name: String, signature: String, body: Body)]) {
    var methods: [String: (signature: Signature, body: Body)] = [:]
    for (name, signature, body) in list { methods[name] = (Signature(signature), body) }
    self.methods = methods
  }

  /// For the documentation, in order.
  var catalog: [(name: String, signature: String)] {
    methods.map { ($0.key, $0.value.signature.text) }.sorted { $0.0 < $1.0 }
  }

  /// Calls a method; nil when there is none of that name.
  func call(_ receiver: Receiver, _ name: Str, _ a: Arguments, _ r: Interpreter) throws -> Value? {
    let name = name.string
    guard let method = methods[name] else { return nil }
    return try method.body(receiver, method.signature.bind(a, function: name), r)
  }

  /// A method as a value; nil when there is none of that name.
  func bound(_ receiver: Receiver, _ name: Str) -> Value? {
    let name = name.string
    guard let method = methods[name] else { return nil }
    return .object(
      NativeFunction(name) { a, r in
        try method.body(receiver, method.signature.bind(a, function: name), r)
      })
  }
}

/// A class of Python: called, it makes an object; its attributes are class methods and constants.
final class PythonClass: Object {
  typealias Make = (Bound, Interpreter) throws -> Value
  let name: String
  private let signature: Signature
  private let make: Make
  private let methods: [String: (signature: Signature, body: Make)]
  private let constants: (String) throws -> Value?

  init(
    _ name: String, _ signature: String, methods: [(name: String, signature: String, body: Make)] = [],
    constants: @escaping (String) throws -> Value? = { _ in nil }, make: @escaping Make
  ) {
    self.name = name
    self.signature = Signature(signature)
    self.make = make
    self.constants = constants
    var table: [String: (signature: Signature, body: Make)] = [:]
    for (name, signature, body) in methods { table[name] = (Signature(signature), body) }
    self.methods = table
  }

  override var typeName: String { "type" }
  override var isCallable: Bool { true }
  override func call(_ arguments: Arguments, _ interpreter: Interpreter) throws -> Value {
    try make(signature.bind(arguments, function: name), interpreter)
  }
  override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    let name = name.string
    if name == "__name__" { return .string(self.name.split(separator: ".").last.map(String.init) ?? self.name) }
    if let method = methods[name] {
      return .object(
        NativeFunction(name) { a, r in try method.body(method.signature.bind(a, function: name), r) })
    }
    return try constants(name)
  }
  override func callMethod(_ name: Str, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? {
    let text = name.string
    guard let method = methods[text] else { return try super.callMethod(name, arguments, interpreter) }
    return try method.body(method.signature.bind(arguments, function: text), interpreter)
  }
  override func isEqual(to other: Value) -> Bool { other.asObject(PythonClass.self)?.name == name }
  override func hashCode() throws -> Int { Str.make(name).hashCode }
  override func repr(_ interpreter: Interpreter?) throws -> Str { Str.make("<class '\(name)'>") }
}

/// A tuple whose items have names, as Python's named tuples.
class NamedTuple: Object, JSONRepresentable {
  let tuple: TupleObject
  private let names: [String]
  private let name: String
  /// `name(a=1, b=2)`; a plain tuple's representation when nil.
  private let shown: String?

  init(_ name: String, shown: String?, _ fields: [(name: String, value: Value)]) {
    self.name = name
    self.shown = shown
    names = fields.map(\.name)
    tuple = TupleObject(fields.map(\.value))
  }

  private var value: Value { .tuple(tuple) }
  override var typeName: String { name }
  override var length: Int? { tuple.items.count }
  override var isSubscriptable: Bool { true }
  override func slice(_ start: Value, _ stop: Value, _ step: Value) throws -> Value? {
    try value.slice(start, stop, step)
  }
  override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    let text = name.string
    if let index = names.firstIndex(of: text) { return tuple.items[index] }
    return Methods.has(value, name) ? try interpreter.getAttribute(value, name) : nil
  }
  override func item(_ key: Value, _ interpreter: Interpreter) throws -> Value? {
    let item = try interpreter.getItem(value, key)
    return item.isUndefined ? nil : item
  }
  override func callMethod(_ name: Str, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? {
    if let result = try Methods.call(value, name, arguments, interpreter) { return result }
    return try super.callMethod(name, arguments, interpreter)
  }
  override func iterate(_ interpreter: Interpreter) throws -> ValueIterator? { ArrayIterator(tuple.items) }
  override func contains(_ member: Value, _ interpreter: Interpreter) throws -> Bool? {
    try value.contains(member, interpreter)
  }
  override func repr(_ interpreter: Interpreter?) throws -> Str {
    guard let shown else { return try value.repr(interpreter) }
    let fields = try zip(names, tuple.items).map { "\($0)=\(try $1.repr(interpreter).string)" }
    return Str.make("\(shown)(\(fields.joined(separator: ", ")))")
  }
  override func isEqual(to other: Value) -> Bool {
    value.isEqual(to: other.asObject(NamedTuple.self)?.value ?? other)
  }
  override func hashCode() throws -> Int { try value.hashCode() }
  override func compare(to other: Value) -> Int? {
    try? value.compare(to: other.asObject(NamedTuple.self)?.value ?? other)
  }
  override func binary(_ op: BinaryOperator, _ other: Value, reflected: Bool) throws -> Value? {
    let other = other.asObject(NamedTuple.self)?.value ?? other
    guard op == .add, case .tuple(let items) = other else { return nil }
    return .tuple(reflected ? items.items + tuple.items : tuple.items + items.items)
  }
  func jsonValue() -> Value? { value }
}
