import Events
import Manifest

/// The summary after a run: errors and warnings one by one, then the counts.
public enum EndOfRun {
  public static func emit(_ results: [NodeResult], interrupted: Bool, _ log: EventLog, in manifest: Manifest? = nil) {
    var errors: [NodeResult] = []
    var warnings: [NodeResult] = []
    var partial = 0
    for result in results {
      switch result.status {
      case .error, .fail, .runtimeError: errors.append(result)
      case .skipped where result.message != nil && !(result.resource is Exposure): errors.append(result)
      case .warn: warnings.append(result)
      case .partialSuccess: partial += 1
      default: break
      }
    }
    log.emit(.formatting())
    log.emit(.endOfRun(errors: errors.count, warnings: warnings.count, partial: partial, interrupted: interrupted))
    for result in errors { detail(result, warning: false, log, in: manifest) }
    for result in warnings { detail(result, warning: true, log, in: manifest) }
    counts(results, log)
  }

  /// One result that failed or warned, as the summary tells it.
  /// - Parameter leadingLine: whether an empty line comes first.
  public static func detail(
    _ result: NodeResult, warning: Bool, _ log: EventLog, leadingLine: Bool = true,
    in manifest: Manifest? = nil
  ) {
    let resource = result.resource
    let node = resource as? Node
    let info = NodeDescription.info(resource, in: manifest)
    guard result.status != .skipped else {
      if leadingLine { log.emit(.formatting(level: .debug)) }
      log.emit(.resultError(result.message ?? "", node: info, level: .debug))
      return
    }
    if leadingLine { log.emit(.formatting()) }
    guard [.fail, .error].contains(result.status) || warning else {
      if let message = result.message { log.emit(.resultError(message, node: info)) }
      return
    }
    log.emit(
      .resultHeadline(
        warning: warning, resourceType: resource.resourceType.rawValue, name: resource.name,
        path: resource.originalFilePath, node: info))
    if let message = result.message {
      log.emit(warning ? .resultWarning(message, node: info) : .resultError(message, node: info))
    } else {
      log.emit(.resultWithoutMessage(result.status.rawValue, node: info))
    }
    if let path = node?.compiledPath ?? result.compiledPath {
      log.emit(.formatting())
      log.emit(.compiledPath(path, place: result.errorPlace ?? "", node: info))
    }
    if let node, node.resourceType == .test, node.storesFailures, let relation = node.relationName {
      log.emit(.formatting())
      log.emit(.storedFailures(relation, node: info))
    }
  }

  public static func counts(_ results: [NodeResult], _ log: EventLog) {
    var pass = 0
    var warn = 0
    var error = 0
    var skip = 0
    var noop = 0
    for result in results {
      switch result.status {
      case .error, .fail, .partialSuccess, .runtimeError: error += 1
      case .skipped: skip += 1
      case .warn: warn += 1
      case .pass, .success: pass += 1
      case .noOp: noop += 1
      }
    }
    log.emit(.formatting())
    log.emit(.stats(pass: pass, warn: warn, error: error, skip: skip, noop: noop, total: results.count))
  }
}
