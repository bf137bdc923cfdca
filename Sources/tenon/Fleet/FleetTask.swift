import Compiler
import Events
import Manifest
import Project
import Runner
import Tenants

/// What a fleet does for each of its tenants.
struct FleetTask: Sendable {
  /// dbt's name of the command.
  let name: String
  /// The command's own options, as artifacts name them: the selection, a macro's arguments.
  let flags: [String: FlagValue]
  /// False: something failed.
  let body: @Sendable (FleetTurn) throws -> Bool
}

/// One tenant's turn: its own run, with the project parsed for it.
final class FleetTurn {
  let invocation: Invocation
  let project: CompiledProject
  /// The nodes that need not run again, with how they ended.
  let done: [String: NodeOutcome]
  /// What their run said of them, as JSON.
  private let details: [String: String]
  private(set) var outcomes: [String: NodeOutcome]

  init(_ invocation: Invocation, _ project: CompiledProject, done: [String: NodeOutcome], details: [String: String]) {
    self.invocation = invocation
    self.project = project
    self.done = done
    self.details = details
    outcomes = done
  }

  func note(_ results: [NodeResult]) {
    for result in results { outcomes[result.resource.uniqueID] = NodeOutcome(result.status) }
  }

  /// The rows of run_results.json for what need not run again.
  func earlier() -> [ConfigDict] {
    done.keys.compactMap { id in
      EarlierResult.row(id, details[id], project.manifest.nodes[id])
    }.sorted { EarlierResult.began($0) < EarlierResult.began($1) }
  }

  static func counts(_ outcomes: [String: NodeOutcome]) -> TenantCounts {
    var counts = TenantCounts()
    for outcome in outcomes.values {
      switch outcome {
      case .success: counts.success += 1
      case .warn: counts.warn += 1
      case .error: counts.error += 1
      case .skipped: counts.skipped += 1
      }
    }
    return counts
  }
}

extension NodeOutcome {
  init(_ status: NodeStatus) {
    switch status {
    case .success, .pass, .noOp: self = .success
    case .warn: self = .warn
    case .skipped: self = .skipped
    default: self = .error
    }
  }

  /// From the word that events and artifacts have.
  init(word: String) { self = NodeStatus(rawValue: word).map { NodeOutcome($0) } ?? .error }
}
