import Foundation

/// A case of `Tests/Golden/errors`: a mistake people make, and what they see.
///
///     command     what is typed, for a shell
///     project/    the files in which the project differs from the one in `_base`
///     expected    what is printed, with what changes from run to run replaced, and the exit code
///     phrases     what dbt-core 1.11 says too, one a line: programs and people look for it
///
/// `TENON_RECORD=1` writes what comes out now into `expected`.
struct GoldenProject {
  let name: String
  let folder: URL

  static let top: URL = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Golden/errors")

  static let names: [String] = ((try? FileManager.default.contentsOfDirectory(atPath: top.path)) ?? [])
    .filter { !$0.hasPrefix("_") && !$0.hasPrefix(".") }.sorted()

  init(_ name: String) {
    self.name = name
    folder = Self.top.appendingPathComponent(name)
  }

  var command: String {
    get throws { try text("command").trimmingCharacters(in: .newlines) }
  }
  var expected: String? { try? text("expected") }
  var phrases: [String] { ((try? text("phrases")) ?? "").split(separator: "\n").map(String.init) }

  /// Only what touches a database needs one.
  var needsDatabase: Bool {
    get throws {
      let command = try command
      return !["parse", "ls ", "deps", "--no-introspect"].contains { command.contains($0) }
    }
  }

  private func text(_ file: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
  }

  /// The whole project: the base's files with the case's own over them.
  func copy(to destination: URL) throws {
    for source in [Self.top.appendingPathComponent("_base"), folder.appendingPathComponent("project")] {
      guard let files = FileManager.default.enumerator(atPath: source.path) else { continue }
      for case let path as String in files where files.fileAttributes?[.type] as? FileAttributeType == .typeRegular {
        let target = destination.appendingPathComponent(path)
        try FileManager.default.createDirectory(
          at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try? FileManager.default.removeItem(at: target)
        try FileManager.default.copyItem(at: source.appendingPathComponent(path), to: target)
      }
    }
  }

  func record(_ text: String) throws {
    try text.write(to: folder.appendingPathComponent("expected"), atomically: true, encoding: .utf8)
  }
}

/// What changes from run to run and from machine to machine, out of a text.
struct Normalizer {
  /// Exact texts, longest first, with what stands for them.
  var names: [(String, String)]

  func apply(_ text: String) -> String {
    var out: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var line = line
      if let time = line.prefixMatch(of: #/\d\d:\d\d:\d\d  /#) { line = line[time.range.upperBound...] }
      if line.hasPrefix("Running with dbt=") || line.hasPrefix("Registered adapter: ") { continue }
      out.append(line)
    }
    var text = out.joined(separator: "\n")
    for (name, replacement) in names { text = text.replacing(name, with: replacement) }
    text = text.replacing(#/\d+ macros/#, with: "500 macros").replacing(#/in \d+\.\d\ds/#, with: "in 0.00s")
    return text.replacing(
      #/in \d+ hours \d+ minutes and \d+\.\d\d seconds \(\d+\.\d\ds\)/#,
      with: "in 0 hours 0 minutes and 0.00 seconds (0.00s)")
  }
}
