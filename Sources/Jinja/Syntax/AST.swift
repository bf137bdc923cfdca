/// An expression of a template, with its place in the source.
public final class Expr: @unchecked Sendable {
  public enum Kind {
    case constant(Value)
    case name(Name)
    case attribute(Expr, Name)
    case item(Expr, Expr)
    case slice(start: Expr?, stop: Expr?, step: Expr?)
    case call(Expr, CallArguments)
    /// Without an operand: the filter of a filter block or of a block set.
    case filter(Expr?, name: Str, CallArguments)
    case test(Expr, name: Str, CallArguments)
    case unary(UnaryOperator, Expr)
    case not(Expr)
    case binary(BinaryOperator, Expr, Expr)
    case concat([Expr])
    case compare(Expr, [(CompareOperator, Expr)])
    case and(Expr, Expr)
    case or(Expr, Expr)
    case conditional(test: Expr, then: Expr, otherwise: Expr?)
    case list([Expr])
    case tuple([Expr])
    case dict([(key: Expr, value: Expr)])
    /// `ns.x` as the target of an assignment.
    case namespaceTarget(Name, Name)
  }

  public let kind: Kind
  public let span: Span
  /// How deep the tree below this is; limited by the parser.
  let depth: Int32

  init(_ kind: Kind, _ span: Span, depth: Int32) {
    self.kind = kind
    self.span = span
    self.depth = depth
  }
}

public enum CompareOperator: UInt8, Sendable { case eq, ne, lt, lteq, gt, gteq, `in`, notIn }

/// What is between the parentheses of a call.
public final class CallArguments: @unchecked Sendable {
  public internal(set) var positional: [Expr] = []
  public internal(set) var keywords: [(name: Name, value: Expr)] = []
  /// `*args` and `**kwargs`
  public internal(set) var star: Expr?
  public internal(set) var doubleStar: Expr?

  /// How deep the deepest of them is.
  var depth: Int32 = 0

  static let none = CallArguments()
  public var isEmpty: Bool { positional.isEmpty && keywords.isEmpty && star == nil && doubleStar == nil }
}

/// A statement of a template, with its place in the source (from `{%` to the `%}` of its end tag).
public final class Statement: @unchecked Sendable {
  public enum Kind {
    /// Text and printed expressions in a row.
    case output([OutputPart])
    case set(Expr, Expr)
    case setBlock(Expr, filter: Expr?, [Statement])
    case forLoop(ForLoop)
    case branches([(test: Expr, body: [Statement])], otherwise: [Statement])
    case with(targets: [Expr], values: [Expr], [Statement])
    case autoescape(Expr, [Statement])
    case block(BlockDefinition)
    case extends(Expr)
    case include(Expr, ignoreMissing: Bool, withContext: Bool)
    case importModule(Expr, as: Name, withContext: Bool)
    case fromImport(Expr, [(name: Name, alias: Name)], withContext: Bool)
    case macro(MacroDefinition)
    case callBlock(MacroDefinition, call: Expr)
    case filterBlock(Expr, [Statement])
    case expression(Expr)
    case breakLoop
    case continueLoop
  }

  public let kind: Kind
  public let span: Span

  init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}

public enum OutputPart {
  /// A stretch of the source, to be written as it is with its newlines normalised.
  case text(Span)
  case expression(Expr)
}

public final class ForLoop: @unchecked Sendable {
  public let target: Expr
  public let iterable: Expr
  public let test: Expr?
  public let isRecursive: Bool
  public let body: [Statement]
  public let otherwise: [Statement]

  init(target: Expr, iterable: Expr, test: Expr?, isRecursive: Bool, body: [Statement], otherwise: [Statement]) {
    self.target = target
    self.iterable = iterable
    self.test = test
    self.isRecursive = isRecursive
    self.body = body
    self.otherwise = otherwise
  }
}

public final class BlockDefinition: @unchecked Sendable {
  public let name: Name
  public let isScoped: Bool
  public let isRequired: Bool
  public let body: [Statement]

  init(name: Name, isScoped: Bool, isRequired: Bool, body: [Statement]) {
    self.name = name
    self.isScoped = isScoped
    self.isRequired = isRequired
    self.body = body
  }
}

/// A macro, a call block's body, or a block of a tag the host added.
public final class MacroDefinition: @unchecked Sendable {
  public struct Parameter {
    public let name: Name
    public let defaultValue: Expr?
    /// The text of a type annotation (`relation: Relation`), where the environment allows them.
    public let annotation: String?
  }

  /// `macro`, `call`, or the host's tag.
  public let tag: String
  /// The name written in the tag: `view` in `{% materialization view, adapter='postgres' %}`.
  public let writtenName: String
  /// The name it has as a macro; for a host's tag whatever the host's naming says.
  public let name: Name
  public let nameSpan: Span
  public let parameters: [Parameter]
  /// Constant options of a host's tag: `adapter` in the example above.
  public let options: [(name: String, value: Value)]
  public let body: [Statement]
  /// What is between the opening and the closing tag.
  public let bodySpan: Span

  init(
    tag: String, writtenName: String, name: Name, nameSpan: Span, parameters: [Parameter],
    options: [(name: String, value: Value)] = [], body: [Statement], bodySpan: Span
  ) {
    self.tag = tag
    self.writtenName = writtenName
    self.name = name
    self.nameSpan = nameSpan
    self.parameters = parameters
    self.options = options
    self.body = body
    self.bodySpan = bodySpan
  }
}
