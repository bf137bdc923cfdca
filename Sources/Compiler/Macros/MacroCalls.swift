import Jinja
import Manifest
import Project

/// The calls that stand in a macro's text, found without running it: what the manifest says a macro depends on.
///
/// As dbt reads them: `name(…)`, `package.name(…)`, and `adapter.dispatch('name', 'package')`, which is the macro it
/// names and the implementation chosen. Calls of anything else (a call's result, `a.b.c()`) say nothing.
struct MacroCalls {
  private(set) var names: [String] = []
  private let dispatch: (_ name: String, _ namespace: String?) -> String?

  /// - Parameter dispatch: the implementation of a dispatched macro as `package.name`; nil when there is none.
  init(_ definition: MacroDefinition, dispatch: @escaping (_ name: String, _ namespace: String?) -> String?) {
    self.dispatch = dispatch
    visit(definition)
  }

  /// Functions that are never macros here, whatever a project defines.
  private static let functions: Set<String> = [
    "source", "ref", "config", "var", "env_var", "return", "fromjson", "tojson", "fromyaml", "toyaml", "set",
    "set_strict", "zip", "zip_strict", "log", "print", "diff_of_two_dicts", "local_md5", "debug",
  ]

  private mutating func add(_ name: String) {
    if !Self.functions.contains(name), !names.contains(name) { names.append(name) }
  }

  private mutating func called(_ callee: Expr, _ arguments: CallArguments) {
    switch callee.kind {
    case .name(let name): add(name.text.string)
    case .attribute(let owner, let attribute):
      guard case .name(let ownerName) = owner.kind else { return }
      let (package, name) = (ownerName.string, attribute.string)
      if package != "adapter" { return add("\(package).\(name)") }
      if name == "dispatch" { dispatched(arguments) }
    default: break
    }
  }

  private mutating func dispatched(_ arguments: CallArguments) {
    func argument(_ index: Int, _ name: String) -> String? {
      let keyword = arguments.keywords.first { $0.name.text.string == name }?.value
      let expression = index < arguments.positional.count ? arguments.positional[index] : keyword
      guard let expression, case .constant(.string(let text)) = expression.kind else { return nil }
      return text.string
    }
    guard let name = argument(0, "macro_name") else { return }
    names.append(name)
    if let found = dispatch(name, argument(1, "macro_namespace")) { names.append(found) }
  }

  // MARK: Walking, parents before children

  private mutating func visit(_ definition: MacroDefinition) {
    for parameter in definition.parameters { visit(parameter.defaultValue) }
    visit(definition.body)
  }

  private mutating func visit(_ statements: [Statement]) { for statement in statements { visit(statement) } }

  private mutating func visit(_ statement: Statement) {
    switch statement.kind {
    case .output(let parts):
      for part in parts { if case .expression(let expression) = part { visit(expression) } }
    case .set(let target, let value):
      visit(target)
      visit(value)
    case .setBlock(let target, let filter, let body):
      visit(target)
      visit(filter)
      visit(body)
    case .forLoop(let loop):
      visit(loop.target)
      visit(loop.iterable)
      visit(loop.body)
      visit(loop.otherwise)
      visit(loop.test)
    case .branches(let branches, let otherwise):
      for branch in branches {
        visit(branch.test)
        visit(branch.body)
      }
      visit(otherwise)
    case .with(let targets, let values, let body):
      for target in targets { visit(target) }
      for value in values { visit(value) }
      visit(body)
    case .autoescape(let value, let body):
      visit(value)
      visit(body)
    case .block(let block): visit(block.body)
    case .extends(let template): visit(template)
    case .include(let template, _, _): visit(template)
    case .importModule(let template, _, _): visit(template)
    case .fromImport(let template, _, _): visit(template)
    case .macro(let definition): visit(definition)
    case .callBlock(let definition, let call):
      visit(call)
      visit(definition)
    case .filterBlock(let filter, let body):
      visit(body)
      visit(filter)
    case .expression(let expression): visit(expression)
    case .breakLoop, .continueLoop: break
    }
  }

  private mutating func visit(_ expression: Expr?) {
    guard let expression else { return }
    switch expression.kind {
    case .constant, .name, .namespaceTarget: break
    case .attribute(let owner, _): visit(owner)
    case .item(let owner, let key):
      visit(owner)
      visit(key)
    case .slice(let start, let stop, let step):
      visit(start)
      visit(stop)
      visit(step)
    case .call(let callee, let arguments):
      called(callee, arguments)
      visit(callee)
      visit(arguments)
    case .filter(let operand, _, let arguments):
      visit(operand)
      visit(arguments)
    case .test(let operand, _, let arguments):
      visit(operand)
      visit(arguments)
    case .unary(_, let operand): visit(operand)
    case .not(let operand): visit(operand)
    case .binary(_, let left, let right):
      visit(left)
      visit(right)
    case .concat(let parts): for part in parts { visit(part) }
    case .compare(let first, let rest):
      visit(first)
      for (_, operand) in rest { visit(operand) }
    case .and(let left, let right), .or(let left, let right):
      visit(left)
      visit(right)
    case .conditional(let test, let then, let otherwise):
      visit(test)
      visit(then)
      visit(otherwise)
    case .list(let items), .tuple(let items): for item in items { visit(item) }
    case .dict(let pairs):
      for pair in pairs {
        visit(pair.key)
        visit(pair.value)
      }
    }
  }

  private mutating func visit(_ arguments: CallArguments) {
    for argument in arguments.positional { visit(argument) }
    for keyword in arguments.keywords { visit(keyword.value) }
    visit(arguments.star)
    visit(arguments.doubleStar)
  }
}

extension MacroLibrary {
  /// Says of every macro which macros it calls. To be done when all packages were added.
  ///
  /// Private helpers are replaced by what they call, theirs by what those call in turn.
  func resolveDependencies(_ macros: [Macro]) {
    let found = Parallel.map(macros) { [self] in calls(of: $0) }
    var ofHelpers: [String: [String]] = [:]
    for (macro, calls) in zip(macros, found) where Self.isPrivate(macro) { ofHelpers[macro.uniqueID] = calls }
    for (macro, calls) in zip(macros, found) {
      var out: [String] = []
      var seen: Set<String> = []
      func add(_ id: String) {
        guard seen.insert(id).inserted else { return }
        if let inner = ofHelpers[id] {
          for id in inner where id != macro.uniqueID { add(id) }
        } else {
          out.append(id)
        }
      }
      for id in calls { add(id) }
      macro.dependsOnMacros = out
    }
    remember(Dictionary(uniqueKeysWithValues: macros.map { ($0.uniqueID, $0.dependsOnMacros) }))
  }

  /// The implementation of a dispatched macro, as far as the text tells: without a namespace it is any package's.
  private func mentionedImplementation(_ name: String, _ namespace: String?) -> MacroValue? {
    for place in searchOrder(namespace) {
      for prefix in ["postgres__", "default__"] {
        let found = place.map { find(prefix + name, namespace: $0, from: rootName) } ?? macrosByName()[prefix + name]
        if let found { return found }
      }
    }
    return nil
  }

  /// The macros that stand in a macro's text, by id.
  private func calls(of macro: Macro) -> [String] {
    guard let value = find(macro.name, in: macro.packageName) else { return [] }
    let calls = MacroCalls(value.definition) { [self] name, namespace in
      mentionedImplementation(name, namespace).map { "\($0.package).\($0.name)" }
    }
    var out: [String] = []
    for call in calls.names where call != macro.name {
      let parts = call.split(separator: ".", maxSplits: 1).map(String.init)
      let (package, name) = parts.count == 2 ? (parts[0], parts[1]) : (macro.packageName, call)
      guard let id = mentioned(name, in: package)?.uniqueID, !out.contains(id) else { continue }
      out.append(id)
    }
    return out
  }
}
