import Diagnostics

/// A compiled template: immutable, rendered by as many threads as like.
public final class Template: @unchecked Sendable {
  public let environment: Environment
  let program: Program

  init(_ environment: Environment, program: Program) throws {
    self.environment = environment
    self.program = program
    // Made now, so that threads only read it.
    _ = environment.sharedGlobals
  }

  public var name: String { program.source.name }
  public var source: SourceText { program.source }

  /// Renders with names from `context`.
  /// - Throws: `TemplateError`, with the place and the chain of macro calls; `ReturnSignal` when the host's `return` was
  ///   called outside of any macro.
  public func render(_ context: ContextProvider?, host: AnyObject? = nil) throws -> Str {
    try Interpreter.withInterpreter(environment, program, context, host) { r in
      try r.run()
      return r.output.take()
    }
  }

  /// Renders and gives the output's bytes to `body` without copying them.
  public func render<T>(
    _ context: ContextProvider?, host: AnyObject? = nil, _ body: (UnsafeBufferPointer<UInt8>) throws -> T
  ) throws -> T {
    try Interpreter.withInterpreter(environment, program, context, host) { r in
      try r.run()
      return try r.output.withUTF8(body)
    }
  }

  public func render(_ context: DictObject, host: AnyObject? = nil) throws -> Str {
    try render(DictContext(context), host: host)
  }

  public func render(_ context: [String: Value] = [:], host: AnyObject? = nil) throws -> String {
    let dict = DictObject(capacity: context.count)
    for (name, value) in context { dict[name] = value }
    return try render(DictContext(dict), host: host).string
  }

  /// Renders a template compiled with `Environment.compileNative`: the value of the only expression when there is
  /// nothing else, otherwise text. Values that the filters `as_text`, `as_bool`, `as_number` and `as_native` marked
  /// are converted as dbt does.
  public func renderNative(_ context: ContextProvider?, host: AnyObject? = nil) throws -> Value {
    try Interpreter.withInterpreter(environment, program, context, host) { r in
      try r.run()
      return try Native.concat(r.collected, r)
    }
  }
}

extension Environment {
  /// Calls a function of the context as a template would, in a rendering of its own.
  public func call(
    _ callee: Value, _ arguments: Arguments, _ context: ContextProvider?, host: AnyObject? = nil
  ) throws -> Value {
    let nothing = try compile(SourceText(name: "call", text: ""))
    return try Interpreter.withInterpreter(self, nothing.program, context, host) { try $0.call(callee, arguments) }
  }
}

extension Interpreter {
  static func withInterpreter<T>(
    _ environment: Environment, _ program: Program, _ provider: ContextProvider?, _ host: AnyObject?,
    _ body: (Interpreter) throws -> T
  ) throws -> T {
    let r = Interpreter(environment, program: program, provider: provider, host: host)
    defer { r.finish() }
    return try body(r)
  }
}

/// A macro compiled on its own. Its value can be called from any rendering: every name its body does not set itself is
/// looked up in the context of the rendering that calls it.
public final class MacroTemplate: @unchecked Sendable {
  let program: Program
  let code: MacroCode
  let object: MacroObject

  init(_ program: Program) throws {
    guard let code = program.macros.first else { throw TemplateError(.runtime, "no macro was compiled") }
    self.program = program
    self.code = code
    object = MacroObject(code, program: program)
  }

  public var name: String { code.name }
  public var definition: MacroDefinition { code.definition }
  public var source: SourceText { program.source }

  /// Calls the macro with a rendering of its own: its value, when it returned one, or its output.
  public func run(
    _ arguments: Arguments, in environment: Environment, _ context: ContextProvider?, host: AnyObject? = nil
  ) throws -> Value {
    _ = environment.sharedGlobals
    return try Interpreter.withInterpreter(environment, program, context, host) { r in
      try object.call(arguments, r)
    }
  }
}
