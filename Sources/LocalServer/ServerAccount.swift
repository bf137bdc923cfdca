import Diagnostics
import Files
import Glibc

/// Whom the server runs as: ourselves, or an unprivileged account when we are root (PostgreSQL refuses to be root).
struct ServerAccount: Sendable, Equatable {
  var uid: uid_t
  var gid: gid_t
  var name: String
  /// We are root and must become this account.
  var isOther: Bool

  /// - Parameter owner: who owns the data folder already, if there is one: root then works as that user.
  static func choose(owner: (uid: uid_t, gid: gid_t)? = nil) throws -> ServerAccount {
    guard geteuid() == 0 else {
      return ServerAccount(uid: geteuid(), gid: getegid(), name: "uid \(geteuid())", isOther: false)
    }
    if let owner, owner.uid != 0 {
      return ServerAccount(uid: owner.uid, gid: owner.gid, name: "uid \(owner.uid)", isOther: true)
    }
    for name in ["postgres", "nobody"] {
      if let entry = getpwnam(name), entry.pointee.pw_uid != 0 {
        return ServerAccount(uid: entry.pointee.pw_uid, gid: entry.pointee.pw_gid, name: name, isOther: true)
      }
    }
    throw Diagnostic(
      "server-account", .runtime,
      "PostgreSQL does not run as root, and there is no account `postgres` or `nobody` for it.",
      hint: "Make one: useradd --system postgres")
  }

  /// The command, to be run as this account. `setpriv` needs no entry in the account database and opens no session.
  func wrap(_ command: [String]) throws -> [String] {
    guard isOther else { return command }
    func tool(_ name: String) -> String? {
      ["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin"].map { "\($0)/\(name)" }.first(
        where: FileSystem.isExecutable)
    }
    if let setpriv = tool("setpriv"), !FileSystem.canonical(setpriv).hasSuffix("busybox") {
      return [setpriv, "--reuid=\(uid)", "--regid=\(gid)", "--clear-groups", "--"] + command
    }
    guard let entry = getpwuid(uid) else { throw noTool }
    let user = String(cString: entry.pointee.pw_name)
    if let runuser = tool("runuser") { return [runuser, "-u", user, "--"] + command }
    if let suExec = tool("su-exec") ?? tool("gosu") { return [suExec, user] + command }
    if let sudo = tool("sudo") { return [sudo, "-n", "-u", user, "--"] + command }
    throw noTool
  }

  private var noTool: Diagnostic {
    Diagnostic(
      "server-account", .runtime,
      "PostgreSQL does not run as root, and none of setpriv, runuser, su-exec, gosu, sudo is here to become \(name).",
      hint: "Run as an ordinary user, or install util-linux.")
  }

  /// Whether the account may pass through every folder above `path`.
  func canReach(_ path: String) -> Bool {
    guard isOther else { return true }
    var folder = Path.parent(path)
    while !folder.isEmpty {
      guard let info = FileSystem.status(folder) else { return false }
      let bit: mode_t = info.st_uid == uid ? S_IXUSR : info.st_gid == gid ? S_IXGRP : S_IXOTH
      if info.st_mode & bit == 0 { return false }
      folder = folder == "/" ? "" : Path.parent(folder)
    }
    return true
  }

  /// Makes a folder only this account (and root) can enter.
  func makePrivateDirectory(_ path: String) throws {
    if mkdir(path, 0o700) != 0, errno != EEXIST { throw StateFiles.failure("make the folder", path) }
    if isOther, chown(path, uid, gid) != 0 { throw StateFiles.failure("change the owner of", path) }
    guard chmod(path, 0o700) == 0 else { throw StateFiles.failure("change the mode of", path) }
  }
}
