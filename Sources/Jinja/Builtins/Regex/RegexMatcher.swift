/// Matches a compiled pattern against a text, trying alternatives in order and going back when one fails.
///
/// What was tried is kept on a stack of its own, so that long texts can't exhaust the thread's; the number of steps is
/// limited, so that a pattern with exponentially many alternatives ends in an error instead of never.
struct RegexMatcher {
  /// About a second of work.
  static let stepLimit = 10_000_000

  private struct Entry {
    enum Kind { case branch, slot, counter, place, greedy, lazy }
    var kind: Kind
    var pc: Int
    var position: Int
    var extra: Int
  }

  private let program: RegexProgram
  private let text: UnsafeBufferPointer<UInt32>
  /// Where the text ends (`endpos`).
  private let end: Int
  /// Start and end of each group; -1 when it took no part.
  private(set) var slots: [Int]
  /// The group closed last; 0 when none.
  private(set) var lastIndex = 0
  private var counters: [Int]
  /// Where the current turn of each loop began.
  private var places: [Int]
  private var stack: [Entry] = []
  private var left = RegexMatcher.stepLimit
  /// A match must not end here: it would be the same empty match again.
  private var forbiddenEnd = -1
  private var wholeText = false

  init(_ program: RegexProgram, _ text: UnsafeBufferPointer<UInt32>, end: Int) {
    self.program = program
    self.text = text
    self.end = min(end, text.count)
    slots = [Int](repeating: -1, count: (program.groupCount + 1) * 2)
    counters = [Int](repeating: 0, count: program.counterCount)
    places = [Int](repeating: -1, count: program.counterCount)
  }

  /// The first match at or after a place.
  /// - Parameter advancing: an empty match right there does not count.
  mutating func search(from start: Int, advancing: Bool = false) throws -> Bool {
    var at = start
    while at <= end {
      if let first = program.firstCharacter {
        while at < end, text[at] != first { at += 1 }
        if at >= end { return false }
      }
      if try match(at: at, advancing: advancing && at == start) { return true }
      at += 1
    }
    return false
  }

  /// A match that begins at a place (and ends with the text, when `whole`).
  mutating func match(at start: Int, advancing: Bool = false, whole: Bool = false) throws -> Bool {
    for i in slots.indices { slots[i] = -1 }
    lastIndex = 0
    stack.removeAll(keepingCapacity: true)
    forbiddenEnd = advancing ? start : -1
    wholeText = whole
    guard let stop = try run(0, start, top: true) else { return false }
    slots[0] = start
    slots[1] = stop
    return true
  }

  @inline(__always) private func one(_ step: RegexStep, _ c: UInt32) -> Bool {
    switch step {
    case .character(let wanted): c == wanted
    case .characterIgnoringCase(let wanted): RegexCase.folded(c) == wanted
    case .any: true
    case .anyButNewline: c != 0x0A
    case .set(let index): program.sets[index].contains(c)
    default: false
    }
  }

  private mutating func setSlot(_ index: Int, _ value: Int) {
    stack.append(Entry(kind: .slot, pc: index, position: slots[index], extra: 0))
    slots[index] = value
  }

  /// Runs from a step to the next `success`; gives where the text was left.
  private mutating func run(_ startPC: Int, _ startPosition: Int, top: Bool) throws -> Int? {
    let base = stack.count
    var pc = startPC
    var position = startPosition
    let steps = program.steps
    while true {
      left -= 1
      if left < 0 {
        throw TemplateError(.limit, "the regular expression needs too many steps: '\(program.pattern)'")
      }
      var failed = false
      switch steps[pc] {
      case .character(let c):
        if position < end, text[position] == c {
          position += 1
          pc += 1
        } else {
          failed = true
        }
      case .characterIgnoringCase, .any, .anyButNewline, .set:
        if position < end, one(steps[pc], text[position]) {
          position += 1
          pc += 1
        } else {
          failed = true
        }
      case .split(let other):
        stack.append(Entry(kind: .branch, pc: other, position: position, extra: 0))
        pc += 1
      case .splitLater(let other):
        stack.append(Entry(kind: .branch, pc: pc + 1, position: position, extra: 0))
        pc = other
      case .jump(let target): pc = target
      case .save(let slot):
        setSlot(slot, position)
        pc += 1
      case .close(let group):
        setSlot(group * 2 + 1, position)
        stack.append(Entry(kind: .slot, pc: -1, position: lastIndex, extra: 0))
        lastIndex = group
        pc += 1
      case .assertion(let assertion):
        if holds(assertion, position) { pc += 1 } else { failed = true }
      case .backreference(let group, let ignoreCase):
        if let next = follow(group, position, ignoreCase) {
          position = next
          pc += 1
        } else {
          failed = true
        }
      case .repeatOne(let low, let high, let kind):
        let step = steps[pc + 1]
        let most = high == .max ? end : min(end, position + high)
        var stop = position
        let greedyStop = kind == .lazy ? min(end, position + low) : most
        while stop < greedyStop, one(step, text[stop]) { stop += 1 }
        left -= (stop - position) / 8
        if stop - position < low {
          failed = true
        } else {
          switch kind {
          case .greedy:
            if stop > position + low {
              stack.append(Entry(kind: .greedy, pc: pc + 2, position: stop, extra: position + low))
            }
          case .lazy:
            if stop < most { stack.append(Entry(kind: .lazy, pc: pc, position: stop, extra: most)) }
          case .possessive: break
          }
          position = stop
          pc += 2
        }
      case .loopStart(let counter):
        stack.append(Entry(kind: .counter, pc: counter, position: counters[counter], extra: 0))
        stack.append(Entry(kind: .place, pc: counter, position: places[counter], extra: 0))
        counters[counter] = 0
        places[counter] = -1
        pc += 1
      case .loopTest(let counter, let low, let high, let lazy, let exit):
        let count = counters[counter]
        // A turn that took nothing is not repeated.
        let again = count < low || count < high && places[counter] != position
        if !again {
          pc = exit
        } else if count >= low, lazy {
          stack.append(Entry(kind: .lazy, pc: pc, position: position, extra: -1))
          pc = exit
        } else {
          if count >= low { stack.append(Entry(kind: .branch, pc: exit, position: position, extra: 0)) }
          enterLoop(counter, position)
          pc += 1
        }
      case .look(let width, let negative, let next):
        let from = position - width
        let mark = stack.count
        let found = from >= 0 ? try run(pc + 1, from, top: false) : nil
        if let found, width == 0 || found == position {
          if negative { undo(to: mark) } else { forgetBranches(after: mark) }
          if negative { failed = true } else { pc = next }
        } else {
          undo(to: mark)
          if negative { pc = next } else { failed = true }
        }
      case .atomic(let next):
        let mark = stack.count
        if let stop = try run(pc + 1, position, top: false) {
          forgetBranches(after: mark)
          position = stop
          pc = next
        } else {
          failed = true
        }
      case .conditional(let group, let otherwise):
        pc = slots[group * 2 + 1] >= 0 ? pc + 1 : otherwise
      case .success:
        if top, position == forbiddenEnd || wholeText && position != end { failed = true } else { return position }
      }
      if failed {
        guard let (nextPC, nextPosition) = back(to: base) else { return nil }
        pc = nextPC
        position = nextPosition
      }
    }
  }

  private mutating func enterLoop(_ counter: Int, _ position: Int) {
    stack.append(Entry(kind: .counter, pc: counter, position: counters[counter], extra: 0))
    stack.append(Entry(kind: .place, pc: counter, position: places[counter], extra: 0))
    counters[counter] += 1
    places[counter] = position
  }

  /// Takes back what was done since the last open alternative, and gives that one.
  private mutating func back(to base: Int) -> (Int, Int)? {
    while stack.count > base {
      let entry = stack[stack.count - 1]
      switch entry.kind {
      case .branch:
        stack.removeLast()
        return (entry.pc, entry.position)
      case .slot, .counter, .place:
        stack.removeLast()
        restore(entry)
      case .greedy:
        let position = entry.position - 1
        if position > entry.extra { stack[stack.count - 1].position = position } else { stack.removeLast() }
        return (entry.pc, position)
      case .lazy where entry.extra < 0:
        // A lazy loop runs its body once more.
        stack.removeLast()
        guard case .loopTest(let counter, _, _, _, _) = program.steps[entry.pc] else { continue }
        enterLoop(counter, entry.position)
        return (entry.pc + 1, entry.position)
      case .lazy:
        guard one(program.steps[entry.pc + 1], text[entry.position]) else {
          stack.removeLast()
          continue
        }
        let position = entry.position + 1
        if position < entry.extra { stack[stack.count - 1].position = position } else { stack.removeLast() }
        return (entry.pc + 2, position)
      }
    }
    return nil
  }

  private mutating func restore(_ entry: Entry) {
    switch entry.kind {
    case .slot: if entry.pc < 0 { lastIndex = entry.position } else { slots[entry.pc] = entry.position }
    case .counter: counters[entry.pc] = entry.position
    case .place: places[entry.pc] = entry.position
    default: break
    }
  }

  private mutating func undo(to mark: Int) {
    while stack.count > mark { restore(stack.removeLast()) }
  }

  /// Alternatives inside something that has matched are given up; what undoes its groups stays.
  private mutating func forgetBranches(after mark: Int) {
    let kept = stack[mark...].filter { entry in
      switch entry.kind {
      case .slot, .counter, .place: true
      default: false
      }
    }
    stack.replaceSubrange(mark..., with: kept)
  }

  private func follow(_ group: Int, _ position: Int, _ ignoreCase: Bool) -> Int? {
    let from = slots[group * 2]
    let to = slots[group * 2 + 1]
    guard from >= 0, to >= from, position + (to - from) <= end else { return nil }
    for i in 0..<to - from {
      let a = text[from + i]
      let b = text[position + i]
      guard a == b || ignoreCase && RegexCase.same(a, b) else { return nil }
    }
    return position + (to - from)
  }

  private func holds(_ assertion: RegexAssertion, _ position: Int) -> Bool {
    switch assertion {
    case .textStart: return position == 0
    case .lineStart: return position == 0 || text[position - 1] == 0x0A
    case .textEnd: return position == end
    case .lineEnd: return position == end || text[position] == 0x0A
    case .textEndOrLastLine: return position == end || position == end - 1 && text[position] == 0x0A
    case .boundary(let ascii): return isBoundary(position, ascii)
    // Python finds no \B in an empty text.
    case .notBoundary(let ascii): return end > 0 && !isBoundary(position, ascii)
    }
  }

  private func isBoundary(_ position: Int, _ ascii: Bool) -> Bool {
    let before = position > 0 && RegexSet.holds(.word, text[position - 1], ascii: ascii)
    let after = position < end && RegexSet.holds(.word, text[position], ascii: ascii)
    return before != after
  }
}
