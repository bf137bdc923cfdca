/// What a name or attribute that does not exist evaluates to; how it behaves is its kind's business.
open class Undefined {
  /// What the error would say when it is used, when it is not the usual sentence: "there is no previous item".
  public let hint: String?
  /// The name that was looked up.
  public let name: String?
  /// The value it was looked up in, when it was an attribute or item.
  public let owner: Value?
  /// The key that was looked up, when it was not a string.
  public let key: Value?
  public let kind: UndefinedKind
  /// Using it is a violation of the sandbox rather than a mistake.
  public let isSecurity: Bool

  public init(
    kind: UndefinedKind, name: String?, owner: Value? = nil, key: Value? = nil, hint: String? = nil,
    isSecurity: Bool = false
  ) {
    self.kind = kind
    self.name = name
    self.owner = owner
    self.key = key
    self.hint = hint
    self.isSecurity = isSecurity
  }

  /// What is wrong, in Jinja2's words.
  open var message: String {
    if let hint { return hint }
    if let owner {
      let type = Undefined.describe(owner)
      if let key { return "\(type) has no element \((try? key.repr(nil).string) ?? "?")" }
      return "'\(type)' has no attribute '\(name ?? "")'"
    }
    return "'\(name ?? "None")' is undefined"
  }

  /// The error that using it raises.
  public func error() -> TemplateError {
    if kind == .dbt, let name, hint == nil, owner == nil {
      return TemplateError(
        .undefined,
        "'\(name)' is undefined. This can happen when calling a macro that does not exist. Check for typos and/or"
          + " install package dependencies with \"tenon deps\".")
    }
    return TemplateError(isSecurity ? .security : .undefined, message)
  }

  /// How Jinja2 names a value's type in these messages: `str object`, `None`.
  static func describe(_ value: Value) -> String {
    switch value {
    case .none: "None"
    case .undefined: "jinja2.runtime.\(value.typeName) object"
    case .string(let s) where s.isMarkup: "markupsafe.Markup object"
    case .object(let o): o.qualifiedTypeName + " object"
    default: value.typeName + " object"
    }
  }
}

/// A host whose renderings treat dbt's undefined as an error, or not, by what they are for.
public protocol UndefinedPolicy: AnyObject {
  /// Attributes and calls of an undefined of dbt's kind give it again (while parsing); else they are errors.
  var answersUndefined: Bool { get }
  /// Whether what is undefined now is of dbt's kind; in dbt's macros it is not.
  var makesUndefined: Bool { get }
  /// A name that exists, for someone who called one that does not.
  func suggestion(for name: String) -> String?
}

/// The kinds of undefined of Jinja2 (https://jinja.palletsprojects.com/en/stable/api/#undefined-types), and dbt's,
/// which answers every attribute and every call with itself while parsing.
public enum UndefinedKind: Sendable { case `default`, strict, chainable, debug, dbt }
