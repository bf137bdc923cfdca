import Diagnostics
import Files
import Glibc

/// The folder a server's state lives in, and what is remembered there.
///
/// Normally everything is below the project's state folder: `data/` (the cluster), `run/` (the socket), `server.log`,
/// `port`, `lock`. When the server's account cannot get there (a project under /root, say), `location` points to the
/// folder that holds data and socket instead.
struct ServerState: Sendable {
  /// The project's state folder, absolute and without links.
  let root: String

  var lock: String { "\(root)/lock" }
  var log: String { "\(root)/server.log" }
  private var locationFile: String { "\(root)/location" }
  private var portFile: String { "\(root)/port" }
  private var socketFile: String { "\(root)/socket" }

  init(_ directory: String) { root = FileSystem.canonical(directory) }

  /// Where data and socket are; `root` unless another place had to be chosen.
  var home: String {
    guard let text = StateFiles.read(locationFile, limit: 4096)?.split(separator: "\n").first, text.hasPrefix("/")
    else {
      return root
    }
    return String(text)
  }

  var data: String { "\(home)/data" }

  /// A cluster whose making was interrupted lies under another name.
  var hasCluster: Bool { FileSystem.exists("\(data)/PG_VERSION") }

  var clusterMajor: Int? {
    StateFiles.read("\(data)/PG_VERSION", limit: 64).flatMap { Int($0.split(separator: "\n").first ?? "") }
  }

  var clusterOwner: (uid: uid_t, gid: gid_t)? { FileSystem.status(data).map { ($0.st_uid, $0.st_gid) } }

  var port: Int? { StateFiles.read(portFile, limit: 64).flatMap { Int($0.split(separator: "\n").first ?? "") } }

  func remember(port: Int) throws {
    if self.port != port { try StateFiles.write("\(port)\n", to: portFile) }
  }

  /// Makes the folder, and keeps it out of version control.
  func prepare() throws {
    try StateFiles.makeDirectories(root)
    if !FileSystem.exists("\(root)/.gitignore") { try StateFiles.write("*\n", to: "\(root)/.gitignore") }
  }

  /// Chooses, before there is a cluster, where data and socket shall be.
  func chooseHome(for account: ServerAccount) throws {
    if home != root { try? StateFiles.removeTree(locationFile) }
    if account.canReach("\(root)/data"), keepsModes(root) { return }
    let name = "\(projectName)-\(Self.hash(root))"
    for base in otherBases() {
      let home = "\(base)/\(name)"
      guard (try? StateFiles.makeDirectories(base)) != nil, account.canReach("\(home)/data"), keepsModes(base) else {
        continue
      }
      if mkdir(home, 0o755) != 0 {
        // A name that can be guessed may have been taken by someone else.
        guard errno == EEXIST, let info = FileSystem.linkStatus(home), (info.st_mode & S_IFMT) == S_IFDIR,
          info.st_uid == geteuid()
        else { continue }
      }
      chmod(home, 0o755)
      try StateFiles.write("\(root)\n", to: "\(home)/project")
      try StateFiles.write("\(home)\n", to: locationFile)
      return
    }
    let home = try makeTemporaryDirectory("tenon-server")
    chmod(home, 0o755)
    try StateFiles.write("\(home)\n", to: locationFile)
  }

  private func otherBases() -> [String] {
    if geteuid() == 0 { return ["/var/lib/tenon", "/usr/local/var/tenon"] }
    if let data = getenv("XDG_DATA_HOME") { return ["\(String(cString: data))/tenon"] }
    return getenv("HOME").map { ["\(String(cString: $0))/.local/share/tenon"] } ?? []
  }

  /// The last two components, for people who look into /var/lib/tenon.
  private var projectName: String {
    let parts = root.split(separator: "/").map(String.init).filter { $0 != ".tenon" && $0 != "server" }
    let last = parts.last ?? "project"
    return String(last.unicodeScalars.prefix(24).map { $0.isASCII && $0.properties.isAlphabetic ? Character($0) : "_" })
  }

  /// PostgreSQL insists on a data folder of mode 0700, which some mounted file systems cannot keep.
  private func keepsModes(_ folder: String) -> Bool {
    let probe = "\(folder)/.probe.\(getpid()).\(UInt32.random(in: .min ... .max))"
    guard mkdir(probe, 0o700) == 0 else { return false }
    defer { rmdir(probe) }
    return FileSystem.status(probe).map { $0.st_mode & 0o777 == 0o700 } ?? false
  }

  func makeTemporaryDirectory(_ prefix: String) throws -> String {
    var template = Array("/tmp/\(prefix)-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw StateFiles.failure("make a folder in", "/tmp") }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The socket's folder: `run` beside the data, or a short one in /tmp when the socket's path would be too long.
  func socketDirectory(for account: ServerAccount) throws -> String {
    let near = "\(home)/run"
    // sun_path has 108 bytes, a NUL included; the name is at most ".s.PGSQL.65535.lock".
    if near.utf8.count + "/.s.PGSQL.65535".utf8.count < 103 {
      try account.makePrivateDirectory(near)
      return near
    }
    if let known = rememberedSocketDirectory, let info = FileSystem.linkStatus(known),
      (info.st_mode & S_IFMT) == S_IFDIR,
      info.st_uid == account.uid, info.st_mode & 0o077 == 0
    {
      return known
    }
    let short = try makeTemporaryDirectory("tenon")
    try account.makePrivateDirectory(short)
    try StateFiles.write("\(short)\n", to: socketFile)
    return short
  }

  var rememberedSocketDirectory: String? {
    StateFiles.read(socketFile, limit: 4096)?.split(separator: "\n").first.map(String.init)
  }

  /// Removes the cluster and everything else that is ours; the log and the lock stay.
  func removeEverything() throws {
    if let socket = rememberedSocketDirectory, socket.hasPrefix("/tmp/tenon-") { try? StateFiles.removeTree(socket) }
    let home = home
    for name in ["data", "data.new", "run", "password"] { try StateFiles.removeTree("\(home)/\(name)") }
    if home != root {
      try? StateFiles.removeTree("\(home)/project")
      rmdir(home)
    }
    for file in [locationFile, portFile, socketFile] { try StateFiles.removeTree(file) }
  }

  static func hash(_ text: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
