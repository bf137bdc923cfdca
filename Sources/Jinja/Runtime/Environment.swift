import Diagnostics
import Glibc

/// Bounds on what a rendering may use. Passing one is a `TemplateError` of kind `limit` or `recursion`.
public struct Limits: Sendable {
  /// Macros, blocks, includes and recursive loops inside each other.
  public var depth = 1000
  /// Iterations of all loops of a rendering together.
  public var iterations = 100_000_000
  public var outputBytes = 1 << 30
  public init() {}
}

/// The settings templates are compiled and rendered with. Set up once, then shared by threads.
public final class Environment: @unchecked Sendable {
  /// Removes the newline after a block tag or a comment.
  public var trimBlocks = false
  /// Removes white space before a block tag or a comment that starts a line.
  public var lstripBlocks = false
  /// Keeps the newline that ends a template.
  public var keepTrailingNewline = false
  public var undefinedKind: UndefinedKind = .default
  /// Escapes what is printed for HTML.
  public var autoescape = false
  /// The statement `do`.
  public var allowsDo = true
  /// The statements `break` and `continue`.
  public var allowsLoopControls = true
  /// Type annotations of macro parameters, as dbt has them.
  public var allowsTypedParameters = false
  /// Block tags of the host.
  public var blockTags: [BlockTag] = [] {
    didSet { tags = Dictionary(blockTags.map { ($0.name, $0) }) { $1 } }
  }
  private var tags: [String: BlockTag] = [:]
  /// Stands before the names of macros that a template to be rendered defines, so that only calls with the prefix
  /// reach them (dbt: `dbt_macro__`). `parse` gives the names as they are written.
  public var macroPrefix = ""
  public var limits = Limits()
  /// A template's source by name, for `extends`, `include` and `import`; nil when there is none.
  public var loader: (@Sendable (String) throws -> SourceText?)?
  /// Filters by name; the built-in ones are there from the start.
  public var filters = FilterTable(builtin: BuiltinFilters.all.map { ($0.name, $0.body) })
  /// Tests by name; the built-in ones are there from the start.
  public var tests = TestTable(builtin: BuiltinTests.all.map { ($0.name, $0.body) })
  /// Names every template knows, besides what it is rendered with. Values must not change once threads share them.
  public var globals: [String: Value] = [:]

  private let loaded = Locked<[String: Template]>([:])

  public init() {
    for global in BuiltinGlobals.all { globals[global.name] = global.make() }
    globals["namespace"] = .object(
      ClassFunction("jinja2.utils.Namespace") { try NamespaceObject.make($0, $1) })
  }

  /// `globals` as the interpreter looks them up; made when first needed.
  private(set) lazy var sharedGlobals: DictObject = {
    let dict = DictObject(capacity: globals.count)
    for (name, value) in globals.sorted(by: { $0.key < $1.key }) {
      let key = Str.make(name)
      key.freeze()
      value.freeze()
      dict[key] = value
    }
    return dict
  }()

  var parserOptions: Parser.Options {
    Parser.Options(
      lexer: .init(trimBlocks: trimBlocks, lstripBlocks: lstripBlocks, keepTrailingNewline: keepTrailingNewline),
      allowsDo: allowsDo, allowsLoopControls: allowsLoopControls, allowsTypedParameters: allowsTypedParameters,
      tags: tags)
  }

  /// Parses a template, without looking whether its filters and tests exist.
  /// - Throws: `TemplateError` of kind `syntax`.
  public func parse(_ source: SourceText) throws -> SyntaxTree { try Parser.parse(source, parserOptions) }

  /// Compiles a template.
  /// - Throws: `TemplateError` of kind `syntax`.
  public func compile(_ source: SourceText) throws -> Template { try compile(try parseForRendering(source)) }

  private func parseForRendering(_ source: SourceText) throws -> SyntaxTree {
    var options = parserOptions
    options.macroPrefix = macroPrefix
    return try Parser.parse(source, options)
  }

  public func compile(_ tree: SyntaxTree) throws -> Template {
    try Template(self, program: Compiler.compile(tree, self, isNative: false))
  }

  /// Compiles a template for `Template.renderNative`.
  public func compileNative(_ source: SourceText) throws -> Template {
    try Template(self, program: Compiler.compile(try parseForRendering(source), self, isNative: true))
  }

  /// Compiles one macro of a parsed template so that it can be called on its own: it sees the context of the rendering
  /// that calls it and nothing else of its file.
  public func compile(_ macro: MacroDefinition, of tree: SyntaxTree) throws -> MacroTemplate {
    try MacroTemplate(Compiler.compile(macro, of: tree, self))
  }

  /// A template by name through the loader, compiled once.
  /// - Throws: `TemplateError` of kind `notFound`, or `syntax`.
  public func template(_ name: String) throws -> Template {
    if let known = loaded.withLock({ $0[name] }) { return known }
    guard let source = try loader?(name) else { throw TemplateError(.notFound, name) }
    let template = try compile(source)
    return loaded.withLock { loaded in
      if let first = loaded[name] { return first }
      loaded[name] = template
      return template
    }
  }
}
