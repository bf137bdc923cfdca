import Manifest

/// Which members a JSON value has, in their order; what is given besides is left out, what is missing becomes null or
/// the default.
indirect enum Shape: Sendable {
  case any
  case list(Shape)
  case object([Member])

  struct Member: Sendable {
    let name: String
    /// Its name in what is given, where that differs.
    let source: String
    let shape: Shape
    let standard: ConfigValue

    init(_ name: String, from source: String? = nil, _ shape: Shape = .any, standard: ConfigValue = .null) {
      self.name = name
      self.source = source ?? name
      self.shape = shape
      self.standard = standard
    }
  }

  /// Members that may hold anything, and then those of a shape of their own.
  static func fields(_ names: String, _ members: Member...) -> Shape {
    .object(names.split(separator: " ").map { Member(String($0)) } + members)
  }

  /// The given value in this shape; a value of another kind (a null in place of an object) stays as it is.
  func applied(to value: ConfigValue) -> ConfigValue {
    switch (self, value) {
    case (.list(let shape), .list(let items)): return .list(items.map(shape.applied))
    case (.object(let members), .dict(let dict)):
      var out = ConfigDict()
      for member in members {
        let given = dict[member.source] ?? .null
        out[member.name] = given.isNull ? member.standard : member.shape.applied(to: given)
      }
      return .dict(out)
    default: return value
    }
  }
}
