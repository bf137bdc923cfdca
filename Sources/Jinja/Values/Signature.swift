/// A built-in function's parameters, written once as Python would show them: `"value, default_value='', *, deep=False"`.
///
/// `/` ends the positional-only parameters, `*` starts the keyword-only ones, `*args` and `**kwargs` take the rest. The
/// text is what documentation shows; binding gives the arguments by index, with Python's TypeErrors for too many,
/// missing, unknown or doubled ones. Defaults are not evaluated: an argument that was not given is nil, and the
/// function says what that means.
public struct Signature: @unchecked Sendable {
  public struct Parameter: Sendable {
    public let name: String
    /// The default as source text (shown in documentation); nil when required.
    public let defaultText: String?
    public let keywordOnly: Bool
    public let positionalOnly: Bool
  }

  /// The text it was made from.
  public let text: String
  /// Without `*args` and `**kwargs`.
  public let parameters: [Parameter]
  /// `*args` was declared: what is left over is in `Bound.rest`.
  public let variadic: Bool
  /// `**kwargs` was declared: what is left over is in `Bound.keywordRest`.
  public let variadicKeywords: Bool

  /// The names as the language's strings, frozen, so that matching a keyword is one comparison of bytes.
  private let names: [Str]
  /// How many parameters a positional argument can reach.
  private let positionalCount: Int
  /// How many leading positional parameters have no default.
  private let requiredCount: Int
  private let hasRequiredKeyword: Bool

  public init(_ text: String) {
    var parameters: [Parameter] = []
    var variadic = false
    var variadicKeywords = false
    var keywordOnly = false
    for part in Signature.split(text) {
      if part == "/" {
        parameters = parameters.map {
          Parameter(name: $0.name, defaultText: $0.defaultText, keywordOnly: false, positionalOnly: true)
        }
      } else if part == "*" {
        keywordOnly = true
      } else if part.hasPrefix("**") {
        variadicKeywords = true
      } else if part.hasPrefix("*") {
        variadic = true
        keywordOnly = true
      } else if let equals = part.firstIndex(of: "=") {
        parameters.append(
          Parameter(
            name: String(part[..<equals]), defaultText: String(part[part.index(after: equals)...]),
            keywordOnly: keywordOnly, positionalOnly: false))
      } else {
        parameters.append(
          Parameter(name: String(part), defaultText: nil, keywordOnly: keywordOnly, positionalOnly: false))
      }
    }
    self.text = text
    self.parameters = parameters
    self.variadic = variadic
    self.variadicKeywords = variadicKeywords
    names = parameters.map {
      let name = Str.make($0.name)
      name.freeze()
      return name
    }
    positionalCount = parameters.prefix { !$0.keywordOnly }.count
    requiredCount = parameters.prefix { !$0.keywordOnly && $0.defaultText == nil }.count
    hasRequiredKeyword = parameters.contains { $0.keywordOnly && $0.defaultText == nil }
  }

  /// The text between commas that are in neither quotes nor brackets, without surrounding blanks.
  private static func split(_ text: String) -> [Substring] {
    var parts: [Substring] = []
    var start = text.startIndex
    var quote: Character?
    var depth = 0
    func add(_ end: String.Index) {
      var part = text[start..<end]
      while part.first == " " { part.removeFirst() }
      while part.last == " " { part.removeLast() }
      if !part.isEmpty { parts.append(part) }
    }
    var index = text.startIndex
    while index < text.endIndex {
      let c = text[index]
      if let open = quote {
        if c == open { quote = nil }
      } else if c == "'" || c == "\"" {
        quote = c
      } else if c == "(" || c == "[" {
        depth += 1
      } else if c == ")" || c == "]" {
        depth -= 1
      } else if c == ",", depth == 0 {
        add(index)
        start = text.index(after: index)
      }
      index = text.index(after: index)
    }
    add(text.endIndex)
    return parts
  }
}

/// The arguments of one call, by the parameter's index.
///
/// A call without keywords copies nothing: the slots are the call's own positional arguments.
public struct Bound {
  @usableFromInline let positional: [Value]
  /// The parameters after `positional`, when keywords were given.
  @usableFromInline let named: [Value?]
  /// What `*args` takes.
  public let rest: [Value]
  /// What `**kwargs` takes.
  public let keywordRest: [(name: Str, value: Value)]

  /// The argument for a parameter, counted after those that `given` stood for; nil when it was not given.
  @inlinable public subscript(index: Int) -> Value? {
    if index < positional.count { return positional[index] }
    let i = index - positional.count
    return i < named.count ? named[i] : nil
  }
}

extension Signature {
  /// Matches a call's arguments with the parameters.
  ///
  /// - Parameters:
  ///   - function: its name in error messages.
  ///   - given: how many leading parameters the caller already has (1 for a filter, whose value stands before the
  ///     bar); the indexes of the result start after them.
  /// - Throws: `TemplateError(.type)` with the message CPython gives for a Python function.
  public func bind(_ a: Arguments, function: String, given: Int = 0) throws -> Bound {
    let count = a.positional.count
    if a.keywords.isEmpty, count + given <= positionalCount, count + given >= requiredCount, !hasRequiredKeyword {
      return Bound(positional: a.positional, named: [], rest: [], keywordRest: [])
    }
    return try bindSlowly(a, function, given)
  }

  private func bindSlowly(_ a: Arguments, _ function: String, _ given: Int) throws -> Bound {
    var positional = a.positional
    var rest: [Value] = []
    let room = max(0, positionalCount - given)
    if positional.count > room {
      guard variadic else { throw tooMany(a, function, given) }
      rest = Array(positional[room...])
      positional = Array(positional[..<room])
    }
    let filled = given + positional.count
    var named = [Value?](repeating: nil, count: parameters.count - filled)
    var keywordRest: [(name: Str, value: Value)] = []
    for (name, value) in a.keywords {
      if let index = names.firstIndex(where: { $0 == name }), !parameters[index].positionalOnly {
        if index < filled || named[index - filled] != nil {
          throw TemplateError(.type, "\(function)() got multiple values for argument '\(name.string)'")
        }
        named[index - filled] = value
      } else if variadicKeywords {
        keywordRest.append((name, value))
      } else if parameters.allSatisfy(\.positionalOnly) {
        throw TemplateError(.type, "\(function)() takes no keyword arguments")
      } else {
        throw TemplateError(.type, "\(function)() got an unexpected keyword argument '\(name.string)'")
      }
    }
    for keywordOnly in [false, true] {
      let missing = parameters.indices.filter {
        $0 >= filled && parameters[$0].keywordOnly == keywordOnly && parameters[$0].defaultText == nil
          && named[$0 - filled] == nil
      }
      if !missing.isEmpty { throw missingArguments(missing, function, keywordOnly ? "keyword-only" : "positional") }
    }
    return Bound(positional: positional, named: named, rest: rest, keywordRest: keywordRest)
  }

  private func tooMany(_ a: Arguments, _ function: String, _ given: Int) -> TemplateError {
    let count = a.positional.count + given
    let takes =
      requiredCount < positionalCount
      ? "from \(requiredCount) to \(positionalCount) positional arguments"
      : "\(positionalCount) positional argument\(positionalCount == 1 ? "" : "s")"
    return TemplateError(
      .type, "\(function)() takes \(takes) but \(count) \(count == 1 ? "was" : "were") given")
  }

  private func missingArguments(_ missing: [Int], _ function: String, _ kind: String) -> TemplateError {
    let quoted = missing.map { "'\(parameters[$0].name)'" }
    let list: String
    switch quoted.count {
    case 1: list = quoted[0]
    case 2: list = "\(quoted[0]) and \(quoted[1])"
    default: list = quoted.dropLast().joined(separator: ", ") + ", and " + quoted[quoted.count - 1]
    }
    return TemplateError(
      .type,
      "\(function)() missing \(missing.count) required \(kind) argument\(missing.count == 1 ? "" : "s"): \(list)")
  }
}
