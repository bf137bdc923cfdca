/// A macro that the host keeps: called as a template's own are, its arguments straight into its variables and its output
/// to where output goes.
open class HostMacro: Object {
  final override var isHostMacro: Bool { true }
  open override var isCallable: Bool { true }

  /// The macro itself, compiled when it is first needed.
  open func template() throws -> MacroTemplate { throw TemplateError(.runtime, "a macro without a body") }
  /// The macro's body begins: its arguments are known.
  open func enter(_ interpreter: Interpreter) {}
  /// It ended, well or not.
  open func leave(_ interpreter: Interpreter) {}

  public final override func call(_ arguments: Arguments, _ interpreter: Interpreter) throws -> Value {
    try template().object.call(arguments, interpreter, host: self)
  }
  public final override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    try template().object.attribute(name, interpreter)
  }
}
