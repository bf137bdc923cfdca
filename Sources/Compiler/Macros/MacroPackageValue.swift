import Jinja

/// A package as a namespace.
final class MacroPackageValue: HostObject {
  private let name: String
  private let macros: [String: MacroValue]
  init(_ name: String, _ macros: [String: MacroValue]) {
    self.name = name
    self.macros = macros
  }
  override var typeName: String { "dict" }
  /// A name that begins with an underscore is no attribute in a sandbox, but still a key.
  override func property(_ name: String) -> Value? { name.hasPrefix("_") ? nil : value(name) }
  override func item(_ key: Value, _ interpreter: Interpreter) -> Value? {
    guard case .string(let name) = key else { return nil }
    return value(name.string)
  }
  private func value(_ name: String) -> Value? { macros[name].map { .object($0) } }

  override var isMapping: Bool { true }
  override var length: Int? { macros.count }
  override func iterate(_ interpreter: Interpreter) -> ValueIterator? {
    ArrayIterator(macros.keys.sorted().map { .string(Str.make($0)) })
  }
  override func contains(_ member: Value, _ interpreter: Interpreter) -> Bool? {
    guard case .string(let name) = member else { return false }
    return macros[name.string] != nil
  }
  override var methodNames: Set<String> { ["get", "keys", "values", "items"] }
  override func invoke(_ name: String, _ a: HostArguments, _ r: Interpreter) throws -> Value {
    let sorted = macros.sorted { $0.key < $1.key }
    switch name {
    case "keys": return .list(sorted.map { .string(Str.make($0.key)) })
    case "values": return .list(sorted.map { .object($0.value) })
    case "items": return .list(sorted.map { .tuple([.string(Str.make($0.key)), .object($0.value)]) })
    default: return value(try a.string(0, "key", r) ?? "") ?? a.optional(1, "default") ?? .none
    }
  }
  override func repr(_ interpreter: Interpreter?) -> Str { Str.make("<package \(name)>") }
}
