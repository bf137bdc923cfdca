/// A step of a compiled pattern.
enum RegexStep: Sendable {
  case character(UInt32)
  case characterIgnoringCase(UInt32)
  case any
  case anyButNewline
  case set(Int)
  /// Tries the next step; the other place when that fails.
  case split(Int)
  /// Tries the other place; the next step when that fails.
  case splitLater(Int)
  case jump(Int)
  case save(Int)
  /// Closes a group.
  case close(Int)
  case assertion(RegexAssertion)
  case backreference(Int, ignoreCase: Bool)
  /// Takes the step at `pc + 1` between `min` and `max` times; goes on at `pc + 2`.
  case repeatOne(min: Int, max: Int, RegexLoopKind)
  case loopStart(Int)
  /// Decides whether the body (next) runs again or the loop is left.
  case loopTest(counter: Int, min: Int, max: Int, lazy: Bool, exit: Int)
  /// Runs the steps up to a `success` at the same place (or `width` characters before).
  case look(width: Int, negative: Bool, end: Int)
  case atomic(end: Int)
  case conditional(group: Int, otherwise: Int)
  case success
}

/// A compiled pattern: immutable, shared by threads.
final class RegexProgram: Sendable {
  let pattern: String
  let flags: RegexFlags
  let steps: [RegexStep]
  let sets: [RegexSet]
  let groupCount: Int
  let groupNames: [(name: String, index: Int)]
  let counterCount: Int
  /// A character every match begins with.
  let firstCharacter: UInt32?

  init(_ pattern: Str, _ flags: RegexFlags) throws {
    let (node, allFlags, groups, names) = try RegexParser.parse(pattern, flags)
    var compiler = RegexCompiler()
    try compiler.add(node)
    compiler.steps.append(.success)
    self.pattern = pattern.string
    self.flags = allFlags
    steps = compiler.steps
    sets = compiler.sets
    groupCount = groups
    groupNames = names.map { (name: $0.0, index: $0.1) }
    counterCount = compiler.counters
    var first: UInt32?
    for step in steps {
      switch step {
      case .save: continue
      case .character(let c): first = c
      default: break
      }
      break
    }
    firstCharacter = first
  }

  func group(named name: String) -> Int? { groupNames.first { $0.name == name }?.index }
  func name(of index: Int) -> String? { groupNames.first { $0.index == index }?.name }
}

struct RegexCompiler {
  var steps: [RegexStep] = []
  var sets: [RegexSet] = []
  var counters = 0
  /// A pattern that would compile to more steps is refused.
  private static let limit = 200_000

  mutating func add(_ node: RegexNode) throws {
    if steps.count > RegexCompiler.limit { throw TemplateError(.limit, "the pattern is too large") }
    switch node {
    case .empty: break
    case .character(let c, let ignoreCase):
      steps.append(ignoreCase ? .characterIgnoringCase(RegexCase.folded(c)) : .character(c))
    case .any(let newline): steps.append(newline ? .any : .anyButNewline)
    case .set(let set):
      steps.append(.set(sets.count))
      sets.append(set)
    case .sequence(let items): for item in items { try add(item) }
    case .choice(let branches): try add(choice: branches)
    case .loop(let body, let low, let high, let kind): try add(loop: body, low, high, kind)
    case .capture(let body, let index):
      steps.append(.save(index * 2))
      try add(body)
      steps.append(.close(index))
    case .look(let body, let ahead, let negative):
      let place = steps.count
      steps.append(.success)
      try add(body)
      steps.append(.success)
      steps[place] = .look(width: ahead ? 0 : RegexWidth.fixed(body) ?? 0, negative: negative, end: steps.count)
    case .atomic(let body):
      let place = steps.count
      steps.append(.success)
      try add(body)
      steps.append(.success)
      steps[place] = .atomic(end: steps.count)
    case .backreference(let group, let ignoreCase): steps.append(.backreference(group, ignoreCase: ignoreCase))
    case .assertion(let assertion): steps.append(.assertion(assertion))
    case .conditional(let group, let yes, let no):
      let place = steps.count
      steps.append(.success)
      try add(yes)
      let skip = steps.count
      steps.append(.success)
      steps[place] = .conditional(group: group, otherwise: steps.count)
      try add(no)
      steps[skip] = .jump(steps.count)
    }
  }

  private mutating func add(choice branches: [RegexNode]) throws {
    var exits: [Int] = []
    for (i, branch) in branches.enumerated() {
      guard i < branches.count - 1 else {
        try add(branch)
        break
      }
      let place = steps.count
      steps.append(.success)
      try add(branch)
      exits.append(steps.count)
      steps.append(.success)
      steps[place] = .split(steps.count)
    }
    for exit in exits { steps[exit] = .jump(steps.count) }
  }

  private mutating func add(loop body: RegexNode, _ low: Int, _ high: Int, _ kind: RegexLoopKind) throws {
    switch body {
    case .character, .any, .set:
      steps.append(.repeatOne(min: low, max: high, kind))
      try add(body)
      return
    default: break
    }
    if kind == .possessive {
      try add(.atomic(.loop(body, min: low, max: high, .greedy)))
      return
    }
    if low == 0, high == 1 {
      let place = steps.count
      steps.append(.success)
      try add(body)
      steps[place] = kind == .greedy ? .split(steps.count) : .splitLater(steps.count)
      return
    }
    let counter = counters
    counters += 1
    steps.append(.loopStart(counter))
    let test = steps.count
    steps.append(.success)
    try add(body)
    steps.append(.jump(test))
    steps[test] = .loopTest(counter: counter, min: low, max: high, lazy: kind == .lazy, exit: steps.count)
  }
}
