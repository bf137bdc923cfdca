import Diagnostics
import Events
import Jinja
import Manifest
import Synchronization

/// A macro of a project or package as templates see it. Compiled when it is first called; shared by all threads.
public final class MacroValue: HostMacro, @unchecked Sendable {
  public let uniqueID: String
  public let name: String
  public let package: String
  let definition: MacroDefinition
  private let environment: Environment
  let tree: SyntaxTree
  private let compiled = AtomicLazyReference<MacroTemplate>()

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

  public override func template() throws -> MacroTemplate {
    if let known = compiled.load() { return known }
    return compiled.storeIfNil(try environment.compile(definition, of: tree))
  }

  public override var typeName: String { "MacroGenerator" }
  public override func enter(_ interpreter: Interpreter) {
    if let context = Self.counting(interpreter) { context.enter(self) }
  }
  public override func leave(_ interpreter: Interpreter) {
    if let context = Self.counting(interpreter) { context.leave() }
  }

  /// The context, when it notes down which macros are called.
  @inline(__always) private static func counting(_ interpreter: Interpreter) -> DbtContext? {
    guard let context = interpreter.host as? DbtContext, context.capture != nil || context.recordsMacros else {
      return nil
    }
    return context
  }
  public override func repr(_ interpreter: Interpreter?) -> Str { Str.make("<dbt macro \(uniqueID)>") }
}
