import Synchronization

/// `re.Pattern`
final class PatternObject: Object {
  let program: RegexProgram

  init(_ program: RegexProgram) { self.program = program }

  /// Compiled patterns by text and flags; emptied when it grows large, as Python's is.
  private static let cache = Mutex<[String: RegexProgram]>([:])

  static func compiled(_ pattern: Str, _ flags: RegexFlags) throws -> RegexProgram {
    let key = "\(flags.rawValue) \(pattern.string)"
    if let program = cache.withLock({ $0[key] }) { return program }
    let program = try RegexProgram(pattern, flags)
    cache.withLock {
      if $0.count >= 512 { $0.removeAll() }
      $0[key] = program
    }
    return program
  }

  /// A pattern from what `re`'s functions take as their first argument.
  static func make(_ value: Value, _ flags: Value?, _ r: Interpreter) throws -> PatternObject {
    let bits = try (flags ?? .int(0)).index()
    if let pattern = value.asObject(PatternObject.self) {
      if bits != 0 { throw TemplateError(.value, "cannot process flags argument with a compiled pattern") }
      return pattern
    }
    guard case .string(let text) = value else {
      throw TemplateError(.type, "first argument must be string or compiled pattern")
    }
    return PatternObject(try compiled(text, RegexFlags(rawValue: bits)))
  }

  override var typeName: String { "re.Pattern" }
  override func isEqual(to other: Value) -> Bool {
    guard let pattern = other.asObject(PatternObject.self) else { return false }
    return pattern === self || pattern.program.pattern == program.pattern && pattern.program.flags == program.flags
  }
  override func hashCode() throws -> Int { Str.make(program.pattern).hashCode }

  override func repr(_ interpreter: Interpreter?) throws -> Str {
    let names: [(RegexFlags, String)] = [
      (.ignoreCase, "IGNORECASE"), (.multiline, "MULTILINE"), (.dotAll, "DOTALL"), (.verbose, "VERBOSE"),
      (.ascii, "ASCII"),
    ]
    let flags = names.filter { program.flags.contains($0.0) }.map { "re.\($0.1)" }.joined(separator: "|")
    let text = try Value.string(program.pattern).repr(interpreter).string
    return Str.make("re.compile(\(text)\(flags.isEmpty ? "" : ", " + flags))")
  }

  override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    switch name.string {
    case "pattern": return .string(program.pattern)
    case "flags": return .int(program.flags.rawValue)
    case "groups": return .int(program.groupCount)
    case "groupindex":
      let dict = DictObject()
      for (name, index) in program.groupNames { dict[name] = .int(index) }
      return .dict(dict)
    default:
      guard let method = PatternObject.methods[name.string] else { return nil }
      return .object(NativeFunction(name.string) { [self] a, r in try method(self, a, r) })
    }
  }
  override func callMethod(_ name: Str, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? {
    guard let method = PatternObject.methods[name.string] else { return nil }
    return try method(self, arguments, interpreter)
  }

  private typealias Method = @Sendable (PatternObject, Arguments, Interpreter) throws -> Value
  private static let spanSignature = Signature("string, pos=0, endpos=sys.maxsize")
  private static let methods: [String: Method] = [
    "match": { try $0.one(.match, $1, $2) },
    "search": { try $0.one(.search, $1, $2) },
    "fullmatch": { try $0.one(.fullmatch, $1, $2) },
    "findall": { try $0.findAll($1, $2) },
    "finditer": { try $0.findIterator($1, $2) },
    "split": { pattern, a, r in
      let a = try splitSignature.bind(a, function: "split")
      return try pattern.split(a[0] ?? .none, a[1])
    },
    "sub": { pattern, a, r in
      let a = try subSignature.bind(a, function: "sub")
      return .string(try pattern.substitute(a[0] ?? .none, a[1] ?? .none, a[2], r).0)
    },
    "subn": { pattern, a, r in
      let a = try subSignature.bind(a, function: "subn")
      let (text, count) = try pattern.substitute(a[0] ?? .none, a[1] ?? .none, a[2], r)
      return .tuple([.string(text), .int(count)])
    },
  ]
  /// For the documentation.
  static let catalog: [(name: String, signature: String)] = [
    ("match", spanSignature.text), ("search", spanSignature.text), ("fullmatch", spanSignature.text),
    ("findall", spanSignature.text), ("finditer", spanSignature.text), ("split", splitSignature.text),
    ("sub", subSignature.text), ("subn", subSignature.text),
  ]
  private static let splitSignature = Signature("string, maxsplit=0")
  private static let subSignature = Signature("repl, string, count=0")

  private static func subject(_ value: Value) throws -> RegexSubject {
    if case .undefined(let undefined) = value, undefined.kind == .strict { throw undefined.error() }
    guard case .string(let text) = value else {
      throw TemplateError(.type, "expected string or bytes-like object, got '\(value.typeName)'")
    }
    return RegexSubject(text)
  }

  private func span(_ a: Arguments, _ name: String) throws -> (RegexSubject, Int, Int) {
    let a = try PatternObject.spanSignature.bind(a, function: name)
    let subject = try PatternObject.subject(a[0] ?? .none)
    let count = subject.scalars.count
    let start = min(max(0, try (a[1] ?? .int(0)).index()), count)
    let end = min(max(0, try (a[2] ?? .int(.max)).index()), count)
    return (subject, start, end)
  }

  func one(_ mode: RegexProgram.Mode, _ a: Arguments, _ r: Interpreter) throws -> Value {
    let (subject, start, end) = try span(a, "match")
    guard let match = try program.find(subject, mode, from: start, to: end) else { return .none }
    return .object(MatchObject(self, subject, match, start, end))
  }

  /// What `findall` shows of a match: all of it, its only group, or all its groups.
  private func shown(_ match: RegexMatch, _ subject: RegexSubject) -> Value {
    func text(_ group: Int) -> Value { .string(match.range(group).map { subject.slice($0) } ?? Str.empty) }
    switch program.groupCount {
    case 0: return text(0)
    case 1: return text(1)
    default: return .tuple((1...program.groupCount).map(text))
    }
  }

  func findAll(_ a: Arguments, _ r: Interpreter) throws -> Value {
    let (subject, start, end) = try span(a, "findall")
    var found: [Value] = []
    if start <= end {
      try program.forEach(subject, from: start, to: end) {
        found.append(shown($0, subject))
        return true
      }
    }
    return .list(found)
  }

  func findIterator(_ a: Arguments, _ r: Interpreter) throws -> Value {
    let (subject, start, end) = try span(a, "finditer")
    var found: [Value] = []
    if start <= end {
      try program.forEach(subject, from: start, to: end) {
        found.append(.object(MatchObject(self, subject, $0, start, end)))
        return true
      }
    }
    return .object(IteratorObject(type: "callable_iterator", ArrayIterator(found)))
  }

  func split(_ text: Value, _ limit: Value?) throws -> Value {
    let subject = try PatternObject.subject(text)
    let limit = try (limit ?? .int(0)).index()
    var parts: [Value] = []
    var last = 0
    var count = 0
    if limit >= 0 {
      try program.forEach(subject) { match in
        parts.append(.string(subject.slice(last..<match.start)))
        for group in 0..<program.groupCount {
          parts.append(match.range(group + 1).map { .string(subject.slice($0)) } ?? .none)
        }
        last = match.end
        count += 1
        return limit == 0 || count < limit
      }
    }
    parts.append(.string(subject.slice(last..<subject.scalars.count)))
    return .list(parts)
  }

  func substitute(_ replacement: Value, _ text: Value, _ limit: Value?, _ r: Interpreter) throws -> (Str, Int) {
    let subject = try PatternObject.subject(text)
    let limit = try (limit ?? .int(0)).index()
    var template: RegexTemplate?
    if case .string(let text) = replacement {
      template = try RegexTemplate(text, program)
    } else if case .object(let o) = replacement, o.isCallable {
      template = nil
    } else {
      throw TemplateError(.type, "decoding to str: need a bytes-like object, \(replacement.typeName) found")
    }
    var out: [UInt8] = []
    var last = 0
    var count = 0
    if limit >= 0 {
      try program.forEach(subject) { match in
        subject.append(last..<match.start, to: &out)
        if let template {
          template.expand(match, subject, to: &out)
        } else {
          let object = MatchObject(self, subject, match, 0, subject.scalars.count)
          let made = try r.call(replacement, Arguments([.object(object)]))
          switch made {
          case .string(let s): s.withUTF8 { out.append(contentsOf: $0) }
          case .none: break
          default:
            throw TemplateError(.type, "sequence item \(count): expected str instance, \(made.typeName) found")
          }
        }
        last = match.end
        count += 1
        return limit == 0 || count < limit
      }
    }
    if count == 0 { return (subject.text, 0) }
    subject.append(last..<subject.scalars.count, to: &out)
    return (Str.make(out), count)
  }
}

/// `re.Match`
final class MatchObject: Object {
  private let pattern: PatternObject
  private let subject: RegexSubject
  private let match: RegexMatch
  private let position: Int
  private let endPosition: Int

  init(_ pattern: PatternObject, _ subject: RegexSubject, _ match: RegexMatch, _ position: Int, _ endPosition: Int) {
    self.pattern = pattern
    self.subject = subject
    self.match = match
    self.position = position
    self.endPosition = endPosition
  }

  override var typeName: String { "re.Match" }
  override func repr(_ interpreter: Interpreter?) throws -> Str {
    let text = try Value.string(subject.slice(match.start..<match.end)).repr(interpreter).string
    return Str.make("<re.Match object; span=(\(match.start), \(match.end)), match=\(text)>")
  }

  private func text(_ group: Int, _ fallback: Value = .none) -> Value {
    match.range(group).map { .string(subject.slice($0)) } ?? fallback
  }

  private func index(_ value: Value) throws -> Int {
    if case .string(let name) = value {
      if let index = pattern.program.group(named: name.string) { return index }
    } else if let index = value.asInt, index >= 0, index <= pattern.program.groupCount {
      return index
    }
    throw TemplateError(.index, "no such group")
  }

  override func item(_ key: Value, _ interpreter: Interpreter) throws -> Value? {
    guard let index = try? index(key) else { return nil }
    return text(index)
  }

  override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    switch name.string {
    case "string": return .string(subject.text)
    case "re": return .object(pattern)
    case "pos": return .int(position)
    case "endpos": return .int(endPosition)
    case "lastindex": return match.lastIndex == 0 ? Value.none : .int(match.lastIndex)
    case "lastgroup": return pattern.program.name(of: match.lastIndex).map { .string($0) } ?? Value.none
    case "regs":
      return .tuple((0...pattern.program.groupCount).map { span($0) })
    default:
      guard let method = MatchObject.methods[name.string] else { return nil }
      return .object(NativeFunction(name.string) { [self] a, r in try method(self, a, r) })
    }
  }
  override func callMethod(_ name: Str, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? {
    guard let method = MatchObject.methods[name.string] else { return nil }
    return try method(self, arguments, interpreter)
  }

  private func span(_ group: Int) -> Value {
    let range = match.range(group)
    return .tuple([.int(range?.lowerBound ?? -1), .int(range?.upperBound ?? -1)])
  }

  private typealias Method = @Sendable (MatchObject, Arguments, Interpreter) throws -> Value
  /// For the documentation.
  static let catalog: [(name: String, signature: String)] = [
    ("group", "*groups"), ("groups", defaultSignature.text), ("groupdict", defaultSignature.text),
    ("start", groupSignature.text), ("end", groupSignature.text), ("span", groupSignature.text),
    ("expand", "template"),
  ]
  private static let groupSignature = Signature("group=0, /")
  private static let defaultSignature = Signature("default=None")
  private static let methods: [String: Method] = [
    "group": { match, a, _ in
      switch a.positional.count {
      case 0: return match.text(0)
      case 1: return match.text(try match.index(a.positional[0]))
      default: return .tuple(try a.positional.map { match.text(try match.index($0)) })
      }
    },
    "groups": { match, a, _ in
      let fallback = try defaultSignature.bind(a, function: "groups")[0] ?? .none
      return .tuple((0..<match.pattern.program.groupCount).map { match.text($0 + 1, fallback) })
    },
    "groupdict": { match, a, _ in
      let fallback = try defaultSignature.bind(a, function: "groupdict")[0] ?? .none
      let dict = DictObject()
      for (name, index) in match.pattern.program.groupNames { dict[name] = match.text(index, fallback) }
      return .dict(dict)
    },
    "start": { match, a, _ in
      let group = try match.index(groupSignature.bind(a, function: "start")[0] ?? .int(0))
      return .int(match.match.range(group)?.lowerBound ?? -1)
    },
    "end": { match, a, _ in
      let group = try match.index(groupSignature.bind(a, function: "end")[0] ?? .int(0))
      return .int(match.match.range(group)?.upperBound ?? -1)
    },
    "span": { match, a, _ in
      match.span(try match.index(groupSignature.bind(a, function: "span")[0] ?? .int(0)))
    },
    "expand": { match, a, _ in
      guard case .string(let template)? = a.positional.first else {
        throw TemplateError(.type, "expand() takes a template")
      }
      var out: [UInt8] = []
      try RegexTemplate(template, match.pattern.program).expand(match.match, match.subject, to: &out)
      return .string(Str.make(out))
    },
  ]
}
