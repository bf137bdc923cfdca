import Diagnostics

/// `--tenants`: `all`, names and patterns with `*` and `?` in a comma list, `@file` with one of these a line.
public enum TenantSelection {
  /// - Parameters:
  ///   - known: the tenants there are (the registry's and the predefined ones).
  ///   - makesUnknown: names of tenants that are not there will do, since they are going to be made.
  ///   - readFile: the text of a file; may throw.
  /// - Returns: the chosen tenants, each once, in the order they were asked for; those of a pattern by name.
  /// - Throws: `Diagnostics`: a name that is unknown (with the nearest one) or invalid, a pattern that matches nothing.
  public static func choose(
    _ specification: String, known: [TenantName], makesUnknown: Bool = false, readFile: (String) throws -> String
  ) throws -> [TenantName] {
    var chosen: [TenantName] = []
    var seen: Set<TenantName> = []
    var problems: [Diagnostic] = []
    let known = known.sorted()
    let isKnown = Set(known)
    for term in try terms(specification, readFile, depth: 0) {
      let matches: [TenantName]
      if term == "all" || term == "*" {
        matches = known
      } else if term.contains("*") || term.contains("?") {
        matches = known.filter { Glob.matches(term, $0.text) }
        if matches.isEmpty {
          problems.append(Diagnostic("no-tenant-matches", .usage, "No tenant matches '\(term)'."))
        }
      } else {
        do {
          let name = try TenantName(term)
          if makesUnknown || isKnown.contains(name) {
            matches = [name]
          } else {
            matches = []
            let nearest = NearestName.of(term, among: known.map(\.text))
            problems.append(
              Diagnostic(
                "unknown-tenant", .usage, "There is no tenant '\(term)'.",
                hint: nearest.map { "Did you mean '\($0)'?" } ?? "Make it with: tenon tenant create \(term)"))
          }
        } catch let problem as Diagnostic {
          matches = []
          problems.append(problem)
        }
      }
      for name in matches where seen.insert(name).inserted { chosen.append(name) }
    }
    guard problems.isEmpty else { throw Diagnostics(problems) }
    guard !chosen.isEmpty else {
      throw Diagnostic(
        "no-tenant-matches", .usage, "No tenant was chosen: '\(specification)' names none.",
        hint: known.isEmpty ? "There are no tenants yet: tenon tenant create NAME makes one." : nil)
    }
    return chosen
  }

  private static func terms(_ text: String, _ readFile: (String) throws -> String, depth: Int) throws -> [String] {
    var terms: [String] = []
    for part in text.split(whereSeparator: { $0 == "," || $0.isNewline }) {
      let term = TenancySettings.trimmed(String(part.prefix { $0 != "#" }))
      if term.isEmpty { continue }
      guard term.hasPrefix("@") else {
        terms.append(term)
        continue
      }
      guard depth < 8 else {
        throw Diagnostic("tenant-file", .usage, "The files of tenants name each other: \(term).")
      }
      terms += try Self.terms(readFile(String(term.dropFirst())), readFile, depth: depth + 1)
    }
    return terms
  }
}

/// Shell patterns: `*` any text, `?` one character.
enum Glob {
  static func matches(_ pattern: String, _ text: String) -> Bool {
    let pattern = Array(pattern.unicodeScalars)
    let text = Array(text.unicodeScalars)
    var p = 0
    var t = 0
    var star: (p: Int, t: Int)?
    // Only the last star is ever tried again, so that no pattern takes more than the product of the lengths.
    while t < text.count {
      if p < pattern.count, pattern[p] == "*" {
        star = (p, t)
        p += 1
      } else if p < pattern.count, pattern[p] == "?" || pattern[p] == text[t] {
        p += 1
        t += 1
      } else if let last = star {
        star = (last.p, last.t + 1)
        p = last.p + 1
        t = last.t + 1
      } else {
        return false
      }
    }
    while p < pattern.count, pattern[p] == "*" { p += 1 }
    return p == pattern.count
  }
}
