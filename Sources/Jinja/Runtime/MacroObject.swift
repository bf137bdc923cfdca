import Diagnostics

/// A macro as templates see it: callable, with `name`, `arguments`, `catch_kwargs`, `catch_varargs`, `caller`.
final class MacroObject: Object {
  let code: MacroCode
  let closure: Closure?
  /// Where it was defined; nil for a macro of the host, which runs in the context of the rendering that calls it.
  private let context: RenderContext?
  let program: Program
  private let names: Slots

  init(_ code: MacroCode, _ r: Interpreter) {
    self.code = code
    closure = r.ownClosure
    context = r.context
    program = r.program
    names = r.names
  }

  /// A macro of the host.
  init(_ code: MacroCode, program: Program) {
    self.code = code
    closure = nil
    context = nil
    self.program = program
    names = Slots(bitPattern: 8)!
  }

  @inline(__always) func home(_ r: Interpreter) -> (RenderContext, Slots) {
    if let context { return (context, names) }
    let context = r.macroContext(for: program)
    return (context, context.values(for: program))
  }

  override var isMacro: Bool { true }
  override var isCallable: Bool { true }
  override var typeName: String { "Macro" }
  override var qualifiedTypeName: String { "jinja2.runtime.Macro" }

  override func call(_ arguments: Arguments, _ r: Interpreter) throws -> Value { try call(arguments, r, host: nil) }

  func call(_ arguments: Arguments, _ r: Interpreter, host: HostMacro?) throws -> Value {
    let start = r.output.count
    if let value = try r.emitMacro(self, host, span: nil, { try self.bind(arguments, $0, r) }) { return value }
    return .string(r.output.cut(from: start, markup: r.autoescape))
  }

  override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    switch name.string {
    case "name": return code.macroName.map { .string($0) } ?? Value.none
    case "arguments": return .tuple(code.parameters.map { .string($0.name) })
    case "catch_kwargs": return .bool(code.kwargsSlot >= 0)
    case "catch_varargs": return .bool(code.varargsSlot >= 0)
    case "caller": return .bool(code.callerSlot >= 0 || code.usesExplicitCaller)
    case "explicit_caller": return .bool(code.hasExplicitCaller)
    default: return nil
    }
  }

  override func repr(_ interpreter: Interpreter?) throws -> Str {
    guard let name = code.macroName else { return Str.make("<Macro anonymous>") }
    return Str.make("<Macro \(try Value.string(name).repr(interpreter).string)>")
  }

  // MARK: - Arguments

  /// Fills the parameters as Jinja2 does: positions first, then names; what is left goes to `varargs` and `kwargs`
  /// where the body uses them, and is an error elsewhere.
  func bind(_ arguments: Arguments, _ slots: Slots, _ r: Interpreter) throws {
    let parameters = code.parameters
    let taken = min(arguments.positional.count, parameters.count)
    for i in 0..<taken { slots[parameters[i].slot] = arguments.positional[i] }
    var keywords = arguments.keywords
    for parameter in parameters[taken...] {
      if let at = keywords.firstIndex(where: { $0.name == parameter.name }) {
        slots[parameter.slot] = keywords[at].value
        keywords.remove(at: at)
      }
    }
    let callerName = NameTable.of(.caller).text
    if code.callerSlot >= 0 {
      var caller = Value.none
      if let at = keywords.firstIndex(where: { $0.name == callerName }) { caller = keywords.remove(at: at).value }
      slots[code.callerSlot] = caller.isNone ? r.undefined(name: "caller", hint: "No caller defined") : caller
    }
    if code.kwargsSlot >= 0 {
      let rest = DictObject(capacity: keywords.count)
      for (name, value) in keywords { rest[name] = value }
      slots[code.kwargsSlot] = .dict(rest)
    } else if let first = keywords.first {
      if keywords.contains(where: { $0.name == callerName }) {
        throw TemplateError(
          .type,
          "macro \(shownName) was invoked with two values for the special caller argument. This is most likely a bug.")
      }
      let names = code.parameters.map(\.name.string)
      let near = NearestName.of(first.name.string, among: names).map { "Did you mean '\($0)'? " } ?? ""
      throw TemplateError(
        .type, "macro \(shownName) takes no keyword argument '\(first.name.string)'", hint: near + signatureHint)
    }
    if code.varargsSlot >= 0 {
      slots[code.varargsSlot] = .tuple(Array(arguments.positional[taken...]))
    } else if arguments.positional.count > parameters.count {
      throw tooMany
    }
  }

  private var shownName: String { code.macroName.map { "'\($0.string)'" } ?? "None" }
  private var tooMany: TemplateError {
    TemplateError(
      .type, "macro \(shownName) takes not more than \(code.parameters.count) argument(s)", hint: signatureHint)
  }

  /// How the macro is called, as its definition says.
  private var signatureHint: String {
    let parameters = code.definition.parameters.map { parameter in
      guard let value = parameter.defaultValue else { return parameter.name.text.string }
      let text = String(decoding: program.source.utf8[value.span.range], as: UTF8.self)
      return "\(parameter.name.text.string)=\(text)"
    }
    return "It is defined as \(code.macroName?.string ?? "caller")(\(parameters.joined(separator: ", ")))."
  }

  /// The same straight from a call's code, when every argument has a parameter; false when `bind` has to decide.
  @inline(__always) func canBindDirectly(_ arguments: ArgumentsCode, hasCaller: Bool) -> Bool {
    if arguments.positionalCount > code.parameterCount || (hasCaller && code.callerSlot < 0) { return false }
    return arguments.keywordCount == 0 || hasParameters(for: arguments)
  }

  private func hasParameters(for arguments: ArgumentsCode) -> Bool {
    arguments.keywords.allSatisfy { keyword in
      guard let at = code.parameter(keyword.name) else { return false }
      return at >= arguments.positionalCount
    }
  }

  @inline(__always) func bindDirectly(
    _ arguments: ArgumentsCode, _ caller: CallerCode?, _ slots: Slots, _ r: Interpreter
  ) throws {
    // Parameters have the first slots, in order.
    for i in 0..<arguments.positionalCount { slots[i] = try arguments.value(i, r) }
    for i in 0..<arguments.keywordCount {
      let value = try arguments.value(arguments.positionalCount + i, r)
      if let at = code.parameter(arguments.keywords[i].name) { slots[at] = value }
    }
    if code.callerSlot >= 0 {
      slots[code.callerSlot] = try caller?.eval(r) ?? r.undefined(name: "caller", hint: "No caller defined")
    }
    if code.kwargsSlot >= 0 { slots[code.kwargsSlot] = .dict(DictObject()) }
    if code.varargsSlot >= 0 { slots[code.varargsSlot] = .tuple([]) }
  }
}

extension Interpreter {
  /// Calls a macro for its value: its output, or what it returned.
  func callMacro(
    _ macro: MacroObject, _ host: HostMacro?, _ arguments: ArgumentsCode, _ caller: CallerCode?, _ span: Span
  ) throws -> Value {
    let start = output.count
    if let value = try emitMacro(macro, host, arguments, caller, span) { return value }
    return .string(output.cut(from: start, markup: autoescape))
  }

  /// Calls a macro, its output going where output goes now; gives the value instead when it returned one.
  func emitMacro(
    _ macro: MacroObject, _ host: HostMacro?, _ arguments: ArgumentsCode, _ caller: CallerCode?, _ span: Span
  ) throws -> Value? {
    if macro.canBindDirectly(arguments, hasCaller: caller != nil) {
      return try emitMacro(macro, host, span: span) { try macro.bindDirectly(arguments, caller, $0, self) }
    }
    var values = try arguments.eval(self)
    if let caller { values.keywords.append((NameTable.of(.caller).text, try caller.eval(self))) }
    return try emitMacro(macro, host, span: span) { try macro.bind(values, $0, self) }
  }

  @inline(__always) func emitMacro(
    _ macro: MacroObject, _ host: HostMacro?, span: Span?, _ bind: (Slots) throws -> Void
  ) throws -> Value? {
    let code = macro.code
    let (context, names) = macro.home(self)
    let start = output.count
    let hadPostponed = hasPostponed
    // Wrong arguments are the caller's mistake.
    var hasBegun = false
    do {
      let flow = try runFunction(
        code, closure: macro.closure, context: context, names: names, program: macro.program, bind
      ) {
        hasBegun = true
        host?.enter(self)
        defer { host?.leave(self) }
        if code.isGenerator { return Flow.leave }
        if let enter = code.enter { _ = try enter.run(self) }
        for i in 0..<code.parameterCount where slots[i].isMissing { slots[i] = try missingArgument(code, i) }
        let flow = try code.body.run(self)
        try checkPostponed(hadPostponed)
        return flow
      }
      if flow != .leave { return nil }
      if code.isGenerator { return .generator("\(context.program.source.name).macro") { { nil } } }
      output.truncate(to: start)
      if code.macroName == nil { throw ReturnSignal(takeReturned()) }
      return takeReturned()
    } catch let signal as ReturnSignal where code.macroName != nil {
      output.truncate(to: start)
      return signal.value
    } catch {
      output.truncate(to: start)
      throw hasBegun ? inCall("macro \(code.name)", error, span) : located(error, nil)
    }
  }
}

extension Interpreter {
  /// What a parameter is when it was not given.
  private func missingArgument(_ code: MacroCode, _ i: Int) throws -> Value {
    let parameter = code.parameters[i]
    return try parameter.defaultValue?.eval(self)
      ?? undefined(name: parameter.name.string, hint: "parameter '\(parameter.name.string)' was not provided")
  }
}

/// Makes the `caller` of a call block.
final class CallerCode: @unchecked Sendable {
  let code: MacroCode
  init(_ code: MacroCode) { self.code = code }
  func eval(_ r: Interpreter) throws -> Value { .object(MacroObject(code, r)) }
}

/// `{% macro %}`
final class MacroAction: Action, @unchecked Sendable {
  private let code: MacroCode
  private let slot: Int
  private let export: Export?
  init(_ code: MacroCode, slot: Int, export: Export?) {
    self.code = code
    self.slot = slot
    self.export = export
  }
  override func run(_ r: Interpreter) throws -> Flow {
    r.slots[slot] = .object(MacroObject(code, r))
    export?.run(r)
    return .next
  }
}

/// The function `return` of a host: leaves the running macro with a value of any type.
///
/// `{{ return(x) }}` and `{% do return(x) %}` are recognised and cost no throw; elsewhere a `ReturnSignal` is thrown.
public final class ReturnFunction: Object {
  public override var typeName: String { "function" }
  public override var isCallable: Bool { true }
  public override func call(_ arguments: Arguments, _ interpreter: Interpreter) throws -> Value {
    throw ReturnSignal(try Self.value(arguments))
  }
  public override func repr(_ interpreter: Interpreter?) throws -> Str { Str.make("<function return>") }

  static func value(_ arguments: Arguments) throws -> Value {
    if let value = arguments.positional.first { return value }
    if let value = arguments.keyword(Str.make("data")) { return value }
    throw TemplateError(.type, "return() missing 1 required positional argument: 'data'")
  }
}

/// `{{ return(x) }}`
final class ReturnAction: Action, @unchecked Sendable {
  private let callee: Code
  private let value: Code
  private let otherwise: Action
  init(_ callee: Code, _ value: Code, otherwise: Action) {
    self.callee = callee
    self.value = value
    self.otherwise = otherwise
  }
  override func run(_ r: Interpreter) throws -> Flow {
    guard case .object(let object) = try callee.eval(r), object is ReturnFunction else { return try otherwise.run(r) }
    do { r.returned = try value.eval(r) } catch { throw value.located(error, r) }
    return .leave
  }
}
