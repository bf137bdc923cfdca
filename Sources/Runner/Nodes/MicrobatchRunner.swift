import Compiler
import Diagnostics
import Events
import Jinja
import Manifest

/// A microbatch model: one run of its materialization for each batch of time, oldest first.
struct MicrobatchRunner {
  private let runner: NodeRunner
  private let window: RunSettings.Window
  private var project: CompiledProject { runner.project }

  init(_ runner: NodeRunner) {
    self.runner = runner
    window = runner.settings.window
  }

  static func applies(_ node: Node, _ project: CompiledProject) -> Bool { node.isMicrobatch && project.runsBatches }

  func run(_ node: Node) throws -> NodeRunner.Outcome {
    guard let size = node.config[.batchSize].asString.flatMap(BatchWindow.Size.init(rawValue:)) else {
      throw ExecutionError(
        .compilation,
        "Microbatch model '\(node.name)' must provide a 'batch_size' config that is one of ['hour', 'day', 'month', 'year'], "
          + "but got: \(node.config[.batchSize].text ?? "None").")
    }
    let session = runner.session
    let existing = try project.adapter.relation(
      database: node.database, schema: node.schema, identifier: node.alias, session)
    let fullRefresh = node.config.fullRefresh ?? (project.settings.fullRefresh ?? false)
    var exists = existing?.type == .table && !fullRefresh
    try session.commitIfAny()

    let batches = try window.retried[node.uniqueID]?.failed ?? self.batches(node, size, incremental: exists)
    var results = NodeResult.BatchResults()
    var outcome = NodeRunner.Outcome(status: .success, failures: 0)
    var skipping = false
    // What was compiled belongs to batches; the model has none of it.
    defer { node.forgetCompiled() }
    for (i, batch) in batches.enumerated() {
      let log = BatchLog(
        "batch \(BatchWindow.name(batch.start, size)) of \(NodeDescription.name(node, project))", node,
        index: i + 1, total: batches.count, project)
      let pair = (BatchWindow.iso(batch.start), BatchWindow.iso(batch.end))
      guard !skipping else {
        results.failed.append(pair)
        log.skip()
        continue
      }
      log.start()
      do {
        let response = try run(node, batch, size, incremental: exists, index: i, last: i == batches.count - 1, log)
        exists = true
        results.successful.append(pair)
        log.finish(.success, shown: response.message ?? "", response)
      } catch {
        session.rollbackIfOpen()
        results.failed.append(pair)
        log.fail(ExecutionError(any: error))
        // Without a table the later batches have nothing to go into.
        if !exists { skipping = true }
      }
    }
    outcome.batches = results
    outcome.batches?.successful += window.retried[node.uniqueID]?.successful ?? []
    if results.failed.isEmpty {
      outcome.message = "SUCCESS"
    } else if results.successful.isEmpty {
      outcome.status = .error
      outcome.message = "ERROR"
    } else {
      outcome.status = .partialSuccess
      outcome.message = "PARTIAL SUCCESS (\(results.successful.count)/\(batches.count))"
    }
    return outcome
  }

  private func batches(_ node: Node, _ size: BatchWindow.Size, incremental: Bool) throws -> [(start: Int, end: Int)] {
    let now = window.end ?? window.now ?? Timestamp.now().seconds
    let end = BatchWindow.ceiling(now, size)
    let start: Int
    if let given = window.start {
      start = BatchWindow.truncate(given, size)
    } else if !incremental {
      guard let begin = node.config[.begin].text else {
        throw ExecutionError(
          .runtime, "Microbatch model '\(node.name)' requires a 'begin' configuration.")
      }
      start = BatchWindow.truncate(try BatchWindow.parse(begin), size)
    } else {
      var lookback = node.config[.lookback].asInt ?? 1
      let checkpoint = end
      if BatchWindow.truncate(checkpoint, size) == checkpoint { lookback += 1 }
      start = BatchWindow.truncate(BatchWindow.offset(BatchWindow.truncate(checkpoint, size), size, -lookback), size)
    }
    return BatchWindow.batches(from: start, to: end, size)
  }

  private func run(
    _ node: Node, _ batch: (start: Int, end: Int), _ size: BatchWindow.Size, incremental: Bool, index: Int, last: Bool,
    _ log: BatchLog
  ) throws -> NodeRunner.Outcome {
    let texts = (start: BatchWindow.python(batch.start), end: BatchWindow.python(batch.end))
    node.batch = Node.Batch(
      id: BatchWindow.id(batch.start, size), start: texts.start, end: texts.end,
      fileSuffix: BatchWindow.name(batch.start, size))
    defer { node.batch = nil }
    // Hooks belong to the model as a whole: the first batch runs those before, the last those after.
    let hooks = (node.config[.preHook], node.config[.postHook])
    defer { (node.config[.preHook], node.config[.postHook]) = hooks }
    if index > 0 { node.config[.preHook] = [] }
    if !last { node.config[.postHook] = [] }
    node.config.extra["__dbt_internal_microbatch_event_time_start"] = .string(texts.start)
    node.config.extra["__dbt_internal_microbatch_event_time_end"] = .string(texts.end)
    defer {
      node.config.extra["__dbt_internal_microbatch_event_time_start"] = nil
      node.config.extra["__dbt_internal_microbatch_event_time_end"] = nil
    }
    log.compile()
    try NodeCompiler(project, session: runner.session).compile(node, batch: texts)
    log.execute()
    return try runner.materialize(node, batch: texts) { context in
      guard incremental else { return }
      context.overrideMacros["is_incremental"] = .object(NativeFunction("is_incremental") { _, _ in .bool(true) })
      context.overrideMacros["should_full_refresh"] = .object(
        NativeFunction("should_full_refresh") { _, _ in .bool(false) })
    }
  }
}
