import Diagnostics

/// What a warning is called in the log: programs follow and silence it by dbt's name and code.
struct WarningName {
  enum Form {
    /// The text alone.
    case plain
    /// `[WARNING]: …`
    case warning
    /// The same, in lines of the printer's width.
    case wrapped
    /// `[WARNING]: Deprecated functionality` and the text below.
    case deprecation
    /// A deprecation whose headline has the event's name as well.
    case namedDeprecation
  }

  let event: String
  let code: String
  let form: Form

  init(_ event: String, _ code: String, _ form: Form = .warning) {
    self.event = event
    self.code = code
    self.form = form
  }

  /// By a diagnostic's code.
  static let table: [String: WarningName] = [
    "constraint-materialization": .init("UnsupportedConstraintMaterialization", "I068", .wrapped),
    "custom-freshness-output": .init("CustomOutputPathInSourceFreshnessDeprecation", "D029", .namedDeprecation),
    "cumulative-fields": .init("MFCumulativeTypeParamsDeprecation", "D019", .wrapped),
    "data-paths": .init("ConfigDataPathDeprecation", "D004", .deprecation),
    "deprecated-model": .init("DeprecatedModel", "I065"),
    "deprecated-reference": .init("DeprecatedReference", "I067"),
    "duplicate-key": .init("DuplicateYAMLKeysDeprecation", "D024", .namedDeprecation),
    "duplicate-name-distinct-node-types": .init("DuplicateNameDistinctNodeTypesDeprecation", "D040", .deprecation),
    "exposure-name": .init("ExposureNameDeprecation", "D007", .deprecation),
    "freshness-config": .init("FreshnessConfigProblem", "I073", .plain),
    "log-path": .init("ConfigLogPathDeprecation", "D010", .deprecation),
    "macro-annotation": .init("InvalidMacroAnnotation", "I076", .plain),
    "microbatch-input": .init("MicrobatchModelNoEventTimeInputs", "I074"),
    "microbatch-macro": .init("MicrobatchMacroOutsideOfBatchesDeprecation", "D020", .wrapped),
    "models-option": .init("ModelParamUsageDeprecation", "D032", .deprecation),
    "moved-property": .init("PropertyMovedToConfigDeprecation", "D030", .namedDeprecation),
    "name-with-spaces": .init("SpacesInResourceNameDeprecation", "D014", .wrapped),
    "names-with-spaces": .init("ResourceNamesWithSpacesDeprecation", "D015", .wrapped),
    "package-depends-on-root": .init("PackageNodeDependsOnRootProjectNode", "I077"),
    "package-redirect": .init("PackageRedirectDeprecation", "D001", .deprecation),
    "renamed-variable": .init("EnvironmentVariableRenamed", "D009", .deprecation),
    "source-paths": .init("ConfigSourcePathDeprecation", "D003", .deprecation),
    "target-path": .init("ConfigTargetPathDeprecation", "D011", .deprecation),
    "test-arguments": .init("MissingArgumentsPropertyInGenericTestDeprecation", "D039", .namedDeprecation),
    "test-arguments-reserved": .init("ArgumentsPropertyInGenericTestDeprecation", "D038", .namedDeprecation),
    "time-spine-without-properties": .init("MFTimespineWithoutYamlConfigurationDeprecation", "D018", .wrapped),
    "unexpected-block": .init("UnexpectedJinjaBlockDeprecation", "D023", .namedDeprecation),
    "unknown-key": .init("CustomTopLevelKeyDeprecation", "D025", .namedDeprecation),
    "unknown-variable": .init("EnvironmentVariableNamespaceDeprecation", "D036", .deprecation),
    "unused-overrides": .init("UnusedTables", "I056"),
    "unreadable-tests": .init("Note", "Z050", .plain),
    "upcoming-deprecation": .init("UpcomingReferenceDeprecation", "I066"),
    "warn-error-names": .init("WEOIncludeExcludeDeprecation", "D031", .namedDeprecation),
    "wrong-section": .init("WrongResourceSchemaFile", "I057"),
  ]
}

extension Event {
  /// Whether dbt has a name for a warning of this kind.
  public static func isNamedWarning(_ found: Diagnostic) -> Bool { WarningName.table[found.code] != nil }

  /// The event of a warning found while reading a project; what has no name of its own is a reference to nothing.
  public static func warning(_ found: Diagnostic) -> Event {
    let name = WarningName.table[found.code] ?? WarningName("NodeNotFoundOrDisabled", "I060")
    let data = found.facts.map { ($0.name, EventValue.string($0.value)) }
    let tag = "[\(ANSI.yellow("WARNING"))]"
    let message =
      switch name.form {
      case .plain: found.message
      case .warning: "\(tag): \(found.message)"
      case .wrapped: OutputLine.wrap("\(tag): \(found.message)")
      case .deprecation: OutputLine.wrap("\(tag): Deprecated functionality\n\n\(found.message)")
      case .namedDeprecation: OutputLine.wrap("\(tag)[\(name.event)]: Deprecated functionality\n\n\(found.message)")
      }
    return Event(name.event, name.code, .warn, message, data: data)
  }

  /// A project's `collect_freshness` gives a table alone.
  public static func freshnessMacroOfOld() -> Event {
    Event(
      "CollectFreshnessReturnSignature", "D012", .warn,
      OutputLine.wrap(
        "[\(ANSI.yellow("WARNING"))]: Deprecated functionality\n\nThe 'collect_freshness' macro signature has changed to "
          + "return the full query result, rather than just a table of values: return `load_result('collect_freshness')`, "
          + "without `.table`."))
  }

  /// Whether it is about something that dbt's next versions do without; they are told of once, and counted.
  public var isDeprecation: Bool {
    level == .warn && code.hasPrefix("D") && !["DeprecationsSummary", "SpacesInResourceNameDeprecation"].contains(name)
  }

  /// How often each deprecation came up, at the end of a command.
  /// - Parameter hints: whether to say how to see them all.
  public static func deprecationsSummary(_ counts: [(event: String, code: String, count: Int)], hints: Bool) -> Event {
    var text =
      "[\(ANSI.yellow("WARNING"))][DeprecationsSummary]: Deprecated functionality\n\nSummary of encountered deprecations:"
    for entry in counts { text += "\n\n- \(entry.event): \(OutputLine.plural(entry.count, "occurrence"))" }
    if hints {
      text +=
        "\n\nTo see all deprecation instances instead of just the first occurrence of each, run command again with the "
        + "`--show-all-deprecations` flag. You may also need to run with `--no-partial-parse` as some deprecations are "
        + "only encountered during parsing."
    }
    return Event(
      "DeprecationsSummary", "D028", .warn, OutputLine.wrap(text),
      data: [
        ("show_all_hint", .bool(hints)),
        (
          "summaries",
          .list(
            counts.map {
              .object([
                ("event_code", .string($0.code)), ("event_name", .string($0.event)), ("occurrences", .int($0.count)),
              ])
            })
        ),
      ])
  }
}
