/// The functions every template knows (https://jinja.palletsprojects.com/en/stable/templates/#list-of-global-functions)
/// except `namespace`, which belongs to the interpreter's scopes.
public enum BuiltinGlobals {
  /// The sandbox's limit on `range`.
  public static let rangeLimit = 100_000

  public static let all: [BuiltinGlobal] = [
    BuiltinGlobal("range", "start, stop, step", "Numbers from `start` (0) up to `stop`; at most 100000 of them.") {
      .object(NativeFunction("range") { a, _ in try range(a) })
    },
    BuiltinGlobal("dict", "mapping=(), **kwargs", "A dict of the pairs given, and of the keyword arguments.") {
      .object(ClassFunction("dict") { a, r in try dict(a, r) })
    },
    BuiltinGlobal(
      "lipsum", lipsumSignature.text, "Filler text: `n` paragraphs of `min` to `max` words, as HTML or plain."
    ) {
      .object(
        NativeFunction("lipsum") { a, r in
          let a = try lipsumSignature.bind(a, function: "generate_lorem_ipsum")
          let low = try (a[2] ?? .int(20)).index()
          let high = try (a[3] ?? .int(100)).index()
          guard low < high else {
            throw TemplateError(.value, "empty range for randrange() (\(low), \(high), \(high - low))")
          }
          let paragraphs = try (a[0] ?? .int(5)).index()
          // No word of it is longer than 16 letters; what it makes passes through a few copies on its way.
          try SizeLimit.check(bytes: 16 * 16 * max(0, min(high, 1 << 40)), times: max(0, paragraphs))
          return .string(
            Lipsum.text(
              paragraphs: paragraphs, html: try r.truth(a[1] ?? .bool(true)), words: low..<high))
        })
    },
    BuiltinGlobal("cycler", "*items", "An object whose `next()` gives the items in turn.") {
      .object(
        ClassFunction("jinja2.utils.Cycler") { a, _ in
          guard a.keywords.isEmpty else {
            throw TemplateError(
              .type, "Cycler.__init__() got an unexpected keyword argument '\(a.keywords[0].name.string)'")
          }
          guard !a.positional.isEmpty else { throw TemplateError(.runtime, "at least one item has to be provided") }
          return .object(Cycler(a.positional))
        })
    },
    BuiltinGlobal("joiner", joinerSignature.text, "A function that gives nothing at first, then `sep` every time.") {
      .object(
        ClassFunction("jinja2.utils.Joiner") { a, _ in
          .object(Joiner(try joinerSignature.bind(a, function: "Joiner.__init__")[0] ?? .string(", ")))
        })
    },
  ]

  private static let lipsumSignature = Signature("n=5, html=True, min=20, max=100")
  private static let joinerSignature = Signature("sep=', '")

  private static func range(_ a: Arguments) throws -> Value {
    guard a.keywords.isEmpty else { throw TemplateError(.type, "range() takes no keyword arguments") }
    guard !a.positional.isEmpty else { throw TemplateError(.type, "range expected at least 1 argument, got 0") }
    guard a.positional.count <= 3 else {
      throw TemplateError(.type, "range expected at most 3 arguments, got \(a.positional.count)")
    }
    let tooBig = TemplateError(
      .overflow,
      "Range too big. The sandbox blocks ranges larger than MAX_RANGE (\(rangeLimit)).")
    let numbers: [Int]
    do {
      numbers = try a.positional.map { try $0.index() }
    } catch let error as TemplateError where error.kind == .overflow {
      throw tooBig
    }
    let start = numbers.count == 1 ? 0 : numbers[0]
    let stop = numbers.count == 1 ? numbers[0] : numbers[1]
    let step = numbers.count == 3 ? numbers[2] : 1
    let range = try RangeObject(start, stop, step)
    if range.count > rangeLimit { throw tooBig }
    return .object(range)
  }

  /// Python's `dict(…)`.
  static func dict(_ a: Arguments, _ r: Interpreter) throws -> Value {
    guard a.positional.count <= 1 else {
      throw TemplateError(.type, "dict expected at most 1 argument, got \(a.positional.count)")
    }
    let dict = DictObject()
    if let source = a.positional.first {
      if case .undefined(let undefined) = source { throw undefined.error() }
      if source.isMapping {
        for (key, value) in try source.mappingItems(r) { try dict.set(key, value) }
      } else {
        for (i, item) in try source.items(r).enumerated() {
          let pair: [Value]
          do {
            pair = try item.items(r)
          } catch let error as TemplateError where error.kind == .type {
            throw TemplateError(.type, "cannot convert dictionary update sequence element #\(i) to a sequence")
          }
          guard pair.count == 2 else {
            throw TemplateError(
              .value, "dictionary update sequence element #\(i) has length \(pair.count); 2 is required")
          }
          try dict.set(pair[0], pair[1])
        }
      }
    }
    for (name, value) in a.keywords { dict[name] = value }
    return .dict(dict)
  }
}

/// A class that templates call to make an object.
final class ClassFunction: Object {
  private let name: String
  private let body: NativeFunction.Body

  init(_ name: String, _ body: @escaping NativeFunction.Body) {
    self.name = name
    self.body = body
  }

  override var typeName: String { "type" }
  override var isCallable: Bool { true }
  override func call(_ arguments: Arguments, _ interpreter: Interpreter) throws -> Value {
    try body(arguments, interpreter)
  }
  override func repr(_ interpreter: Interpreter?) throws -> Str { Str.make("<class '\(name)'>") }
}

/// Gives its items in turn, for ever.
final class Cycler: Object {
  private let items: [Value]
  private var position = 0

  init(_ items: [Value]) { self.items = items }

  override var typeName: String { "Cycler" }
  override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    switch name.string {
    case "current": return items[position]
    case "items": return .tuple(items)
    case "pos": return .int(position)
    case "next":
      return .object(
        NativeFunction("next") { [self] _, _ in
          defer { position = (position + 1) % items.count }
          return items[position]
        })
    case "reset":
      return .object(
        NativeFunction("reset") { [self] _, _ in
          position = 0
          return .none
        })
    default: return nil
    }
  }
  override func repr(_ interpreter: Interpreter?) throws -> Str {
    Str.make("<jinja2.utils.Cycler object at \(Address.text(of: self))>")
  }
}

/// Empty the first time, the separator ever after.
final class Joiner: Object {
  private let separator: Value
  private var used = false

  init(_ separator: Value) { self.separator = separator }

  override var typeName: String { "Joiner" }
  override var isCallable: Bool { true }
  override func call(_ arguments: Arguments, _ interpreter: Interpreter) throws -> Value {
    defer { used = true }
    return used ? separator : .string(Str.empty)
  }
  override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    switch name.string {
    case "sep": separator
    case "used": .bool(used)
    default: nil
    }
  }
  override func repr(_ interpreter: Interpreter?) throws -> Str {
    Str.make("<jinja2.utils.Joiner object at \(Address.text(of: self))>")
  }
}
