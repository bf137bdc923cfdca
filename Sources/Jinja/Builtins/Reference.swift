/// The reference of the language's built-ins, written from the registries that the interpreter itself uses.
public enum JinjaReference {
  /// `docs/jinja.md`
  public static func markdown() -> String {
    let limits = Limits()
    var out = """
      # The template language

      Templates are Jinja2 3.1 with Python's values underneath: what renders there renders here to the same bytes. The
      syntax is Jinja2's own (https://jinja.palletsprojects.com/en/stable/templates/), with the statements `do`, `break`
      and `continue`; line statements do not exist. This page is written from the tables in the code
      (`TENON_UPDATE_DOCS=1 swift test --filter ReferenceTests`), and a test fails when it is out of date.

      Templates run in a sandbox: they reach what they were given and nothing else. What asks for too much fails with an
      error that says so:

      | Limit | Value |
      | --- | --- |
      | Macros, blocks, includes and recursive loops inside each other | \(limits.depth) |
      | Turns of all loops of a rendering | \(limits.iterations) |
      | Bytes of output | \(limits.outputBytes) |
      | Numbers of a `range` | \(BuiltinGlobals.rangeLimit) |
      | Depth of a template's nesting | \(Parser.maximumDepth) |
      | Steps of matching a regular expression | \(RegexMatcher.stepLimit) |

      Texts may hold lone surrogates, as Python's do. Values that Jinja2 prints with an address in memory are printed with
      another one.


      """
    out += "## Filters\n\n"
    out += table(
      ["Filter", "Parameters", ""],
      BuiltinFilters.all.map { ["`\($0.name)`", code($0.signature), $0.summary] })
    out += "\n## Tests\n\n"
    out += table(
      ["Test", "Parameters", ""],
      BuiltinTests.all.map { ["`\($0.name)`", code($0.signature), $0.summary] })
    out += "\n## Functions\n\n"
    out += table(
      ["Function", "Parameters", ""],
      (BuiltinGlobals.all.map { ($0.name, $0.signature, $0.summary) } + [
        ("namespace", "mapping=(), **kwargs", "An object whose attributes `set` can change from inside loops.")
      ]).sorted { $0.0 < $1.0 }.map { ["`\($0.0)`", code($0.1), $0.2] })
    out += "\n## Methods of values\n"
    for (type, methods) in methodsByType() {
      out += "\n### \(type)\n\n"
      out += methods.map { "`\($0.name)\($0.signature)`" }.joined(separator: ",\n") + "\n"
    }
    out += """

      ## Python's modules

      In dbt's context, `modules` holds what dbt gives of Python:

      | Module | Names |
      | --- | --- |

      """
    let modules: [(String, DictObject)] = [
      ("datetime", DateTimeModule.make()), ("itertools", ItertoolsModule.make()), ("pytz", PytzModule.make()),
      ("re", RegexModule.make()),
    ]
    for (name, module) in modules {
      out +=
        "| `\(name)` | " + module.keys.compactMap(\.asString).sorted().map { "`\($0)`" }.joined(separator: ", ")
        + " |\n"
    }
    out += """

      Zones of `pytz` are read from the system (`/usr/share/zoneinfo`, package tzdata); without it only UTC is known.
      Patterns of `re` are matched by backtracking, as Python's; one that needs more than \
      \(RegexMatcher.stepLimit / 1_000_000) million steps is an error.

      """
    return out
  }

  private static func methodsByType() -> [(String, [(name: String, signature: String)])] {
    var types: [(String, [(name: String, signature: String)])] = []
    for (type, name, signature) in Methods.catalog {
      if let index = types.firstIndex(where: { $0.0 == type }) {
        types[index].1.append((name, signature))
      } else {
        types.append((type, [(name, signature)]))
      }
    }
    types.append(("Decimal", DecimalObject.methodNames))
    types.append(("date", DateObject.methods.catalog))
    types.append(("datetime (and those of date)", DateTimeObject.own.catalog))
    types.append(("time", TimeObject.methods.catalog))
    types.append(("timedelta", TimeDeltaObject.methods.catalog))
    types.append(("tzinfo", TimeZoneObject.methods.catalog))
    types.append(("re.Pattern", PatternObject.catalog))
    types.append(("re.Match", MatchObject.catalog))
    return types.map { ($0.0, $0.1.filter { !$0.name.hasPrefix("__") }.sorted { $0.name < $1.name }) }
  }

  private static func code(_ text: String) -> String { text.isEmpty ? "" : "`\(text)`" }

  private static func table(_ header: [String], _ rows: [[String]]) -> String {
    func row(_ cells: [String]) -> String {
      "| "
        + cells.map { $0.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|") }
        .joined(separator: " | ") + " |\n"
    }
    return row(header) + row(header.map { _ in "---" }) + rows.map(row).joined()
  }
}
