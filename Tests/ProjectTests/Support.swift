import Diagnostics
import Foundation
import Testing
import YAML

@testable import Project

let golden = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Golden/project")

/// Lines of an input, a tab and what is expected.
func goldenLines(_ name: String) throws -> [(input: String, expected: String)] {
  try String(contentsOf: golden.appendingPathComponent(name), encoding: .utf8).split(separator: "\n").map { line in
    let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    return (parts[0], parts[1])
  }
}

/// A folder that is gone when the test is.
final class Folder {
  let path: String

  init(_ files: [String: String] = [:]) throws {
    path = NSTemporaryDirectory() + "tenon-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, text) in files { try write(name, text) }
  }

  func write(_ name: String, _ text: String) throws {
    let url = URL(fileURLWithPath: path).appendingPathComponent(name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: url, atomically: false, encoding: .utf8)
  }

  func read(_ name: String) throws -> String { try String(contentsOfFile: path + "/" + name, encoding: .utf8) }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Renders `{{ name }}` from a table and `{{ 12 }}` as numbers; enough to see what is rendered and with what context.
struct TableRenderer: ConfigRenderer, ConfigRendererProvider {
  var names: [String: YAMLValue] = [:]

  func renderer(_ context: ConfigContext) -> any ConfigRenderer {
    var copy = self
    switch context {
    case .project(let target, _, _): copy.names["target_name"] = .string(target?.targetName ?? "none")
    default: break
    }
    return copy
  }

  func render(_ text: String, at range: SourceRange) throws(Diagnostic) -> YAMLValue {
    let inner = text.dropFirst(2).dropLast(2).filter { $0 != " " }
    if let value = names[inner] { return value }
    if let number = Int(inner) { return .int(number) }
    throw Diagnostic("undefined", .compilation, "\(inner) is undefined", range: range)
  }
}

let profiles = """
  shop:
    target: dev
    outputs:
      dev: {type: postgres, host: localhost, user: u, password: pw, port: 5432, dbname: d, schema: s, threads: 2}
      prod: {type: postgres, host: db, user: u, pass: pw, port: "{{ 6000 }}", database: d, schema: s}
      broken: {type: postgres, host: "{{ missing }}"}
  """

func codes(_ error: (any Error)?) -> [String] {
  switch error {
  case let error as Diagnostics: error.all.map(\.code)
  case let error as Diagnostic: [error.code]
  default: []
  }
}

func loader(_ folder: Folder, _ edit: (inout ProjectLoader.Options) -> Void = { _ in }) -> ProjectLoader {
  var options = ProjectLoader.Options(environment: ["HOME": "/nowhere"], workingDirectory: folder.path)
  edit(&options)
  return ProjectLoader(options, renderers: TableRenderer())
}
