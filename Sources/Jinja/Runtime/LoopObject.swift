/// The attributes of `loop`.
enum LoopAttribute: String, CaseIterable {
  case index, index0, revindex, revindex0, first, last, length, depth, depth0, previtem, nextitem
}

/// `loop`: where a loop is, one object for all its iterations.
final class LoopObject: Object {
  private let iterator: ValueIterator
  /// What is looped over, when its length says how many items there are.
  private let source: Value?
  private let depth0: Int
  private let recursive: RecursiveLoop?
  var index0 = -1
  /// A list is walked by position.
  private let list: ListObject?
  private var buffer: [Value] = []
  private var bufferAt = 0
  private var before: Value?
  private var current: Value?
  private var knownLength: Int?
  private var lastChanged: [Value]?

  init(_ iterator: ValueIterator, source: Value?, depth0: Int, recursive: RecursiveLoop?) {
    self.iterator = iterator
    self.source = source
    if case .list(let list)? = source { self.list = list } else { list = nil }
    self.depth0 = depth0
    self.recursive = recursive
  }

  @inline(__always) private func take() throws -> Value? {
    if bufferAt < buffer.count {
      let value = buffer[bufferAt]
      bufferAt += 1
      if bufferAt == buffer.count {
        buffer.removeAll(keepingCapacity: true)
        bufferAt = 0
      }
      return value
    }
    return try iterator.next()
  }

  /// The next item, which becomes the current one.
  func advance() throws -> Value? {
    if let list {
      let next = index0 + 1
      guard next < list.items.count else { return nil }
      index0 = next
      return list.items[next]
    }
    guard let item = try take() else { return nil }
    index0 += 1
    before = current
    current = item
    return item
  }

  private func peek() throws -> Value? {
    if let list { return index0 + 1 < list.items.count ? list.items[index0 + 1] : nil }
    if bufferAt < buffer.count { return buffer[bufferAt] }
    guard let item = try iterator.next() else { return nil }
    buffer.append(item)
    return item
  }

  private var previous: Value? {
    guard let list else { return before }
    return index0 - 1 < list.items.count ? list.items[index0 - 1] : nil
  }

  func isLast() throws -> Bool {
    if let list { return index0 + 1 >= list.items.count }
    if bufferAt >= buffer.count, let remaining = iterator.remaining { return remaining == 0 }
    return try peek() == nil
  }

  func count() throws -> Int {
    if let knownLength { return knownLength }
    var length: Int?
    if let source { length = try? source.length() }
    if length == nil {
      while let item = try iterator.next() { buffer.append(item) }
      length = index0 + 1 + buffer.count - bufferAt
    }
    knownLength = length
    return length ?? 0
  }

  func value(_ attribute: LoopAttribute, _ r: Interpreter) throws -> Value {
    switch attribute {
    case .index: .int(index0 + 1)
    case .index0: .int(index0)
    case .revindex: .int(try count() - index0)
    case .revindex0: .int(try count() - index0 - 1)
    case .first: .bool(index0 == 0)
    case .last: .bool(try isLast())
    case .length: .int(try count())
    case .depth: .int(depth0 + 1)
    case .depth0: .int(depth0)
    case .previtem:
      if index0 > 0, let item = previous { item } else { r.undefined(name: nil, hint: "there is no previous item") }
    case .nextitem: try peek() ?? r.undefined(name: nil, hint: "there is no next item")
    }
  }

  override var typeName: String { "LoopContext" }
  override var qualifiedTypeName: String { "jinja2.runtime.LoopContext" }
  override var isTrue: Bool { ((try? count()) ?? 0) != 0 }
  override var length: Int? { try? count() }

  override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    if let attribute = LoopAttribute(rawValue: name.string) { return try value(attribute, interpreter) }
    switch name.string {
    case "cycle", "changed": return .object(LoopMethod(self, name))
    default: return nil
    }
  }

  override func callMethod(_ name: Str, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? {
    if name.equals("cycle") {
      guard !arguments.positional.isEmpty else { throw TemplateError(.type, "no items for cycling given") }
      return arguments.positional[index0 % arguments.positional.count]
    }
    if name.equals("changed") {
      let values = arguments.positional
      if let last = lastChanged, last.count == values.count,
        zip(last, values).allSatisfy({ $0.isEqual(to: $1) })
      {
        return .bool(false)
      }
      lastChanged = values
      return .bool(true)
    }
    return try super.callMethod(name, arguments, interpreter)
  }

  override var isCallable: Bool { true }
  override func call(_ arguments: Arguments, _ interpreter: Interpreter) throws -> Value {
    guard arguments.positional.count == 1, arguments.keywords.isEmpty else {
      throw TemplateError(.type, "LoopContext.__call__() takes exactly one argument")
    }
    guard let recursive else {
      throw TemplateError(.type, "The loop must have the 'recursive' marker to be called recursively.")
    }
    let start = interpreter.output.count
    do { try recursive.run(arguments.positional[0], depth: depth0 + 1, interpreter) } catch {
      interpreter.output.truncate(to: start)
      throw error
    }
    return .string(interpreter.output.cut(from: start, markup: interpreter.autoescape))
  }

  override func iterate(_ interpreter: Interpreter) throws -> ValueIterator? {
    LazyIterator { [self] in
      { [self] in
        guard let item = try advance() else { return nil }
        return .tuple([item, .object(self)])
      }
    }
  }

  override func repr(_ interpreter: Interpreter?) throws -> Str {
    Str.make("<LoopContext \(index0 + 1)/\(try count())>")
  }
}

/// `loop.cycle` as a value.
private final class LoopMethod: Object {
  private let loop: LoopObject
  private let name: Str
  init(_ loop: LoopObject, _ name: Str) {
    self.loop = loop
    self.name = name
  }
  override var typeName: String { "method" }
  override var isCallable: Bool { true }
  override func call(_ arguments: Arguments, _ interpreter: Interpreter) throws -> Value {
    try loop.callMethod(name, arguments, interpreter) ?? .none
  }
  override func repr(_ interpreter: Interpreter?) throws -> Str {
    Str.make("<bound method LoopContext.\(name.string) of \(try loop.repr(interpreter).string)>")
  }
}
