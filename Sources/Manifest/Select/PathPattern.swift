import Diagnostics
import Glibc

/// `path:`: a glob below the project's root, as Python's `pathlib` reads it. It selects what is defined in a matching
/// file, below a matching folder, or described in a matching properties file; the match must exist on disk.
struct PathPattern {
  private enum Part {
    case literal(String)
    case wild(Wildcard)
    /// `**`: this folder and all below.
    case folders
  }

  private let parts: [Part]
  private let root: String?
  private var known: [String: Bool] = [:]

  init(_ text: String, root: String?) throws(Diagnostic) {
    if text.hasPrefix("/") {
      throw Diagnostic("selector-path", .runtime, "Non-relative patterns are unsupported: \"\(text)\"")
    }
    var parts: [Part] = []
    for part in text.split(separator: "/", omittingEmptySubsequences: true) where part != "." {
      if part == "**" {
        parts.append(.folders)
      } else if part.contains("**") {
        throw Diagnostic(
          "selector-path", .runtime, "Invalid pattern: '**' can only be an entire path component: \"\(text)\"")
      } else if Wildcard.has(String(part)) {
        parts.append(.wild(Wildcard(String(part))))
      } else {
        parts.append(.literal(String(part)))
      }
    }
    if parts.isEmpty { throw Diagnostic("selector-path", .runtime, "Unacceptable pattern: '\(text)'") }
    self.parts = parts
    self.root = root
  }

  mutating func matches(_ resource: GraphResource) -> Bool {
    if matches(file: resource.originalFilePath) { return true }
    guard let patch = resource.patchPath, let mark = patch.range(of: "://") else { return false }
    return matchesExactly(String(patch[mark.upperBound...]))
  }

  /// The file or any folder it is in.
  private mutating func matches(file: String) -> Bool {
    if let answer = known[file] { return answer }
    let segments = Self.segments(file)
    var answer = false
    for length in (0...segments.count).reversed() {
      if fits(segments[..<length], isFolder: length < segments.count), exists(segments[..<length]) {
        answer = true
        break
      }
    }
    known[file] = answer
    return answer
  }

  private func matchesExactly(_ file: String) -> Bool {
    let segments = Self.segments(file)
    return fits(segments[...], isFolder: false) && exists(segments[...])
  }

  private static func segments(_ path: String) -> [String] {
    path.split(separator: "/", omittingEmptySubsequences: true).filter { $0 != "." }.map(String.init)
  }

  private func fits(_ segments: ArraySlice<String>, isFolder: Bool) -> Bool {
    func walk(_ p: Int, _ s: Int) -> Bool {
      guard p < parts.count else { return s == segments.endIndex }
      switch parts[p] {
      case .folders:
        if p == parts.count - 1 { return isFolder }
        for next in s...segments.endIndex where walk(p + 1, next) { return true }
        return false
      case .literal(let text): return s < segments.endIndex && segments[s] == text && walk(p + 1, s + 1)
      case .wild(let wildcard): return s < segments.endIndex && wildcard.matches(segments[s]) && walk(p + 1, s + 1)
      }
    }
    return walk(0, segments.startIndex)
  }

  private func exists(_ segments: ArraySlice<String>) -> Bool {
    guard let root else { return true }
    return access(([root] + segments).joined(separator: "/"), F_OK) == 0
  }
}

extension String {
  /// The first place of a text, without Foundation.
  func range(of text: String) -> Range<String.Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
