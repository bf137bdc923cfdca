/// `self`: the blocks of the template being rendered, by name.
final class SelfObject: Object {
  private let context: RenderContext
  init(_ context: RenderContext) { self.context = context }
  override var typeName: String { "TemplateReference" }
  override var qualifiedTypeName: String { "jinja2.runtime.TemplateReference" }
  override func item(_ key: Value, _ interpreter: Interpreter) throws -> Value? {
    guard case .string(let name) = key, let stack = context.blocks[name] else { return nil }
    return .object(BlockObject(name, context, stack, 0))
  }
  override func repr(_ interpreter: Interpreter?) throws -> Str {
    let name = context.program.source.name
    return Str.make("<TemplateReference \(name.isEmpty ? "None" : "'\(name)'")>")
  }
}

/// `super()` and `self.name()`: a block, at a level of inheritance.
final class BlockObject: Object {
  private let name: Str
  private let context: RenderContext
  private let stack: [BlockCode]
  private let level: Int

  init(_ name: Str, _ context: RenderContext, _ stack: [BlockCode], _ level: Int) {
    self.name = name
    self.context = context
    self.stack = stack
    self.level = level
  }

  override var typeName: String { "BlockReference" }
  override var qualifiedTypeName: String { "jinja2.runtime.BlockReference" }
  override var isCallable: Bool { true }
  override var isBlock: Bool { true }

  override func call(_ arguments: Arguments, _ r: Interpreter) throws -> Value {
    if !arguments.isEmpty {
      throw TemplateError(
        .type, "BlockReference.__call__() takes 1 positional argument but \(arguments.positional.count + 1) were given")
    }
    let start = r.output.count
    try r.capturing(start) { try emit(r) }
    return .string(r.output.cut(from: start, markup: context.autoescape))
  }

  /// Writes the block where output goes now.
  func emit(_ r: Interpreter) throws { try r.runBlock(stack[level], in: context) }

  override func attribute(_ name: Str, _ r: Interpreter) throws -> Value? {
    guard name.equals("super") else { return name.equals("name") ? .string(self.name) : nil }
    guard level + 1 < stack.count else {
      return r.undefined(name: "super", hint: "there is no parent block called '\(self.name.string)'.")
    }
    return .object(BlockObject(self.name, context, stack, level + 1))
  }
}

/// `{% block %}` where it stands in a template.
final class BlockAction: Action, @unchecked Sendable {
  private let name: Str
  private let scope: ScopeSnapshot?
  private let isRequired: Bool
  /// In a template that may extend another: the slot that says so; the block is then not rendered here.
  private let parentSlot: Int
  private let span: Span

  init(_ name: Str, scope: ScopeSnapshot?, isRequired: Bool, parentSlot: Int, _ span: Span) {
    self.name = name
    self.scope = scope
    self.isRequired = isRequired
    self.parentSlot = parentSlot
    self.span = span
  }

  override func run(_ r: Interpreter) throws -> Flow {
    if parentSlot >= 0, !r.slots[parentSlot].isMissing { return .next }
    do {
      guard let stack = r.context.blocks[name], let block = stack.first else {
        throw TemplateError(.runtime, "block '\(name.string)' not found")
      }
      if isRequired, stack.count <= 1 {
        throw TemplateError(.runtime, "Required block '\(name.string)' not found")
      }
      if let scope {
        let context = r.context.extended(scope.take(r), program: r.context.program, keepsBlocks: true)
        try r.runBlock(block, in: context)
      } else {
        try r.runBlock(block, in: r.context)
      }
    } catch { throw r.located(error, span) }
    return .next
  }
}

/// The variables that an include, an import with context or a scoped block sees, by name.
final class ScopeSnapshot: @unchecked Sendable {
  private let variables: [(name: Str, code: Code)]
  init(_ variables: [(name: Str, code: Code)]) { self.variables = variables }

  func take(_ r: Interpreter) -> DictObject? {
    if variables.isEmpty { return nil }
    let dict = DictObject(capacity: variables.count)
    for (name, code) in variables {
      let value = (code as? LocalCode).map { r.slots[$0.slot] } ?? (code as? OuterCode)?.raw(r) ?? .missing
      if !value.isMissing { dict[name] = value }
    }
    return dict.count == 0 ? nil : dict
  }
}

/// `{% extends %}`
final class ExtendsAction: Action, @unchecked Sendable {
  private let template: Code
  private let parentSlot: Int
  init(_ template: Code, parentSlot: Int) {
    self.template = template
    self.parentSlot = parentSlot
  }
  override func run(_ r: Interpreter) throws -> Flow {
    do {
      if !r.slots[parentSlot].isMissing { throw TemplateError(.runtime, "extended multiple times") }
      let parent = try r.template(template.eval(r))
      for block in parent.program.blocks {
        r.context.blocks.update(block.blockName, orAdd: []) { $0.append(block) }
      }
      r.slots[parentSlot] = .object(TemplateObject(parent))
    } catch { throw template.located(error, r) }
    return .next
  }
}

/// A statement that is skipped once the template extends another.
final class UnlessExtendedAction: Action, @unchecked Sendable {
  private let parentSlot: Int
  /// Functions between this place and the template's top level, whose slot it is.
  private let hops: Int
  private let body: Body
  init(parentSlot: Int, hops: Int, _ body: Body) {
    self.parentSlot = parentSlot
    self.hops = hops
    self.body = body
  }
  override func run(_ r: Interpreter) throws -> Flow {
    let slots = hops == 0 ? r.slots : r.outer(hops)
    return slots[parentSlot].isMissing ? try body.run(r) : .next
  }
}

// MARK: - Includes and imports

/// A template as a value: what hosts may give to `include` and `extends`, and what `extends` keeps.
public final class TemplateObject: Object {
  public let template: Template
  public init(_ template: Template) { self.template = template }
  public override var typeName: String { "Template" }
  public override func repr(_ interpreter: Interpreter?) throws -> Str { Str.make("<Template '\(template.name)'>") }
}

/// What `import` gives: the names the template exports, and its text.
final class TemplateModule: Object {
  let context: RenderContext
  private let template: Template
  let text: Str
  init(_ template: Template, _ context: RenderContext, text: Str) {
    self.template = template
    self.context = context
    self.text = text
  }
  override var typeName: String { "TemplateModule" }
  override var qualifiedTypeName: String { "jinja2.environment.TemplateModule" }
  var name: String { template.name }

  func exported(_ name: Str) -> Value? {
    context.exported[name] == nil ? nil : context.vars[name]
  }
  override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    if let value = exported(name) { return value }
    return name.equals("__name__") ? .string(template.name) : nil
  }
  override func str(_ interpreter: Interpreter?) throws -> Str { text.marked(interpreter?.autoescape ?? false) }
  override func repr(_ interpreter: Interpreter?) throws -> Str {
    Str.make("<TemplateModule \(template.name.isEmpty ? "memory" : "'\(template.name)'")>")
  }
}

extension Interpreter {
  /// The template an expression names: a string, or a template the host gave.
  func template(_ value: Value) throws -> Template {
    switch value {
    case .string(let name): return try environment.template(name.string)
    case .undefined(let undefined): throw undefined.error()
    case .object(let object): if let object = object as? TemplateObject { return object.template }
    default: break
    }
    throw TemplateError(.type, "no loader for a template of type '\(value.typeName)'")
  }

  /// The first that exists of several templates, or the one.
  func selectTemplate(_ value: Value) throws -> Template {
    switch value {
    case .list, .tuple: break
    case .string, .undefined: return try template(value)
    case .object(let object) where object is TemplateObject: return try template(value)
    default: break
    }
    var names: [String] = []
    let iterator = try value.iterate(self)
    while let item = try iterator.next() {
      if case .undefined(let undefined) = item {
        names.append(undefined.message)
        continue
      }
      do { return try template(item) } catch let error as TemplateError where error.isTemplateMissing {
        names.append(try item.str(self).string)
      }
    }
    if names.isEmpty { throw TemplateError(.notFound, "Tried to select from an empty list of templates") }
    throw TemplateError(
      .notFound, "none of the templates given were found: \(names.joined(separator: ", "))"
    )
  }
}

/// `{% include %}`
final class IncludeAction: Action, @unchecked Sendable {
  private let template: Code
  private let ignoresMissing: Bool
  private let scope: ScopeSnapshot?
  /// Output is being captured here, by the template's top level or a block.
  private let isCaptured: Bool
  init(_ template: Code, ignoresMissing: Bool, scope: ScopeSnapshot?, isCaptured: Bool) {
    self.isCaptured = isCaptured
    self.template = template
    self.ignoresMissing = ignoresMissing
    self.scope = scope
  }
  override func run(_ r: Interpreter) throws -> Flow {
    do {
      let value = try template.eval(r)
      let included: Template
      do { included = try r.selectTemplate(value) } catch let error as TemplateError
        where ignoresMissing && error.isTemplateMissing
      {
        return .next
      }
      guard let scope else {
        let text = try r.module(of: included).text
        if isCaptured { r.escapedText.append(text) } else { r.output.append(text) }
        return .next
      }
      let context = r.context.extended(scope.take(r), program: included.program, keepsBlocks: false)
      context.autoescape = r.environment.autoescape
      do { try r.runRoot(included.program, in: context) } catch {
        throw r.inCall("template \(included.name)", error, template.span)
      }
    } catch { throw template.located(error, r) }
    return .next
  }
}

/// `{% import %}` and `{% from … import %}`
final class ImportAction: Action, @unchecked Sendable {
  enum Names {
    case module(slot: Int)
    case list([(name: Str, slot: Int)])
  }
  private let template: Code
  private let names: Names
  private let scope: ScopeSnapshot?
  private let exports: [Export]
  private let span: Span
  init(_ template: Code, _ names: Names, scope: ScopeSnapshot?, exports: [Export], _ span: Span) {
    self.template = template
    self.names = names
    self.scope = scope
    self.exports = exports
    self.span = span
  }
  override func run(_ r: Interpreter) throws -> Flow {
    do {
      let imported = try r.template(template.eval(r))
      let module: TemplateModule
      if let scope {
        let context = r.context.extended(scope.take(r), program: imported.program, keepsBlocks: false)
        context.autoescape = r.environment.autoescape
        module = try r.makeModule(imported, context)
      } else {
        module = try r.module(of: imported)
      }
      switch names {
      case .module(let slot): r.slots[slot] = .object(module)
      case .list(let names):
        for (name, slot) in names {
          r.slots[slot] =
            module.exported(name)
            ?? r.undefined(
              name: name.string,
              hint: "the template '\(module.name)' (imported on \(r.place(span))) does not export the requested name"
                + " '\(name.string)'")
        }
      }
    } catch { throw r.located(error, span) }
    for export in exports { export.run(r) }
    return .next
  }
}

extension TemplateError {
  /// A template was not found (rather than something that a template which was found needs).
  var isTemplateMissing: Bool { kind == .notFound && range == nil && chain.isEmpty }
}
