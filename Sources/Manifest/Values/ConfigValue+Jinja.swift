import BigInt
import Jinja

extension ConfigValue {
  /// Deeper than this a template's value is cut off: it may contain itself.
  private static let depthLimit = 200

  /// What a template gave, as plain data: tuples and sets become lists, whatever has no plain form its text,
  /// undefined null.
  public init(_ value: Jinja.Value) { self.init(value, depth: 0) }

  private init(_ value: Jinja.Value, depth: Int) {
    guard depth < Self.depthLimit else {
      self = .null
      return
    }
    switch value {
    case .undefined, .none: self = .null
    case .bool(let b): self = .bool(b)
    case .int(let i): self = .int(i)
    case .float(let d): self = .double(d)
    case .string(let s): self = .string(s.string)
    case .list(let list): self = .list(list.items.map { ConfigValue($0, depth: depth + 1) })
    case .tuple(let tuple): self = .list(tuple.items.map { ConfigValue($0, depth: depth + 1) })
    case .dict(let dict): self = .dict(Self.dict(dict, depth))
    case .object(let object): self.init(object, depth)
    }
  }

  private init(_ object: Object, _ depth: Int) {
    let text = (try? object.str(nil))?.string ?? ""
    switch object.typeName {
    case "int": self = .bigInt(text)
    case "Decimal": self = object.floatValue.map { .double($0) } ?? .string(text)
    case "date": self = .date(text)
    case "datetime": self = .datetime(Self.isoformat(text))
    case "set", "frozenset":
      if let set = object as? SetObject {
        self = .list(set.items.map { ConfigValue($0, depth: depth + 1) })
      } else {
        self = .string(text)
      }
    default: self = .string(text)
    }
  }

  private static func dict(_ dict: DictObject, _ depth: Int) -> ConfigDict {
    var out = ConfigDict()
    out.reserveCapacity(dict.count)
    for entry in dict.pairs {
      let key: String
      switch entry.key {
      case .string(let s): key = s.string
      case .bool(let b): key = b ? "true" : "false"
      case .none: key = "null"
      default: key = ConfigValue(entry.key).pythonString
      }
      out[key] = ConfigValue(entry.value, depth: depth + 1)
    }
    return out
  }

  /// A fresh value for a template, which may change it.
  public var jinja: Jinja.Value {
    switch self {
    case .null: return .none
    case .bool(let b): return .bool(b)
    case .int(let i): return .int(i)
    case .bigInt(let digits): return BigInt(digits).map { BigInteger.make($0) } ?? .string(digits)
    case .double(let d): return .float(d)
    case .string(let s), .date(let s), .datetime(let s): return .string(s)
    case .list(let items): return .list(ListObject(items.map(\.jinja)))
    case .dict(let dict): return .dict(dict.jinja)
    }
  }
}

extension ConfigDict {
  public init(_ dict: DictObject) {
    if case .dict(let built) = ConfigValue(.dict(dict)) { self = built } else { self.init() }
  }

  public var jinja: DictObject {
    let out = DictObject(capacity: count)
    for entry in entries { out[Str.make(entry.key)] = entry.value.jinja }
    return out
  }
}
