/// A function of the host (or a built-in global) that templates can call.
public final class NativeFunction: Object {
  public typealias Body = (Arguments, Interpreter) throws -> Value
  public let name: String
  private let body: Body

  public init(_ name: String, _ body: @escaping Body) {
    self.name = name
    self.body = body
  }

  public override var typeName: String { "function" }
  public override var isCallable: Bool { true }
  public override func call(_ arguments: Arguments, _ interpreter: Interpreter) throws -> Value {
    try body(arguments, interpreter)
  }
  public override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    name == Self.dunderName ? .string(self.name) : nil
  }
  public override func repr(_ interpreter: Interpreter?) throws -> Str { Str.make("<function \(name)>") }

  nonisolated(unsafe) private static let dunderName: Str = {
    let name = Str.make("__name__")
    name.freeze()
    return name
  }()
}
