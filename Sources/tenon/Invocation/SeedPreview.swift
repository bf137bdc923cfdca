import Compiler
import Events
import Runner

/// `seed --show`: the first rows of each file that was loaded.
enum SeedPreview {
  static func emit(_ results: [NodeResult], _ log: EventLog) {
    for result in results where result.status == .success {
      guard let table = result.table, let node = result.node else { continue }
      let header = "Random sample of table: \(node.schema ?? "").\(node.alias)"
      log.emit(.formatting())
      log.emit(.seedHeader(header))
      log.emit(.formatting(String(repeating: "-", count: header.unicodeScalars.count)))
      log.emit(.formatting(AgateText.table(table, maximumRows: 10, maximumColumns: nil, maximumWidth: 20)))
      log.emit(.formatting())
    }
  }
}
