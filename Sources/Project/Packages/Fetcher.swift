import Diagnostics
import Files
import Glibc

/// Brings packages from elsewhere with `curl`, `tar` and `git`.
struct Fetcher {
  let command: Command
  /// Values that must not appear in messages.
  private let secrets: [String]

  init(environment: [String: String]) {
    var environment = environment
    environment["LC_ALL"] = "C"
    // Nobody is there to type a password.
    environment["GIT_TERMINAL_PROMPT"] = "0"
    command = Command(environment: environment)
    secrets = environment.filter { $0.key.hasPrefix("DBT_ENV_SECRET") && !$0.value.isEmpty }.map(\.value)
  }

  /// A text with secrets replaced by stars.
  func scrub(_ text: String) -> String {
    secrets.sorted { $0.utf8.count > $1.utf8.count }.reduce(text) { $0.replacing($1, with: "*****") }
  }

  private func failed(
    _ what: String, _ output: Command.Output, _ spec: PackageSpec, hint: String? = nil
  ) -> Diagnostic {
    let lines = scrub(output.errorText).split(separator: "\n").map(String.init)
    let reason = lines.last { $0.hasPrefix("fatal:") || $0.hasPrefix("curl:") || $0.hasPrefix("tar:") } ?? lines.last
    return Diagnostic(
      "package-fetch", .dependency, scrub(what) + (reason.map { "\n\($0)" } ?? ""), range: spec.node.range, hint: hint)
  }

  private func run(_ arguments: [String], input: String = "", _ spec: PackageSpec) throws(Diagnostic) -> Command.Output
  {
    do {
      return try command.run(arguments, input: input)
    } catch {
      throw Diagnostic(
        "missing-program", .dependency, "the program `\(error.program)` can't be run: \(error.reason)",
        range: spec.node.range, hint: "install \(error.program), or add it to PATH")
    }
  }

  // MARK: - HTTP

  private func curl(_ url: String, _ extra: [String], _ spec: PackageSpec) throws(Diagnostic) -> Command.Output {
    guard !url.contains(where: { $0.isNewline || $0 == "\"" || $0 == "\\" }) else {
      throw Diagnostic("bad-url", .dependency, "\(scrub(url)) is no address", range: spec.node.range)
    }
    // The address goes in by standard input: arguments can be seen by everyone on the machine.
    return try run(
      [
        "curl", "--fail", "--silent", "--show-error", "--location", "--retry", "4", "--retry-connrefused",
        "--retry-delay", "1", "--connect-timeout", "30", "--max-time", "600", "--proto", "=http,https,file",
      ] + extra + ["--config", "-"], input: "url = \"\(url)\"\n", spec)
  }

  func get(_ url: String, spec: PackageSpec) throws(Diagnostic) -> [UInt8] {
    let output = try curl(url, [], spec)
    guard output.succeeded else {
      throw failed("\(url) can't be read", output, spec, hint: "is the address right, and the network there?")
    }
    return output.standardOutput
  }

  /// Downloads and unpacks an archive into an empty folder; the path of the one folder that is in it.
  func unpack(_ url: String, into folder: String, spec: PackageSpec) throws(Diagnostic) -> String {
    let archive = folder + ".tar.gz"
    let download = try curl(url, ["--output", archive], spec)
    guard download.succeeded else { throw failed("\(url) can't be downloaded", download, spec) }
    do { try FileSystem.makeDirectory(folder) } catch { throw FileSystem.unreadable(folder, error) }
    let output = try run(
      ["tar", "--extract", "--gzip", "--no-same-owner", "--file", archive, "--directory", folder], spec)
    guard output.succeeded else { throw failed("\(url) is no archive that can be unpacked", output, spec) }
    let entries: [(name: String, kind: FileSystem.EntryKind)]
    do { entries = try FileSystem.list(folder) } catch { throw FileSystem.unreadable(folder, error) }
    guard entries.count == 1, entries[0].kind == .directory else {
      throw Diagnostic(
        "package-archive", .dependency,
        "the archive \(scrub(url)) must hold one folder with the package in it, but holds \(entries.count) entries",
        range: spec.node.range)
    }
    return Path.join(folder, entries[0].name)
  }

  // MARK: - git

  private static func isCommit(_ revision: String) -> Bool {
    revision.utf8.count == 40 && revision.allSatisfy { $0.isHexDigit && !$0.isUppercase }
  }

  /// Clones a revision as shallowly as the server allows; the commit it is at.
  func clone(
    _ url: String, revision: String, subdirectory: String?, into folder: String, spec: PackageSpec
  ) throws(Diagnostic) -> String {
    for word in [url, revision, subdirectory ?? "x"] where word.hasPrefix("-") || word.isEmpty {
      throw Diagnostic("bad-package", .dependency, "`\(scrub(word))` is no address or revision", range: spec.node.range)
    }
    let sparse = subdirectory == nil ? [] : ["--filter=blob:none", "--sparse"]
    let cloned = try run(["git", "clone", "--quiet", "--depth", "1"] + sparse + ["--", url, folder], spec)
    guard cloned.succeeded else {
      throw failed("\(url) can't be cloned", cloned, spec, hint: "does `git clone` with this address work in a shell?")
    }
    if let subdirectory {
      let output = try run(["git", "-C", folder, "sparse-checkout", "set", subdirectory], spec)
      guard output.succeeded else { throw failed("\(subdirectory) can't be checked out of \(url)", output, spec) }
    }
    if revision != "HEAD" { try checkout(url, revision, folder, spec) }
    let head = try run(["git", "-C", folder, "rev-parse", "HEAD"], spec)
    guard head.succeeded else { throw failed("\(url) has no commit", head, spec) }
    return head.text.filter { !$0.isWhitespace }
  }

  private func checkout(_ url: String, _ revision: String, _ folder: String, _ spec: PackageSpec) throws(Diagnostic) {
    // Of a tag and a branch of one name git takes the tag, as dbt does.
    var fetched = try run(["git", "-C", folder, "fetch", "--quiet", "--depth", "1", "origin", revision], spec)
    var target = "FETCH_HEAD"
    if !fetched.succeeded, Self.isCommit(revision) {
      // Servers may refuse to hand out single commits: take the whole history.
      fetched = try run(["git", "-C", folder, "fetch", "--quiet", "--unshallow", "--tags", "origin"], spec)
      if !fetched.succeeded { fetched = try run(["git", "-C", folder, "fetch", "--quiet", "--tags", "origin"], spec) }
      target = revision
    }
    guard fetched.succeeded else {
      throw failed(
        "\(url) has no revision \(revision)", fetched, spec,
        hint: Self.isCommit(revision) ? nil : "a revision is a branch, a tag or a full commit of 40 digits")
    }
    let reset = try run(["git", "-C", folder, "reset", "--quiet", "--hard", target], spec)
    guard reset.succeeded else { throw failed("\(url) has no revision \(revision)", reset, spec) }
  }
}
