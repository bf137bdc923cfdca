/// Which names a scope reads and writes, and what each holds when the scope is entered.
///
/// These are Jinja2's scoping rules: a name that a scope assigns anywhere is that scope's own from its start; a name
/// assigned only in some branches of an `if` starts with the value it has outside; a name that is only read belongs
/// to the nearest scope around that knows it, and otherwise to the context.
final class Symbols {
  enum Load {
    /// A parameter, a loop's target, or another name that is always set before the scope's body runs.
    case parameter
    /// Looked up in the context.
    case resolve
    /// Starts as the variable of the same name at an outer level.
    case alias(level: Int32)
    case undefined
  }

  let level: Int32
  let parent: Symbols?
  /// Tells apart two scopes of one level whose variables must not share storage; 0 for most.
  var tag: Int32 = 0
  struct Entry {
    let name: Int32
    var load: Load
    /// The scope assigns the name.
    var isStored: Bool
  }
  /// The names this scope owns. Few enough to search one by one.
  private(set) var entries: [Entry] = []

  init(parent: Symbols?, level: Int32? = nil) {
    self.parent = parent
    self.level = level ?? (parent.map { $0.level + 1 } ?? 0)
  }

  private func copy() -> Symbols {
    let other = Symbols(parent: parent, level: level)
    other.entries = entries
    return other
  }

  @inline(__always) func index(of name: Int32) -> Int? {
    for i in entries.indices where entries[i].name == name { return i }
    return nil
  }

  /// The level of the scope that owns a name.
  func find(_ name: Int32) -> Int32? { owner(of: name)?.level }

  /// The scope that owns a name.
  func owner(of name: Int32) -> Symbols? {
    var scope: Symbols? = self
    while let current = scope {
      if current.index(of: name) != nil { return current }
      scope = current.parent
    }
    return nil
  }

  /// The name is only looked up in the context here and never assigned.
  func isOnlyResolved(_ name: Int32) -> Bool {
    guard let i = index(of: name), case .resolve = entries[i].load else { return false }
    return !entries[i].isStored
  }

  private func outside(_ name: Int32, otherwise: Load) -> Load {
    parent?.find(name).map { .alias(level: $0) } ?? otherwise
  }

  func store(_ name: Int32) {
    if let i = index(of: name) {
      entries[i].isStored = true
    } else {
      entries.append(Entry(name: name, load: outside(name, otherwise: .undefined), isStored: true))
    }
  }

  func declare(_ name: Int32) {
    if let i = index(of: name) {
      entries[i] = Entry(name: name, load: .parameter, isStored: true)
    } else {
      entries.append(Entry(name: name, load: .parameter, isStored: true))
    }
  }

  func read(_ name: Int32) {
    if find(name) == nil { entries.append(Entry(name: name, load: .resolve, isStored: false)) }
  }

  /// Everything assigned here and around, with the scope that owns it: what an include sees.
  var visibleStores: [(name: Int32, owner: Symbols)] {
    var out: [(name: Int32, owner: Symbols)] = []
    var scope: Symbols? = self
    while let current = scope {
      for entry in current.entries where entry.isStored && !out.contains(where: { $0.name == entry.name }) {
        out.append((entry.name, owner(of: entry.name) ?? current))
      }
      scope = current.parent
    }
    return out
  }

  private func merge(_ branches: [Symbols]) {
    let before = entries
    for branch in branches {
      for entry in branch.entries {
        if let i = index(of: entry.name) {
          entries[i].load = entry.load
          entries[i].isStored = entries[i].isStored || entry.isStored
        } else {
          entries.append(entry)
        }
      }
    }
    for i in entries.indices where entries[i].isStored {
      if let old = before.first(where: { $0.name == entries[i].name }), old.isStored { continue }
      entries[i].load = outside(entries[i].name, otherwise: .resolve)
    }
  }

  // MARK: - Reading the tree

  func visit(_ statements: [Statement]) {
    for statement in statements { visit(statement) }
  }

  func visit(_ statement: Statement) {
    switch statement.kind {
    case .output(let parts):
      for case .expression(let expr) in parts { visit(expr) }
    case .set(let target, let value):
      visit(value)
      visitTarget(target)
    case .setBlock(let target, _, _): visitTarget(target)
    case .forLoop(let loop): visit(loop.iterable)
    case .branches(let branches, let otherwise): visitBranches(branches[...], otherwise)
    case .with(_, let values, _): for value in values { visit(value) }
    case .autoescape, .block, .breakLoop, .continueLoop: break
    case .extends(let template): visit(template)
    case .include(let template, _, _): visit(template)
    case .importModule(let template, let name, _):
      visit(template)
      store(name.id)
    case .fromImport(let template, let names, _):
      visit(template)
      for name in names { store(name.alias.id) }
    case .macro(let macro): store(macro.name.id)
    case .callBlock(_, let call): visit(call)
    case .filterBlock(let filter, _): visit(filter)
    case .expression(let expr): visit(expr)
    }
  }

  /// `if`, and `elif`s as Jinja2 nests them: each one's branches are merged into the elif part of the first.
  private func visitBranches(_ branches: ArraySlice<(test: Expr, body: [Statement])>, _ otherwise: [Statement]) {
    guard let first = branches.first else { return }
    visit(first.test)
    var parts: [Symbols] = []
    if !first.body.isEmpty {
      let body = copy()
      body.visit(first.body)
      parts.append(body)
    }
    if branches.count > 1 {
      let elifs = copy()
      for branch in branches.dropFirst() { elifs.visitBranches([branch], []) }
      parts.append(elifs)
    }
    if !otherwise.isEmpty {
      let rest = copy()
      rest.visit(otherwise)
      parts.append(rest)
    }
    if !parts.isEmpty { merge(parts) }
  }

  /// Names of an assignment's target, as written (or as parameters, which are always set).
  func visitTarget(_ target: Expr, asParameter: Bool = false) {
    switch target.kind {
    case .name(let name): if asParameter { declare(name.id) } else { store(name.id) }
    case .tuple(let items): for item in items { visitTarget(item, asParameter: asParameter) }
    case .namespaceTarget(let name, _): read(name.id)
    default: break
    }
  }

  func visit(_ expr: Expr) {
    switch expr.kind {
    case .constant: break
    case .name(let name), .namespaceTarget(let name, _): read(name.id)
    default: expr.forEachChild { visit($0) }
    }
  }
}

extension Expr {
  /// The operands, in the order Jinja2's nodes list them.
  func forEachChild(_ body: (Expr) -> Void) {
    func arguments(_ a: CallArguments) {
      for value in a.positional { body(value) }
      for pair in a.keywords { body(pair.value) }
      if let star = a.star { body(star) }
      if let doubleStar = a.doubleStar { body(doubleStar) }
    }
    switch kind {
    case .constant, .name, .namespaceTarget: break
    case .attribute(let a, _), .unary(_, let a), .not(let a): body(a)
    case .item(let a, let b), .binary(_, let a, let b), .and(let a, let b), .or(let a, let b):
      body(a)
      body(b)
    case .slice(let a, let b, let c):
      if let a { body(a) }
      if let b { body(b) }
      if let c { body(c) }
    case .call(let callee, let a):
      body(callee)
      arguments(a)
    case .filter(let operand, _, let a):
      if let operand { body(operand) }
      arguments(a)
    case .test(let operand, _, let a):
      body(operand)
      arguments(a)
    case .concat(let all), .list(let all), .tuple(let all): for one in all { body(one) }
    case .compare(let first, let rest):
      body(first)
      for (_, operand) in rest { body(operand) }
    case .conditional(let test, let then, let otherwise):
      body(test)
      body(then)
      if let otherwise { body(otherwise) }
    case .dict(let pairs):
      for pair in pairs {
        body(pair.key)
        body(pair.value)
      }
    }
  }
}

/// Which of some names a body reads before it assigns them, the bodies of macros and loops in it included, blocks not.
struct UndeclaredNames {
  private var wanted: [Int32]
  private var found: [Int32] = []

  static func find(_ names: [Keyword], in body: [Statement], of tree: SyntaxTree) -> [Int32] {
    let read = names.filter { tree.reads($0) }
    if read.isEmpty { return [] }
    var visitor = UndeclaredNames(wanted: read.map(\.rawValue))
    visitor.visit(body)
    return visitor.found
  }

  private init(wanted: [Int32]) { self.wanted = wanted }

  private mutating func discard(_ name: Name) { wanted.removeAll { $0 == name.id } }

  private mutating func read(_ expr: Expr) {
    if case .name(let name) = expr.kind {
      if wanted.contains(name.id), !found.contains(name.id) { found.append(name.id) }
      return
    }
    if case .constant = expr.kind { return }
    expr.forEachChild { read($0) }
  }

  private mutating func assign(_ target: Expr) {
    switch target.kind {
    case .name(let name): discard(name)
    case .tuple(let items): for item in items { assign(item) }
    default: break
    }
  }

  private mutating func visit(_ macro: MacroDefinition) {
    for parameter in macro.parameters { discard(parameter.name) }
    for parameter in macro.parameters { if let value = parameter.defaultValue { read(value) } }
    visit(macro.body)
  }

  private mutating func visit(_ statements: [Statement]) {
    for statement in statements {
      if wanted.count <= found.count { return }
      switch statement.kind {
      case .output(let parts): for case .expression(let expr) in parts { read(expr) }
      case .set(let target, let value):
        assign(target)
        read(value)
      case .setBlock(let target, let filter, let body):
        assign(target)
        if let filter { read(filter) }
        visit(body)
      case .forLoop(let loop):
        assign(loop.target)
        read(loop.iterable)
        visit(loop.body)
        visit(loop.otherwise)
        if let test = loop.test { read(test) }
      case .branches(let branches, let otherwise):
        for (test, body) in branches {
          read(test)
          visit(body)
        }
        visit(otherwise)
      case .with(let targets, let values, let body):
        for target in targets { assign(target) }
        for value in values { read(value) }
        visit(body)
      case .autoescape(let value, let body):
        read(value)
        visit(body)
      case .block, .breakLoop, .continueLoop: break
      case .extends(let expr), .include(let expr, _, _), .importModule(let expr, _, _), .fromImport(let expr, _, _),
        .expression(let expr):
        read(expr)
      case .macro(let macro): visit(macro)
      case .callBlock(let macro, let call):
        read(call)
        visit(macro)
      case .filterBlock(let filter, let body):
        visit(body)
        read(filter)
      }
    }
  }
}
