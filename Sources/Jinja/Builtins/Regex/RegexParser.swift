/// Reads a pattern in the syntax of Python's `re`.
struct RegexParser {
  let text: [UInt32]
  var at = 0
  var flags: RegexFlags
  private var depth = 0
  private(set) var groupCount = 0
  private(set) var groupNames: [(name: String, index: Int)] = []
  private(set) var openGroups: Set<Int> = []
  /// Up to here the pattern is nothing but flags, comments and ignored space: more global flags may follow.
  private var leading = 0

  /// - Returns: the tree, the flags (the pattern's own included), how many groups there are, and their names.
  /// - Throws: `TemplateError(.value)` with the message of `re.error`.
  static func parse(_ pattern: Str, _ flags: RegexFlags) throws -> (RegexNode, RegexFlags, Int, [(String, Int)]) {
    var parser = RegexParser(pattern, flags)
    let node = try parser.choice()
    if parser.at < parser.text.count { throw parser.error("unbalanced parenthesis", parser.at) }
    if !parser.flags.contains(.ascii) { parser.flags.insert(.unicode) }
    return (node, parser.flags, parser.groupCount, parser.groupNames.map { ($0.name, $0.index) })
  }

  private init(_ pattern: Str, _ flags: RegexFlags) {
    var text: [UInt32] = []
    pattern.withUTF8 { bytes in
      var i = 0
      while i < bytes.count {
        let (scalar, length) = UTF8Scan.decode(bytes, i)
        text.append(scalar)
        i += length
      }
    }
    self.text = text
    self.flags = flags
  }

  func error(_ message: String, _ place: Int) -> TemplateError {
    TemplateError(.value, "\(message) at position \(place)")
  }

  var current: UInt32? { at < text.count ? text[at] : nil }
  func isNext(_ c: Unicode.Scalar) -> Bool { at < text.count && text[at] == c.value }
  mutating func take(_ c: Unicode.Scalar) -> Bool {
    guard isNext(c) else { return false }
    at += 1
    return true
  }

  // MARK: - Choices, sequences, loops

  private mutating func choice() throws -> RegexNode {
    depth += 1
    defer { depth -= 1 }
    if depth > 200 { throw TemplateError(.recursion, "the pattern is nested too deeply") }
    var branches = [try sequence()]
    while take("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence() throws -> RegexNode {
    var items: [RegexNode] = []
    while let c = current, c != 0x7C, c != 0x29 {
      let start = at
      if flags.contains(.verbose), Characters.isSpace(c) || c == 0x23 {
        at += 1
        if c == 0x23 { while at < text.count, text[at] != 0x0A { at += 1 } }
        if start == leading { leading = at }
        continue
      }
      if let quantifier = try quantifier() {
        _ = quantifier
        throw error("nothing to repeat", start)
      }
      guard let atom = try atom() else {
        if start == leading { leading = at }
        continue
      }
      items.append(try loops(atom))
    }
    return items.count == 1 ? items[0] : items.isEmpty ? .empty : .sequence(items)
  }

  private mutating func loops(_ atom: RegexNode) throws -> RegexNode {
    if flags.contains(.verbose) {
      while let c = current, Characters.isSpace(c) { at += 1 }
    }
    let start = at
    guard let (low, high) = try quantifier() else { return atom }
    if case .assertion(let assertion) = atom {
      switch assertion {
      case .textStart, .lineStart: throw error("nothing to repeat", start)
      default: break
      }
    }
    var kind = RegexLoopKind.greedy
    if take("?") { kind = .lazy } else if take("+") { kind = .possessive }
    let again = at
    if try quantifier() != nil { throw error("multiple repeat", again) }
    return .loop(atom, min: low, max: high, kind)
  }

  /// `*`, `+`, `?`, `{m,n}`; braces that are none of these are plain characters.
  private mutating func quantifier() throws -> (Int, Int)? {
    switch current {
    case 0x2A:
      at += 1
      return (0, .max)
    case 0x2B:
      at += 1
      return (1, .max)
    case 0x3F:
      at += 1
      return (0, 1)
    case 0x7B:
      let start = at
      at += 1
      let low = number()
      var high = low
      let comma = take(",")
      if comma { high = number() }
      guard take("}"), low != nil || comma else {
        at = start
        return nil
      }
      let range = (low ?? 0, comma ? high ?? .max : low ?? 0)
      if range.0 > range.1 { throw error("min repeat greater than max repeat", start + 1) }
      if range.0 > 1_000_000 || range.1 != .max && range.1 > 1_000_000 {
        throw TemplateError(.overflow, "the repetition number is too large")
      }
      return range
    default: return nil
    }
  }

  mutating func number() -> Int? {
    var value: Int?
    while let c = current, c >= 0x30, c <= 0x39 {
      value = min((value ?? 0) * 10 + Int(c - 0x30), 1 << 40)
      at += 1
    }
    return value
  }

  // MARK: - Atoms

  private mutating func atom() throws -> RegexNode? {
    guard let c = current else { return nil }
    switch c {
    case 0x2E:
      at += 1
      return .any(newline: flags.contains(.dotAll))
    case 0x5E:
      at += 1
      return .assertion(flags.contains(.multiline) ? .lineStart : .textStart)
    case 0x24:
      at += 1
      return .assertion(flags.contains(.multiline) ? .lineEnd : .textEndOrLastLine)
    case 0x5B: return try set()
    case 0x28: return try group()
    case 0x5C: return try escape()
    default:
      at += 1
      return literal(c)
    }
  }

  func literal(_ c: UInt32) -> RegexNode {
    let ignoreCase =
      flags.contains(.ignoreCase) && !RegexCase.variants(c, ascii: flags.contains(.ascii)).allSatisfy { $0 == c }
    return .character(c, ignoreCase: ignoreCase)
  }

  private mutating func group() throws -> RegexNode? {
    let start = at
    at += 1
    let saved = flags
    var node: RegexNode
    var captureIndex: Int?
    var wrap: ((RegexNode) -> RegexNode)?
    if take("?") {
      guard let c = current else { throw error("unexpected end of pattern", at) }
      at += 1
      switch c {
      case 0x3A: break
      case 0x3D: wrap = { .look($0, ahead: true, negative: false) }
      case 0x21: wrap = { .look($0, ahead: true, negative: true) }
      case 0x3E: wrap = { .atomic($0) }
      case 0x23:
        while !isNext(")") {
          guard at < text.count else { throw error("missing ), unterminated comment", start) }
          at += 1
        }
        at += 1
        return nil
      case 0x3C:
        guard let behind = current else { throw error("unexpected end of pattern", at) }
        guard behind == 0x3D || behind == 0x21 else {
          throw error("unknown extension ?<\(character(behind))", start + 1)
        }
        at += 1
        wrap = { .look($0, ahead: false, negative: behind == 0x21) }
      case 0x50:
        if take("<") {
          captureIndex = try openGroup(try name(until: 0x3E), start)
        } else if take("=") {
          let begin = at
          let name = try name(until: 0x29)
          guard let index = groupNames.first(where: { $0.name == name })?.index else {
            throw error("unknown group name '\(name)'", begin)
          }
          return .backreference(index, ignoreCase: flags.contains(.ignoreCase))
        } else {
          guard let next = current else { throw error("unexpected end of pattern", at) }
          throw error("unknown extension ?P\(character(next))", start + 1)
        }
      case 0x28: return try conditional(start)
      default:
        at -= 1
        if try inlineFlags(start) { return nil }
      }
    } else {
      captureIndex = try openGroup(nil, start)
    }
    node = try choice()
    guard take(")") else { throw error("missing ), unterminated subpattern", start) }
    flags = saved
    if let captureIndex {
      openGroups.remove(captureIndex)
      node = .capture(node, captureIndex)
    }
    if case .look(_, ahead: false, _)? = wrap?(node), RegexWidth.fixed(node) == nil {
      throw TemplateError(.value, "look-behind requires fixed-width pattern")
    }
    return wrap?(node) ?? node
  }

  private mutating func openGroup(_ name: String?, _ start: Int) throws -> Int {
    groupCount += 1
    if let name {
      if let old = groupNames.first(where: { $0.name == name }) {
        throw error("redefinition of group name '\(name)' as group \(groupCount); was group \(old.index)", start + 4)
      }
      groupNames.append((name, groupCount))
    }
    openGroups.insert(groupCount)
    return groupCount
  }

  mutating func name(until end: UInt32) throws -> String {
    let begin = at
    while let c = current, c != end {
      _ = c
      at += 1
    }
    guard at < text.count else {
      throw error("missing \(character(end)), unterminated name", begin)
    }
    let scalars = text[begin..<at]
    at += 1
    guard let first = scalars.first else { throw error("missing group name", begin) }
    let name = string(scalars)
    guard Characters.isWord(first), !Characters.isDigit(first), scalars.allSatisfy(Characters.isWord) else {
      throw error("bad character in group name '\(name)'", begin)
    }
    return name
  }

  private mutating func conditional(_ start: Int) throws -> RegexNode {
    let begin = at
    while let c = current, c != 0x29 {
      _ = c
      at += 1
    }
    guard at < text.count else { throw error("missing ), unterminated name", begin) }
    let name = string(text[begin..<at])
    at += 1
    let index: Int
    if let number = Int(name) {
      guard number > 0 else { throw error("bad group number", begin) }
      index = number
    } else if let named = groupNames.first(where: { $0.name == name }) {
      index = named.index
    } else {
      throw error("unknown group name '\(name)'", begin)
    }
    guard index <= groupCount else { throw error("invalid group reference \(index)", begin) }
    let yes = try sequence()
    let no = take("|") ? try sequence() : .empty
    if isNext("|") { throw error("conditional backref with more than two branches", at) }
    guard take(")") else { throw error("missing ), unterminated subpattern", start) }
    return .conditional(group: index, yes, no)
  }

  /// `(?i)` for the whole pattern (true), or the opening of `(?i-m:…)` (false).
  private mutating func inlineFlags(_ start: Int) throws -> Bool {
    var on: RegexFlags = []
    var off: RegexFlags = []
    var negative = false
    while let c = current {
      at += 1
      switch c {
      case 0x69: if negative { off.insert(.ignoreCase) } else { on.insert(.ignoreCase) }
      case 0x6D: if negative { off.insert(.multiline) } else { on.insert(.multiline) }
      case 0x73: if negative { off.insert(.dotAll) } else { on.insert(.dotAll) }
      case 0x78: if negative { off.insert(.verbose) } else { on.insert(.verbose) }
      case 0x61 where !negative: on.insert(.ascii)
      case 0x75 where !negative: on.insert(.unicode)
      case 0x4C: throw error("bad inline flags: cannot use 'L' flag with a str pattern", at)
      case 0x2D where !negative: negative = true
      case 0x29:
        guard !negative else { throw error("missing :", at - 1) }
        guard start == leading else { throw error("global flags not at the start of the expression", start) }
        flags.formUnion(on)
        return true
      case 0x3A:
        flags.formUnion(on)
        flags.subtract(off)
        if on.contains(.unicode) { flags.remove(.ascii) }
        return false
      default:
        if on.isEmpty, !negative { throw error("unknown extension ?\(character(c))", start + 1) }
        throw error("unknown flag", at - 1)
      }
    }
    throw error(on.isEmpty ? "unexpected end of pattern" : "missing -, : or )", at)
  }

  func character(_ c: UInt32) -> String { Unicode.Scalar(c).map { String(Character($0)) } ?? "\u{FFFD}" }
  func string(_ scalars: ArraySlice<UInt32>) -> String {
    var view = String.UnicodeScalarView()
    for c in scalars { view.append(Unicode.Scalar(c) ?? "\u{FFFD}") }
    return String(view)
  }
}
