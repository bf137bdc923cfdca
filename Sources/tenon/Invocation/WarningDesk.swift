import Compiler
import Diagnostics
import Events
import Project

/// Where warnings pass on their way to the log: shown, silenced or made errors, as flags say. Deprecations are told of
/// once each and counted (https://docs.getdbt.com/reference/global-configs/warnings).
final class WarningDesk: Sendable {
  private let log: EventLog
  private let counts = Locked<[(event: String, code: String, count: Int)]>([])

  init(_ log: EventLog) { self.log = log }

  /// Warnings that never become errors, unless `require_all_warnings_handled_by_warn_error` is set: dbt's, and after
  /// them tenon's own.
  private static let harmless: Set<String> = [
    "FreshnessConfigProblem", "MicrobatchModelNoEventTimeInputs", "WarnStateTargetEqual",
    "ConfigWarning", "CustomTopLevelKeyDeprecation", "FlagWarning", "Note",
  ]

  /// - Throws: the warning, where it counts as an error.
  func take(_ event: Event, _ flags: Flags) throws {
    let repeats = event.isDeprecation && count(event) > 1 && !flags.showAllDeprecations
    if repeats { return }
    if !Self.harmless.contains(event.name) || flags[.requireAllWarningsHandled] {
      if flags.warnError || flags.warnErrorOptions.raises(event.name, code: event.code) {
        throw ExecutionError(.compilation, ANSI.strip(event.message))
      }
      if flags.warnErrorOptions.silences(event.name, code: event.code) { return }
    }
    log.emit(event)
  }

  /// Says how often each deprecation came up.
  func summarize(_ flags: Flags) throws {
    let found = counts.withLock { $0 }
    if found.isEmpty { return }
    try take(.deprecationsSummary(found, hints: !flags.showAllDeprecations), flags)
  }

  private func count(_ event: Event) -> Int {
    counts.withLock { counts in
      guard let index = counts.firstIndex(where: { $0.event == event.name }) else {
        counts.append((event.name, event.code, 1))
        return 1
      }
      counts[index].count += 1
      return counts[index].count
    }
  }
}
