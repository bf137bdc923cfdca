/// `modules.re`
enum RegexModule {
  static func make() -> DictObject {
    let dict = ModuleObject.functions(functions)
    for (name, flag) in flags { dict[name] = .int(flag) }
    return dict
  }

  private static let flags: [(String, Int)] = [
    ("A", 256), ("ASCII", 256), ("I", 2), ("IGNORECASE", 2), ("L", 4), ("LOCALE", 4), ("M", 8), ("MULTILINE", 8),
    ("S", 16), ("DOTALL", 16), ("X", 64), ("VERBOSE", 64), ("U", 32), ("UNICODE", 32), ("NOFLAG", 0),
  ]

  private static let findSignature = Signature("pattern, string, flags=0")
  private static let splitSignature = Signature("pattern, string, maxsplit=0, flags=0")
  private static let subSignature = Signature("pattern, repl, string, count=0, flags=0")
  private static let compileSignature = Signature("pattern, flags=0")
  private static let escapeSignature = Signature("pattern")

  /// A function that compiles its first argument and goes on with the second.
  private static func find(
    _ name: String, _ body: @escaping (PatternObject, Arguments, Interpreter) throws -> Value
  ) -> (name: String, body: NativeFunction.Body) {
    (
      name,
      { a, r in
        let a = try findSignature.bind(a, function: name)
        let pattern = try PatternObject.make(a[0] ?? .none, a[2], r)
        return try body(pattern, Arguments([a[1] ?? .none]), r)
      }
    )
  }

  nonisolated(unsafe) private static let functions: [(name: String, body: NativeFunction.Body)] = [
    find("match") { try $0.one(.match, $1, $2) },
    find("search") { try $0.one(.search, $1, $2) },
    find("fullmatch") { try $0.one(.fullmatch, $1, $2) },
    find("findall") { try $0.findAll($1, $2) },
    find("finditer") { try $0.findIterator($1, $2) },
    (
      "split",
      { a, r in
        let a = try splitSignature.bind(a, function: "split")
        return try PatternObject.make(a[0] ?? .none, a[3], r).split(a[1] ?? .none, a[2])
      }
    ),
    (
      "sub",
      { a, r in
        let a = try subSignature.bind(a, function: "sub")
        let pattern = try PatternObject.make(a[0] ?? .none, a[4], r)
        return .string(try pattern.substitute(a[1] ?? .none, a[2] ?? .none, a[3], r).0)
      }
    ),
    (
      "subn",
      { a, r in
        let a = try subSignature.bind(a, function: "subn")
        let pattern = try PatternObject.make(a[0] ?? .none, a[4], r)
        let (text, count) = try pattern.substitute(a[1] ?? .none, a[2] ?? .none, a[3], r)
        return .tuple([.string(text), .int(count)])
      }
    ),
    (
      "compile",
      { a, r in
        let a = try compileSignature.bind(a, function: "compile")
        return .object(try PatternObject.make(a[0] ?? .none, a[1], r))
      }
    ),
    (
      "escape",
      { a, _ in
        guard case .string(let text)? = try escapeSignature.bind(a, function: "escape")[0] else {
          throw TemplateError(.type, "expected a string")
        }
        return .string(escape(text))
      }
    ),
    ("purge", { _, _ in .none }),
  ]

  /// Backslashes before everything that means something in a pattern.
  static func escape(_ text: Str) -> Str {
    let special = Set("()[]{}?*+-|^$\\.&~# \t\n\r\u{0B}\u{0C}".utf8)
    var out: [UInt8] = []
    text.withUTF8 { bytes in
      for byte in bytes {
        if special.contains(byte) { out.append(0x5C) }
        out.append(byte)
      }
    }
    return Str.make(out)
  }
}
