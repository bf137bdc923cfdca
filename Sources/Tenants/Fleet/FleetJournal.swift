/// What a fleet run has done so far, one line a node, so that `--resume` can go on after any end, a killed process too.
///
/// The text is only ever appended to. The first line names the run; a last line that was cut off is ignored.
public struct FleetJournal: Sendable, Equatable {
  /// Of the run (command, selection, project): another one cannot be resumed.
  public var fingerprint: String
  /// For each tenant, the nodes that have ended, by their unique ids; the last word on each node counts.
  public var outcomes: [String: [String: NodeOutcome]]
  /// For each tenant, how those nodes ended that succeeded, as its run said it: one line of JSON.
  public var details: [String: [String: String]]
  /// Tenants that were concluded: nothing of theirs is left to do unless a node failed.
  public var concluded: Set<String>

  public static func header(fingerprint: String) -> String { "tenon-fleet\t1\t\(clean(fingerprint))\n" }

  public static func line(
    tenant: TenantName, node: String, _ outcome: NodeOutcome, detail: String? = nil
  ) -> String {
    "node\t\(tenant)\t\(clean(node))\t\(outcome.rawValue)\(detail.map { "\t" + clean($0) } ?? "")\n"
  }

  public static func concludedLine(tenant: TenantName) -> String { "tenant\t\(tenant)\n" }

  /// - Returns: nil for a text that is no journal.
  public init?(parsing text: String) {
    // By bytes: a fleet's journal may have a hundred thousand lines.
    let bytes = text.utf8
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // What follows the last newline was not written to its end.
    lines.removeLast()
    func fields(_ line: Substring.UTF8View) -> [String] {
      line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map { String(Substring($0)) }
    }
    guard let first = lines.first.map(fields), first.count == 3, first[0] == "tenon-fleet", first[1] == "1" else {
      return nil
    }
    fingerprint = first[2]
    outcomes = [:]
    details = [:]
    concluded = []
    for line in lines.dropFirst() {
      let fields = fields(line)
      if fields.count >= 4, fields[0] == "node", let outcome = NodeOutcome(rawValue: fields[3]) {
        outcomes[fields[1], default: [:]][fields[2]] = outcome
        details[fields[1], default: [:]][fields[2]] = fields.count > 4 ? fields[4] : nil
        if !outcome.letsOthersRun { concluded.remove(fields[1]) }
      } else if fields.count == 2, fields[0] == "tenant" {
        concluded.insert(fields[1])
      }
    }
  }

  /// The nodes of a tenant that need not run again, by their number in the graph.
  public func done(_ tenant: TenantName, nodes: [String]) -> [Int: NodeOutcome] {
    guard let known = outcomes[tenant.text] else { return [:] }
    var done: [Int: NodeOutcome] = [:]
    for (index, node) in nodes.enumerated() {
      if let outcome = known[node], outcome.letsOthersRun { done[index] = outcome }
    }
    return done
  }

  private static func clean(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\t" || $0 == "\n" || $0 == "\r" ? " " : $0 }))
  }
}
