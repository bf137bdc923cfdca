import YAML

/// The questions that make a profile: those of PostgreSQL, or of a project's own profile_template.yml
/// (https://docs.getdbt.com/reference/commands/init).
public struct ProfileTemplate {
  /// One question; `name` is the key that the answer goes to.
  public struct Question: Sendable {
    public var name: String
    public var hint: String?
    public var standard: YAMLValue?
    public var isHidden = false
    public var isNumber = false
  }

  /// Asks; an answer to a question for a number is one.
  public typealias Ask = (Question) throws -> YAMLValue
  /// Lets people choose; gives the index of what was chosen.
  public typealias Choose = (_ what: String, _ options: [String]) throws -> Int

  private let fixed: [YAMLPair]
  private let prompts: [YAMLPair]

  /// - Returns: nil when the template has no prompts that could be asked.
  public init?(_ node: YAMLNode) {
    guard case .mapping(let top) = node.value else { return nil }
    func pairs(_ key: String) -> [YAMLPair]? {
      guard let value = top.first(where: { $0.key == .string(key) })?.value else { return [] }
      guard case .mapping(let pairs) = value else { return nil }
      return pairs
    }
    guard let fixed = pairs("fixed"), let prompts = pairs("prompts") else { return nil }
    self.fixed = fixed
    self.prompts = prompts
  }

  private init(fixed: [YAMLPair], prompts: [YAMLPair]) {
    self.fixed = fixed
    self.prompts = prompts
  }

  public static var postgres: ProfileTemplate {
    func question(_ name: String, _ options: [(String, YAMLValue)]) -> YAMLPair {
      YAMLPair(.string(name), .mapping(options.map { YAMLPair(.string($0), $1) }))
    }
    return ProfileTemplate(
      fixed: [YAMLPair(.string("type"), .string("postgres"))],
      prompts: [
        question("host", [("hint", .string("hostname for the instance"))]),
        question("port", [("default", .int(5432)), ("type", .string("int"))]),
        question("user", [("hint", .string("dev username"))]),
        question("pass", [("hint", .string("dev password")), ("hide_input", .bool(true))]),
        question("dbname", [("hint", .string("default database that dbt will build objects in"))]),
        question("schema", [("hint", .string("default schema that dbt will build objects in"))]),
        question("threads", [("hint", .string("1 or more")), ("type", .string("int")), ("default", .int(1))]),
      ])
  }

  /// The profile that the answers make.
  public func profile(ask: Ask, choose: Choose) throws -> YAMLValue {
    var target = fixed
    try answer(prompts, &target, ask, choose)
    var name = YAMLValue.string("dev")
    if let index = target.firstIndex(where: { $0.key == .string("target") }) { name = target.remove(at: index).value }
    return .mapping([
      YAMLPair(.string("outputs"), .mapping([YAMLPair(name, .mapping(target))])), YAMLPair(.string("target"), name),
    ])
  }

  private func answer(_ prompts: [YAMLPair], _ target: inout [YAMLPair], _ ask: Ask, _ choose: Choose) throws {
    func set(_ key: String, _ value: YAMLValue) {
      target.removeAll { $0.key == .string(key) }
      target.append(YAMLPair(.string(key), value))
    }
    for prompt in prompts {
      guard let name = prompt.key.word else { continue }
      if name.hasPrefix("_choose"), case .mapping(let options) = prompt.value, !options.isEmpty {
        let what = String(name.dropFirst("_choose_".count)).split(separator: "_").joined(separator: " ")
        let index = try choose(what, options.map { $0.key.word ?? "" })
        if case .mapping(let chosen) = options[index].value { try answer(chosen, &target, ask, choose) }
      } else if name.hasPrefix("_fixed_") {
        set(String(name.dropFirst("_fixed_".count)), prompt.value)
      } else {
        var question = Question(name: name)
        question.hint = prompt.value["hint"]?.word
        question.standard = prompt.value["default"]
        question.isHidden = prompt.value["hide_input"] == .bool(true)
        question.isNumber = ["int", "float"].contains(prompt.value["type"]?.word ?? "")
        set(name, try ask(question))
      }
    }
  }
}

extension YAMLValue {
  fileprivate var word: String? { if case .string(let text) = self { text } else { nil } }
}
