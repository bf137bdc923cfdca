import Compiler
import Events
import Files
import Foundation
import Manifest
import Project
import YAML

/// What an invocation says of its own command line.
extension Invocation {
  /// `flags` of templates: everything that can be switched.
  func templateFlags(_ loaded: LoadedProject) -> ConfigDict {
    var out = arguments(loaded)
    for (name, value) in [
      ("full_refresh", flags.fullRefresh), ("fail_fast", flags.failFast), ("warn_error", flags.warnError),
      ("empty", flags.empty), ("store_failures", flags.storeFailures), ("debug", flags.debug),
      ("single_threaded", flags.singleThreaded), ("log_cache_events", flags.logCacheEvents),
      ("use_experimental_parser", flags.useExperimentalParser),
      // Nothing is ever sent anywhere.
      ("send_anonymous_usage_stats", false),
    ] { out[name] = .bool(value) }
    return out
  }

  /// `invocation_args_dict` of templates and `args` of run_results.
  func arguments(_ loaded: LoadedProject) -> ConfigDict {
    var values = flags.arguments(of: which).merging(ownOptions) { $1 }.mapValues(ConfigValue.init)
    let folder = ProfilesFile.directory(
      option: flags.profilesDirectory, environment: environment, workingDirectory: Path.workingDirectory)
    values["profiles_dir"] = .string(folder)
    values["vars"] = .dict(shownVars(loaded))
    values["which"] = .string(which)
    values["invocation_command"] = .string(
      log.scrub("dbt " + CommandLine.arguments.dropFirst().joined(separator: " ")))
    if which != "run-operation" {
      values["project_dir"] = .string(loaded.root.root)
      values["log_path"] = .string(logFolder(loaded))
      values["warn_error_options"] = .dict([
        "error": .strings(flags.warnErrorOptions.error), "warn": .strings(flags.warnErrorOptions.warn),
        "silence": .strings(flags.warnErrorOptions.silence),
      ])
      if which != "clone" {
        values["sqlparse"] = .dict(["MAX_GROUPING_DEPTH": .null, "MAX_GROUPING_TOKENS": .null])
      }
    }
    if let text = values["args"]?.asString {
      values["args"] = (try? YAML.value(of: text, name: "--args")).map { ConfigValue($0) }
    }
    var out = ConfigDict()
    for (name, value) in values.sorted(by: { $0.key < $1.key }) { out[name] = value }
    return SecretScrub(environment).apply(out)
  }

  /// `--vars` with stars for those that are named as secrets.
  private func shownVars(_ loaded: LoadedProject) -> ConfigDict {
    var out = ConfigDict()
    for entry in ConfigValue(loaded.commandLineVars).asDict ?? ConfigDict() {
      out[entry.key] = entry.key.hasPrefix("DBT_ENV_SECRET") ? "*****" : entry.value
    }
    return out
  }

  private func logFolder(_ loaded: LoadedProject) -> String {
    Path.absolute(flags.logPath ?? loaded.root.logPath, from: loaded.root.root)
  }

  /// The flags that the first lines of a log tell, as Python prints their values.
  var reportedArguments: [(String, String)] {
    func text(_ flag: Bool) -> String { flag ? "True" : "False" }
    func list(_ names: [String]) -> String { "[" + names.map { "'\($0)'" }.joined(separator: ", ") + "]" }
    let options = flags.warnErrorOptions
    return [
      ("write_json", text(flags.writeJSON)), ("log_cache_events", text(flags.logCacheEvents)),
      ("debug", text(flags.debug)), ("target_path", flags.targetPath ?? "None"),
      ("invocation_command", "dbt " + CommandLine.arguments.dropFirst().joined(separator: " ")),
      ("quiet", text(flags.quiet)), ("log_format", flags.logFormat), ("static_parser", text(flags.staticParser)),
      ("empty", text(flags.empty)), ("partial_parse", text(flags.partialParse)),
      ("version_check", text(flags.versionCheck)),
      (
        "profiles_dir",
        ProfilesFile.directory(
          option: flags.profilesDirectory, environment: environment, workingDirectory: Path.workingDirectory)
      ),
      ("fail_fast", text(flags.failFast)),
      ("send_anonymous_usage_stats", text(flags.sendAnonymousUsageStats)),
      ("log_path", log.current.filePath.map(Path.parent) ?? flags.logPath ?? "None"),
      ("cache_selected_only", text(flags.cacheSelectedOnly)), ("introspect", text(flags.introspect)),
      ("indirect_selection", flags.indirectSelection.rawValue), ("use_colors", text(flags.useColors)),
      ("warn_error", flags.given.contains("warn_error") ? text(flags.warnError) : "None"),
      (
        "warn_error_options",
        "WarnErrorOptionsV2(error=\(list(options.error)), warn=\(list(options.warn)), silence=\(list(options.silence)))"
      ),
      ("printer_width", String(flags.printerWidth)), ("no_print", "None"),
      ("use_experimental_parser", text(flags.useExperimentalParser)),
    ]
  }
}

extension ConfigValue {
  init(_ flag: FlagValue) {
    switch flag {
    case .bool(let b): self = .bool(b)
    case .int(let i): self = .int(i)
    case .string(let s): self = .string(s)
    case .strings(let items): self = .strings(items)
    }
  }
}
