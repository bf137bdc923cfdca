import Manifest

/// What a value of a properties file may be, in the terms of JSON Schema, which is how dbt says what is wrong with one.
indirect enum PropertyShape: Sendable {
  case any, string, boolean, integer, number, object
  /// What YAML reads as a date or a time.
  case time
  case list(PropertyShape)
  case either([PropertyShape])
  case oneOf([String])
  case record([String: PropertyShape], required: [String], closed: Bool)

  static func optional(_ shape: PropertyShape) -> PropertyShape { .either([shape, .null]) }
  private static let null = PropertyShape.oneOf([])

  struct Problem {
    /// Keys and indexes down to the value at fault.
    var path: [ConfigValue]
    var message: String
    /// Names that may stand there, when an unknown one does.
    var known: [String] = []

    /// The same problem as seen from one level up.
    func below(_ step: ConfigValue) -> Problem {
      var problem = self
      problem.path.insert(step, at: 0)
      return problem
    }

    /// `['columns'][0]['name']`; nothing is `[]`.
    var pathText: String { path.isEmpty ? "[]" : path.map { "[\($0.pythonQuoted)]" }.joined() }
  }

  /// The first thing wrong with a value; nil when it fits. Its path is put together on the way back.
  func problem(_ value: ConfigValue) -> Problem? {
    if case .list(let items) = value, case .list(let shape) = self {
      for (index, item) in items.enumerated() {
        if let problem = shape.problem(item) { return problem.below(.int(index)) }
      }
      return nil
    }
    if case .dict(let dict) = value, case .record(let fields, let required, let closed) = self {
      return record(dict, fields, required, closed)
    }
    if fits(value) { return nil }
    return Problem(path: [], message: "\(value.pythonQuoted) \(complaint)")
  }

  private func record(
    _ dict: ConfigDict, _ fields: [String: PropertyShape], _ required: [String], _ closed: Bool
  ) -> Problem? {
    for key in required where dict.position(of: key) == nil {
      return Problem(path: [], message: "'\(key)' is a required property", known: [key])
    }
    for entry in dict {
      guard let shape = fields[entry.key] else {
        if !closed { continue }
        return Problem(
          path: [], message: "Additional properties are not allowed ('\(entry.key)' was unexpected)",
          known: fields.keys.sorted())
      }
      if let problem = shape.problem(entry.value) { return problem.below(.string(entry.key)) }
    }
    return nil
  }

  /// Whether nothing is wrong with a value.
  private func accepts(_ value: ConfigValue) -> Bool {
    switch self {
    case .list, .record: problem(value) == nil
    default: fits(value)
    }
  }

  private func fits(_ value: ConfigValue) -> Bool {
    switch (self, value) {
    case (.any, _), (.string, .string), (.boolean, .bool), (.integer, .int), (.number, .int), (.number, .double),
      (.object, .dict), (.time, .date), (.time, .datetime):
      true
    case (.oneOf(let words), .string(let word)): words.contains(word)
    case (.oneOf(let words), .null): words.isEmpty
    case (.either(let shapes), _): shapes.contains { $0.accepts(value) }
    default: false
    }
  }

  private var complaint: String {
    switch self {
    case .any, .either: "is not valid under any of the given schemas"
    case .string, .time: "is not of type 'string'"
    case .boolean: "is not of type 'boolean'"
    case .integer: "is not of type 'integer'"
    case .number: "is not of type 'number'"
    case .object, .record: "is not of type 'object'"
    case .list: "is not of type 'array'"
    case .oneOf(let words): "is not one of [\(words.map { "'\($0)'" }.joined(separator: ", "))]"
    }
  }
}

extension ConfigValue {
  /// Python's `repr()`: texts in quotes.
  fileprivate var pythonQuoted: String {
    if case .string(let text) = self { return ConfigValue.pythonRepr(of: text) }
    return pythonString
  }
}
