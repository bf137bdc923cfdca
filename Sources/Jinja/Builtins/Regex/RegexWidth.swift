/// How many characters a pattern takes, when that is always the same.
enum RegexWidth {
  static func fixed(_ node: RegexNode) -> Int? {
    switch node {
    case .empty, .look, .assertion: return 0
    case .character, .any, .set: return 1
    case .sequence(let items):
      var sum = 0
      for item in items {
        guard let width = fixed(item) else { return nil }
        sum += width
      }
      return sum
    case .choice(let branches):
      let widths = branches.map(fixed)
      guard let first = widths.first, widths.allSatisfy({ $0 == first }) else { return nil }
      return first
    case .loop(let body, let low, let high, _):
      guard let width = fixed(body) else { return nil }
      return width == 0 ? 0 : low == high ? low * width : nil
    case .capture(let body, _), .atomic(let body): return fixed(body)
    // What the group took is not known before.
    case .backreference: return nil
    case .conditional(_, let yes, let no):
      guard let width = fixed(yes), width == fixed(no) else { return nil }
      return width
    }
  }
}
