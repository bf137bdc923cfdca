/// Running nodes: starts, results and summaries.
extension Event {
  public static func concurrency(threads: Int, target: String, nodes: Int) -> Event {
    Event(
      "ConcurrencyLine", "Q027", .info,
      "Concurrency: \(threads) \(threads == 1 ? "threads" : "threads") (target='\(target)')",
      data: [("node_count", .int(nodes)), ("num_threads", .int(threads)), ("target_name", .string(target))])
  }

  public static func nodeStart(_ node: NodeInfo) -> Event {
    Event("NodeStart", "Q024", .debug, .about("Began running node ", node.uniqueID), node: node)
  }

  public static func nodeCompiling(_ node: NodeInfo) -> Event {
    Event("NodeCompiling", "Q030", .debug, .about("Began compiling node ", node.uniqueID), node: node)
  }

  public static func nodeExecuting(_ node: NodeInfo) -> Event {
    Event("NodeExecuting", "Q031", .debug, .about("Began executing node ", node.uniqueID), node: node)
  }

  public static func nodeFinished(_ node: NodeInfo, runResult: @escaping @Sendable () -> EventValue) -> Event {
    Event(
      "NodeFinished", "Q025", .debug, .about("Finished running node ", node.uniqueID), node: node,
      data: { [("run_result", runResult())] })
  }

  /// About the node that the thread is working on.
  public static func writingInjectedSQL(_ id: String) -> Event {
    Event(
      "WritingInjectedSQLForNode", "Q029", .debug, .about("Writing injected SQL for node \"", id, "\""),
      inheritsNode: true)
  }

  public static func startLine(_ description: String, index: Int, total: Int, node: NodeInfo) -> Event {
    Event(
      "LogStartLine", "Q011", .info,
      OutputLine.make("START \(description)", status: "RUN", index: index, total: total), node: node,
      data: [("description", .string(description)), ("index", .int(index)), ("total", .int(total))])
  }

  /// `status` is dbt's status word or, where a model succeeded, the database's command tag.
  public static func modelResult(
    _ description: String, status: String, index: Int, total: Int, seconds: Double, node: NodeInfo
  ) -> Event {
    let (info, shown, level): (String, String, Level)
    if status == "error" {
      (info, shown, level) = ("ERROR creating", ANSI.red("ERROR"), .error)
    } else if status.uppercased().contains("PARTIAL SUCCESS") {
      (info, shown, level) = ("PARTIALLY created", ANSI.yellow(status.uppercased()), .info)
    } else {
      (info, shown, level) = ("OK created", ANSI.green(status), .info)
    }
    return Event(
      "LogModelResult", "Q012", level,
      OutputLine.make("\(info) \(description)", status: shown, index: index, total: total, seconds: seconds),
      node: node,
      data: [
        ("description", .string(description)), ("execution_time", .double(seconds)), ("index", .int(index)),
        ("status", .string(status)), ("total", .int(total)),
      ])
  }

  public static func functionResult(
    _ description: String, status: String, index: Int, total: Int, seconds: Double, node: NodeInfo
  ) -> Event {
    let failed = status == "error"
    return Event(
      "LogFunctionResult", "Q047", failed ? .error : .info,
      OutputLine.make(
        "\(failed ? "ERROR creating" : "OK created") \(description)",
        status: failed ? ANSI.red("ERROR") : ANSI.green(status.uppercased()), index: index, total: total,
        seconds: seconds), node: node,
      data: [
        ("description", .string(description)), ("execution_time", .double(seconds)), ("index", .int(index)),
        ("status", .string(status)), ("total", .int(total)),
      ])
  }

  public static func seedResult(
    status: String, message: String, schema: String, relation: String, index: Int, total: Int, seconds: Double,
    node: NodeInfo
  ) -> Event {
    let failed = status == "error"
    return Event(
      "LogSeedResult", "Q016", failed ? .error : .info,
      OutputLine.make(
        "\(failed ? "ERROR loading" : "OK loaded") seed file \(schema).\(relation)",
        status: failed ? ANSI.red("ERROR") : ANSI.green(message), index: index, total: total, seconds: seconds),
      node: node,
      data: [
        ("execution_time", .double(seconds)), ("index", .int(index)), ("relation", .string(relation)),
        ("result_message", .string(message)), ("schema", .string(schema)), ("status", .string(status)),
        ("total", .int(total)),
      ])
  }

  public static func seedHeader(_ text: String) -> Event {
    Event("SeedHeader", "Q004", .info, text, data: [("header", .string(text))])
  }

  public static func snapshotResult(
    _ description: String, status: String, message: String, config: [(String, String)], index: Int, total: Int,
    seconds: Double, node: NodeInfo
  ) -> Event {
    let failed = status == "error"
    return Event(
      "LogSnapshotResult", "Q015", failed ? .error : .info,
      OutputLine.make(
        "\(failed ? "ERROR snapshotting" : "OK snapshotted") \(description)",
        status: failed ? ANSI.red("ERROR") : ANSI.green(message), index: index, total: total, seconds: seconds),
      node: node,
      data: [
        ("cfg", .object(config.map { ($0.0, .string($0.1)) })), ("description", .string(description)),
        ("execution_time", .double(seconds)), ("index", .int(index)), ("result_message", .string(message)),
        ("status", .string(status)), ("total", .int(total)),
      ])
  }

  public static func testResult(
    _ name: String, status: String, failures: Int, attachedNode: String, index: Int, total: Int, seconds: Double,
    node: NodeInfo
  ) -> Event {
    let (info, shown, level): (String, String, Level)
    switch status {
    case "error": (info, shown, level) = ("ERROR", ANSI.red("ERROR"), .error)
    case "pass": (info, shown, level) = ("PASS", ANSI.green("PASS"), .info)
    case "warn": (info, shown, level) = ("WARN \(failures)", ANSI.yellow("WARN \(failures)"), .warn)
    default: (info, shown, level) = ("FAIL \(failures)", ANSI.red("FAIL \(failures)"), .error)
    }
    return Event(
      "LogTestResult", "Q007", level,
      OutputLine.make("\(info) \(name)", status: shown, index: index, total: total, seconds: seconds), node: node,
      data: [
        ("attached_node", .string(attachedNode)), ("execution_time", .double(seconds)), ("index", .int(index)),
        ("name", .string(name)), ("num_failures", .int(failures)), ("num_models", .int(total)),
        ("status", .string(status)),
      ])
  }

  public static func freshnessResult(
    status: String, source: String, table: String, index: Int, total: Int, seconds: Double, node: NodeInfo
  ) -> Event {
    let (info, shown, level): (String, String, Level)
    switch status {
    case "runtime error": (info, shown, level) = ("ERROR", ANSI.red("ERROR"), .error)
    case "error": (info, shown, level) = ("ERROR STALE", ANSI.red("ERROR STALE"), .error)
    case "warn": (info, shown, level) = ("WARN", ANSI.yellow("WARN"), .warn)
    default: (info, shown, level) = ("PASS", ANSI.green("PASS"), .info)
    }
    return Event(
      "LogFreshnessResult", "Q018", level,
      OutputLine.make(
        "\(info) freshness of \(source).\(table)", status: shown, index: index, total: total, seconds: seconds),
      node: node,
      data: [
        ("execution_time", .double(seconds)), ("index", .int(index)), ("source_name", .string(source)),
        ("status", .string(status)), ("table_name", .string(table)), ("total", .int(total)),
      ])
  }

  public static func noOp(_ description: String, index: Int, total: Int, seconds: Double, node: NodeInfo) -> Event {
    Event(
      "LogNodeNoOpResult", "Q019", .info,
      OutputLine.make(
        "NO-OP \(description)", status: ANSI.yellow("NO-OP"), index: index, total: total, seconds: seconds), node: node,
      data: [
        ("description", .string(description)), ("execution_time", .double(seconds)), ("index", .int(index)),
        ("status", ""), ("total", .int(total)),
      ])
  }

  public static func skipping(
    resourceType: String, schema: String, name: String, index: Int, total: Int, node: NodeInfo
  ) -> Event {
    let isRelation = ["model", "seed", "snapshot"].contains(resourceType)
    return Event(
      "SkippingDetails", "Q034", .info,
      OutputLine.make(
        isRelation ? "SKIP relation \(schema).\(name)" : "SKIP \(resourceType) \(name)", status: ANSI.yellow("SKIP"),
        index: index, total: total), node: node,
      data: [
        ("index", .int(index)), ("node_name", .string(name)), ("resource_type", .string(resourceType)),
        ("schema", .string(schema)), ("total", .int(total)),
      ])
  }

  public static func skipBecauseEphemeral(
    schema: String, relation: String, status: String, index: Int, total: Int
  ) -> Event {
    Event(
      "LogSkipBecauseError", "Z034", .error,
      OutputLine.make(
        "SKIP relation \(schema).\(relation) due to ephemeral model status '\(status)'",
        status: ANSI.red("ERROR SKIP"), index: index, total: total),
      data: [
        ("index", .int(index)), ("relation", .string(relation)), ("schema", .string(schema)),
        ("status", .string(status)), ("total", .int(total)),
      ])
  }

  public static func hookStart(_ statement: String, index: Int, total: Int, node: NodeInfo) -> Event {
    Event(
      "LogHookStartLine", "Q032", .info,
      OutputLine.make("START hook: \(statement)", status: "RUN", index: index, total: total, truncate: true),
      node: node,
      data: [("index", .int(index)), ("statement", .string(statement)), ("total", .int(total))])
  }

  public static func hookEnd(
    _ statement: String, status: String, index: Int, total: Int, seconds: Double, node: NodeInfo
  ) -> Event {
    let (info, shown): (String, String)
    switch status {
    case "success": (info, shown) = ("OK", ANSI.green("OK"))
    case "skipped": (info, shown) = ("SKIP", ANSI.yellow("SKIP"))
    default: (info, shown) = ("ERROR", ANSI.red("ERROR"))
    }
    return Event(
      "LogHookEndLine", "Q033", .info,
      OutputLine.make(
        "\(info) hook: \(statement)", status: shown, index: index, total: total, seconds: seconds, truncate: true),
      node: node,
      data: [
        ("execution_time", .double(seconds)), ("index", .int(index)), ("statement", .string(statement)),
        ("status", .string(status)), ("total", .int(total)),
      ])
  }

  public static func startBatch(_ description: String, index: Int, total: Int, node: NodeInfo) -> Event {
    Event(
      "LogStartBatch", "Q045", .info,
      "Batch " + OutputLine.make("START \(description)", status: "RUN", index: index, total: total), node: node,
      data: [("batch_index", .int(index)), ("description", .string(description)), ("total_batches", .int(total))])
  }

  public static func batchResult(
    _ description: String, status: String, index: Int, total: Int, seconds: Double, node: NodeInfo
  ) -> Event {
    let (info, shown, level): (String, String, Level)
    switch status {
    case "error": (info, shown, level) = ("ERROR creating", ANSI.red("ERROR"), .error)
    case "skipped": (info, shown, level) = ("SKIP", ANSI.yellow("SKIPPED"), .info)
    default: (info, shown, level) = ("OK created", ANSI.green(status), .info)
    }
    return Event(
      "LogBatchResult", "Q046", level,
      "Batch "
        + OutputLine.make("\(info) \(description)", status: shown, index: index, total: total, seconds: seconds),
      node: node,
      data: [
        ("batch_index", .int(index)), ("description", .string(description)), ("execution_time", .double(seconds)),
        ("status", .string(status)), ("total_batches", .int(total)),
      ])
  }

  /// A batch that failed outside of what its node expects.
  public static func exceptionOnRun(_ text: String, node: NodeInfo) -> Event {
    Event(
      "GenericExceptionOnRun", "W004", .error, "Unhandled error while executing \n\(text)", node: node,
      data: [("build_path", ""), ("exc", .string(text)), ("unique_id", .string(node.uniqueID))])
  }

  /// - Parameter runResult: of the node for which its children are left out.
  public static func markSkippedChildren(
    _ uniqueID: String, status: String, message: String?, runResult: EventValue
  ) -> Event {
    let reason = message.map { $0.isEmpty ? "" : " Reason: \($0)." } ?? ""
    return Event(
      "MarkSkippedChildren", "Z033", .debug,
      "Marking all children of '\(uniqueID)' to be skipped because of status '\(status)'. \(reason)",
      data: [("run_result", runResult), ("status", .string(status)), ("unique_id", .string(uniqueID))])
  }

  public static func microbatchDebug(_ text: String) -> Event {
    Event("MicrobatchExecutionDebug", "Q044", .debug, text, data: [("msg", .string(text))])
  }

  public static func cancel(_ connection: String) -> Event {
    Event(
      "LogCancelLine", "Q022", .error,
      OutputLine.make("CANCEL query \(connection)", status: ANSI.red("CANCEL")),
      data: [("conn_name", .string(connection))])
  }

  public static func finishedRunning(_ statLine: String, seconds: Double) -> Event {
    let whole = Int(seconds)
    let rest = seconds - Double(whole / 60 * 60)
    let execution =
      " in \(whole / 3600) hours \(whole % 3600 / 60) minutes and \(OutputLine.fixed(rest)) seconds"
    return Event(
      "FinishedRunningStats", "E047", .info,
      "Finished running \(statLine)\(execution) (\(OutputLine.fixed(seconds))s).",
      data: [
        ("execution", .string(execution)), ("execution_time", .double(seconds)), ("stat_line", .string(statLine)),
      ])
  }

  public static func endOfRun(errors: Int, warnings: Int, partial: Int, interrupted: Bool) -> Event {
    let partialText = "\(partial) partial \(partial == 1 ? "success" : "successes")"
    let errorText = OutputLine.plural(errors, "error")
    let warningText = OutputLine.plural(warnings, "warning")
    let message =
      if interrupted {
        ANSI.yellow("Exited because of keyboard interrupt")
      } else if errors > 0 {
        ANSI.red("Completed with \(errorText), \(partialText), and \(warningText):")
      } else if partial > 0 {
        ANSI.yellow("Completed with \(partialText) and \(warningText)")
      } else if warnings > 0 {
        ANSI.yellow("Completed with \(warningText):")
      } else {
        ANSI.green("Completed successfully")
      }
    return Event(
      "EndOfRunSummary", "Z030", .info, message,
      data: [
        ("keyboard_interrupt", .bool(interrupted)), ("num_errors", .int(errors)),
        ("num_partial_success", .int(partial)), ("num_warnings", .int(warnings)),
      ])
  }

  public static func resultHeadline(
    warning: Bool, resourceType: String, name: String, path: String, node: NodeInfo?
  ) -> Event {
    let text = "\(warning ? "Warning" : "Failure") in \(resourceType) \(name) (\(path))"
    return Event(
      warning ? "RunResultWarning" : "RunResultFailure", warning ? "Z021" : "Z022", warning ? .warn : .error,
      warning ? ANSI.yellow(text) : ANSI.red(text), node: node,
      data: [("node_name", .string(name)), ("path", .string(path)), ("resource_type", .string(resourceType))])
  }

  public static func resultError(_ message: String, node: NodeInfo?, level: Level = .error) -> Event {
    Event("RunResultError", "Z024", level, "  \(message)", node: node, data: [("msg", .string(message))])
  }

  public static func resultWarning(_ message: String, node: NodeInfo?) -> Event {
    Event("RunResultWarningMessage", "Z046", .warn, message, node: node, data: [("msg", .string(message))])
  }

  public static func resultWithoutMessage(_ status: String, node: NodeInfo?) -> Event {
    Event(
      "RunResultErrorNoMessage", "Z025", .error, "  Status: \(status)", node: node, data: [("status", .string(status))])
  }

  public static func compiledPath(_ path: String, place: String, node: NodeInfo?) -> Event {
    Event(
      "SQLCompiledPath", "Z026", .info, "  compiled code at \(path)\(place)", node: node,
      data: [("path", .string(path))])
  }

  public static func storedFailures(_ relation: String, node: NodeInfo?) -> Event {
    let query = "select * from \(relation)"
    let rule = String(repeating: "-", count: query.unicodeScalars.count)
    return Event(
      "CheckNodeTestFailure", "Z027", .info, "  See test failures:\n  \(rule)\n  \(query)\n  \(rule)", node: node,
      data: [("relation_name", .string(relation))])
  }

  public static func stats(pass: Int, warn: Int, error: Int, skip: Int, noop: Int, total: Int) -> Event {
    Event(
      "StatsLine", "Z023", .info,
      "Done. PASS=\(pass) WARN=\(warn) ERROR=\(error) SKIP=\(skip) NO-OP=\(noop) TOTAL=\(total)",
      data: [
        (
          "stats",
          .object([
            ("error", .int(error)), ("noop", .int(noop)), ("pass", .int(pass)), ("skip", .int(skip)),
            ("total", .int(total)), ("warn", .int(warn)),
          ])
        )
      ])
  }

  /// - Parameter seconds: of the whole run.
  /// - Parameter results: a list.
  public static func endRunResult(_ results: EventValue, seconds: Double, success: Bool) -> Event {
    let time = Timestamp.now()
    return Event(
      "EndRunResult", "Q037", .debug, "Command end result",
      data: [
        ("elapsed_time", .double(seconds)), ("generated_at", .string(time.isoSeconds + "Z")),
        ("results", results), ("success", .bool(success)),
      ])
  }

  public static func nothingToDo() -> Event {
    Event(
      "NothingToDo", "Q035", .warn, "Nothing to do. Try checking your model configs and model specification args")
  }

  public static func catchableException(_ text: String, node: NodeInfo?) -> Event {
    Event(
      "CatchableExceptionOnRun", "W002", .debug, text, node: node,
      data: [("exc", .string(text)), ("exc_info", .string(text))])
  }
}
