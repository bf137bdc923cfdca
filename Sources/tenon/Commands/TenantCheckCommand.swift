import ArgumentParser
import Compiler
import Diagnostics
import Events
import Manifest
import Postgres
import Tenants

/// `tenon tenant check`: the isolation audit, of one tenant or of many.
struct TenantCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Look for everything that would let one tenant reach another's data.")
  @OptionGroup var options: ProjectOptions
  @Option(help: "Check many tenants: all, a,b,c, 'acme*' or @file.") var tenants: String?
  @Option(help: "text or json.") var output = AnswerFormat.text
  @Argument(help: "The tenant.") var name: String?

  func run() throws {
    let (output, tenants, name) = (output, tenants, name)
    try TenantWork.run("check", options, name: name) { work in
      let chosen: [(tenant: TenantConfiguration, server: ConnectionParameters)]
      switch (name, tenants) {
      case (_?, nil): chosen = [(try work.configuration(), work.server)]
      case (nil, let text?): chosen = try work.chosen(text)
      default:
        throw Diagnostic(
          "check-whom", .usage, "Say which tenant is to be checked, or which: a name or --tenants.",
          hint: "For example: tenon tenant check --tenants all")
      }
      let key = work.provisioner.roleKey
      let audits = SideBySide.map(chosen.count, limit: 8) { index in
        Result { try IsolationAudit.run(chosen[index].tenant, chosen[index].server, key: key) }
      }
      return try report(zip(chosen.map(\.tenant.name), audits).map { ($0, try $1.get()) }, output, work)
    }
  }

  /// - Returns: whether there are no errors.
  private func report(
    _ audits: [(tenant: TenantName, findings: [IsolationAudit.Finding])], _ output: AnswerFormat, _ work: TenantWork
  ) throws -> Bool {
    if output == .json {
      work.answer(
        JSONAnswer.lines(
          audits.flatMap { tenant, findings in
            findings.map { finding in
              .dict([
                "tenant": .string(tenant.text), "severity": .string(finding.severity.rawValue),
                "code": .string(finding.code), "message": .string(finding.message),
                "fix": finding.fix.map { .string($0) } ?? .null,
              ])
            }
          }))
    } else {
      for (tenant, findings) in audits {
        for finding in findings {
          let whose = audits.count > 1 ? "\(tenant): " : ""
          work.answer("\(whose)\(finding.severity.rawValue) [\(finding.code)]: \(finding.message)")
          if let fix = finding.fix { work.answer("  fix: \(fix)") }
        }
        if !findings.contains(where: { $0.severity == .error }) {
          work.say("Tenant \(tenant) is isolated\(findings.isEmpty ? "" : ", as far as its SQL can be trusted")")
        }
      }
    }
    return !audits.contains { $0.findings.contains { $0.severity == .error } }
  }
}
