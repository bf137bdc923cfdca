import Compiler
import Diagnostics
import Events
import Files
import Glibc
import Project
import Tenants

/// What a fleet's run has done, on disk line by line, so that after any end another process can go on.
final class FleetJournalFile: Sendable {
  private let earlier: FleetJournal?
  private let descriptor: Locked<Int32>

  /// - Parameter resumes: go on from what is there, if anything is.
  init(_ folder: String, fingerprint: String, resumes: Bool) throws {
    let path = Path.join(folder, "fleet_journal")
    var old: FleetJournal?
    if resumes, FileSystem.isFile(path) {
      old = FleetJournal(parsing: String(decoding: try FileSystem.source(path, name: path).utf8, as: UTF8.self))
    }
    if let old, old.fingerprint != fingerprint {
      throw Diagnostic(
        "fleet-resume", .usage, "The run in \(path) was another command: it cannot be resumed by this one.",
        hint: "Repeat the same command line, or leave out --resume.")
    }
    earlier = old
    AtomicFile.makeDirectories(folder)
    // Whole lines only, whatever the last process was writing when it ended.
    try AtomicFile.write(Array(Self.text(old, fingerprint).utf8), to: path)
    let file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard file >= 0 else {
      throw Diagnostic("fleet-journal", .runtime, "Could not write '\(path)': \(String(cString: strerror(errno)))")
    }
    descriptor = Locked(file)
  }

  deinit { close() }

  private static func text(_ journal: FleetJournal?, _ fingerprint: String) -> String {
    var text = FleetJournal.header(fingerprint: fingerprint)
    for (tenant, nodes) in (journal?.outcomes ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let name = TenantName(valid: tenant) else { continue }
      let details = journal?.details[tenant] ?? [:]
      for (node, outcome) in nodes {
        text += FleetJournal.line(tenant: name, node: node, outcome, detail: details[node])
      }
      if journal?.concluded.contains(tenant) ?? false { text += FleetJournal.concludedLine(tenant: name) }
    }
    return text
  }

  /// The nodes of a tenant that an earlier run has done.
  func done(_ tenant: TenantName) -> [String: NodeOutcome] {
    (earlier?.outcomes[tenant.text] ?? [:]).filter { $0.value.letsOthersRun }
  }

  /// What those nodes' run said of them.
  func details(_ tenant: TenantName) -> [String: String] {
    let done = done(tenant)
    return (earlier?.details[tenant.text] ?? [:]).filter { done[$0.key] != nil }
  }

  func isConcluded(_ tenant: TenantName) -> Bool { earlier?.concluded.contains(tenant.text) ?? false }

  func ended(_ tenant: TenantName, node: String, _ outcome: NodeOutcome, detail: String?) {
    append(FleetJournal.line(tenant: tenant, node: node, outcome, detail: detail))
  }

  func concluded(_ tenant: TenantName) { append(FleetJournal.concludedLine(tenant: tenant)) }

  /// One write for a line, which the kernel keeps whatever becomes of this process. A line that cannot be written only
  /// means that something runs once more.
  private func append(_ line: String) {
    descriptor.withLock { file in
      guard file >= 0 else { return }
      var line = line
      line.withUTF8 { bytes in _ = write(file, bytes.baseAddress, bytes.count) }
    }
  }

  func close() {
    descriptor.withLock { file in
      if file >= 0 { _ = Glibc.close(file) }
      file = -1
    }
  }
}
