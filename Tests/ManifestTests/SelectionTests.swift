import Diagnostics
import Testing

@testable import Manifest

/// What dbt selects for each line of selections.txt, and what this code does.
@Suite struct SelectionTests {
  @Test(arguments: ["shop", "semantic", "changed"]) func selectsWhatDbtSelects(_ project: String) throws {
    let cases = try Golden.json("\(project)/expected/selections.json").asList ?? []
    #expect(cases.count > 10)
    for entry in cases {
      let line = entry.asDict?["arguments"]?.asString ?? ""
      let expected = entry.asDict?["selected"]?.asStrings
      let failure = entry.asDict?["error"]?.asString
      do {
        let selected = try select(project, line)
        #expect(selected == expected, "\(line)")
      } catch let problem as Diagnosed {
        #expect(failure != nil, "\(line): \(problem.message)")
        if let failure, failure.hasPrefix("Runtime Error\n  ") {
          #expect(failure == "Runtime Error\n  " + problem.message, "\(line)")
        }
      }
    }
  }

  struct Diagnosed: Error { var message: String }

  private func select(_ project: String, _ line: String) throws -> [String] {
    let arguments = Arguments(line)
    let manifest = try Golden.manifest(project)
    do {
      let graph = try Graph(manifest)
      let selector = NodeSelector(
        graph: graph, manifest: manifest, projectRoot: "\(Golden.folder)/\(project)",
        state: try state(project, arguments))
      let spec: SelectionSpec
      if let name = arguments.selector {
        let file = try Golden.json("\(project)/expected/selectors.json").asList ?? []
        spec = try SelectorDefinitions(file, indirect: arguments.indirect).selector(name)
      } else {
        spec = try SelectionParser.parse(
          select: arguments.select, exclude: arguments.exclude, indirect: arguments.indirect)
      }
      return graph.uniqueIDs(try selector.select(spec, types: arguments.types, includesEmpty: true))
    } catch let problem as Diagnostic {
      throw Diagnosed(message: problem.message)
    }
  }

  private func state(_ project: String, _ arguments: Arguments) throws -> PreviousState? {
    guard let folder = arguments.state else { return nil }
    let path = "\(Golden.folder)/\(project)/\(folder)"
    return try PreviousState.read(folder: path, targetFolder: path + "-current")
  }

  @Test func everySelectorOfAManifestIsNormalizedAsDbtDoes() throws {
    let file = try Golden.json("shop/expected/selectors.json").asList ?? []
    let manifest = try Golden.manifest("shop")
    let own = try SelectorDefinitions(file)
    #expect(own.normalized == manifest.selectors)
  }

  @Test func criteriaThatMatchNothingWarn() throws {
    let manifest = try Golden.manifest("shop")
    let selector = NodeSelector(graph: try Graph(manifest), manifest: manifest)
    _ = try selector.select(try SelectionParser.parse(select: ["stg_orders nope,tag:x"]))
    #expect(
      selector.unmatched == ["nope,tag:x"])
  }

  @Test func unknownMethodsSuggestTheNearest() {
    do {
      _ = try SelectionParser.parse(select: ["tagg:x"])
      Issue.record("no error")
    } catch {
      #expect(error.message == "'tagg' is not a valid method name")
      #expect(error.hint == "did you mean 'tag:'?")
    }
  }

  @Test(arguments: [
    ("*", "", true), ("a*c", "abbc", true), ("a*c", "abb", false), ("a?c", "abc", true), ("[a-c]x", "bx", true),
    ("[!a-c]x", "bx", false), ("[!a-c]x", "dx", true), ("[x", "[x", true), ("[]a]", "]", true), ("a[", "a[", true),
    ("*a*b*", "xxaxxbxx", true), ("*a*b*", "xxbxxaxx", false), ("é?", "éü", true), ("a/*", "a/b/c", true),
  ]) func wildcards(_ pattern: String, _ text: String, _ matches: Bool) {
    #expect(Wildcard(pattern).matches(text) == matches)
  }
}

/// The selection flags of a `dbt ls` command line.
private struct Arguments {
  var select: [String]?
  var exclude: [String]?
  var selector: String?
  var state: String?
  var indirect = IndirectSelection.eager
  var types: Set<ResourceType> = [
    .model, .snapshot, .seed, .test, .source, .exposure, .metric, .savedQuery, .semanticModel, .unitTest, .function,
  ]

  init(_ line: String) {
    var flag = ""
    var wanted: [String] = []
    var unwanted: [String] = []
    for word in Self.words(line) {
      if word.hasPrefix("--") {
        flag = word
        continue
      }
      switch flag {
      case "--select": select = (select ?? []) + [word]
      case "--exclude": exclude = (exclude ?? []) + [word]
      case "--selector": selector = word
      case "--state": state = word
      case "--indirect-selection": indirect = IndirectSelection(rawValue: word) ?? .eager
      case "--resource-type": wanted.append(word)
      case "--exclude-resource-type": unwanted.append(word)
      default: Issue.record("unknown flag \(flag)")
      }
    }
    if !wanted.isEmpty, !wanted.contains("default") {
      types =
        wanted.contains("all") ? types.union([.analysis]) : Set(wanted.compactMap { ResourceType(rawValue: $0) })
    }
    for word in unwanted { if let type = ResourceType(rawValue: word) { types.remove(type) } }
  }

  /// Words of a shell: blanks separate, double quotes join.
  private static func words(_ line: String) -> [String] {
    var out: [String] = []
    var word = ""
    var isOpen = false
    var isWord = false
    for character in line {
      if character == "\"" {
        isOpen.toggle()
        isWord = true
      } else if character == " ", !isOpen {
        if isWord { out.append(word) }
        word = ""
        isWord = false
      } else {
        word.append(character)
        isWord = true
      }
    }
    if isWord { out.append(word) }
    return out
  }
}
