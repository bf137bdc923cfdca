import Diagnostics
import Events
import Jinja
import Manifest

/// A macro of a project or package as templates see it. Compiled when it is first called; shared by all threads.
public final class MacroValue: Object, @unchecked Sendable {
  public let uniqueID: String
  public let name: String
  public let package: String
  let definition: MacroDefinition
  private let environment: Environment
  let tree: SyntaxTree
  private let compiled = Once<MacroTemplate>()

  init(
    uniqueID: String, name: String, package: String, definition: MacroDefinition, tree: SyntaxTree,
    environment: Environment
  ) {
    self.uniqueID = uniqueID
    self.name = name
    self.package = package
    self.definition = definition
    self.tree = tree
    self.environment = environment
  }

  func template() throws -> MacroTemplate { try compiled.get { try environment.compile(definition, of: tree) } }

  public override var typeName: String { "MacroGenerator" }
  public override var isCallable: Bool { true }
  public override func call(_ arguments: Arguments, _ interpreter: Interpreter) throws -> Value {
    guard let context = interpreter.host as? DbtContext, context.capture != nil || context.recordsMacros else {
      return try template().call(arguments, interpreter)
    }
    context.enter(self)
    defer { context.leave() }
    return try template().call(arguments, interpreter)
  }
  public override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    guard case .object(let macro) = try template().value() else { return nil }
    return try macro.attribute(name, interpreter)
  }
  public override func repr(_ interpreter: Interpreter?) -> Str { Str.make("<dbt macro \(uniqueID)>") }
}

/// A value made at the first need, once, by whichever thread comes first.
final class Once<T: AnyObject>: @unchecked Sendable {
  private let state = Locked<T?>(nil)
  func get(_ make: () throws -> T) rethrows -> T {
    if let value = state.withLock({ $0 }) { return value }
    let value = try make()
    return state.withLock { current in
      if let current { return current }
      current = value
      return value
    }
  }
}
