import Diagnostics
import Glibc

/// Where events go: the console and the log file, each with its own format and level.
///
/// Lines are written whole: threads and other writers of the same file never split one.
public final class EventLog: @unchecked Sendable {
  public enum Format: String, Sendable { case text, debug, json }

  public struct Settings: Sendable {
    public var console = Format.text
    public var consoleLevel = Event.Level.info
    /// Colours in the console's text.
    public var consoleColor = false
    /// The log file's path; nil writes none.
    public var filePath: String?
    public var file = Format.debug
    public var fileLevel = Event.Level.debug
    public var fileColor = false
    /// Bytes after which the log file is rotated before writing on (dbt's `--log-file-max-bytes`); 0 never.
    public var fileMaximum = 10 * 1024 * 1024
    /// What every JSON line says besides (`DBT_ENV_CUSTOM_ENV_…`).
    public var extra: [(String, String)] = []
    /// Only errors on the console, and what was asked for.
    public var quiet = false
    /// Nothing on the console: one of many runs, whose results another log tells.
    public var consoleIsOff = false
    public init() {}
  }

  public let invocationID: String
  /// What every event asks for, as one object: it is replaced when something of it changes.
  private final class Outlets: @unchecked Sendable {
    var settings = Settings()
    /// Values that must never be shown, longest first; replaced by `*****`.
    var secrets: [String] = []
    var observers: [@Sendable (Event, Timestamp) -> Void] = []

    func copy() -> Outlets {
      let other = Outlets()
      other.settings = settings
      other.secrets = secrets
      other.observers = observers
      return other
    }
  }
  private let outlets: Locked<Outlets>
  private let file: Locked<LogFile>
  /// A live display that must be lifted from the terminal while a line is written.
  private let overlay: Locked<(any TerminalOverlay)?>

  public init(invocationID: String, settings: Settings = Settings()) {
    self.invocationID = invocationID
    let first = Outlets()
    first.settings = settings
    outlets = Locked(first)
    file = Locked(LogFile())
    overlay = Locked(nil)
  }

  /// - Returns: how it was before.
  @discardableResult private func change(_ body: (Outlets) -> Void) -> Outlets {
    outlets.withLock { current in
      let before = current
      let changed = before.copy()
      body(changed)
      current = changed
      return before
    }
  }

  deinit { close() }

  public var current: Settings { outlets.withLock { $0 }.settings }
  /// Changes the settings; the file is opened anew when its path changed.
  public func configure(_ body: (inout Settings) -> Void) {
    let before = change { body(&$0.settings) }
    if before.settings.filePath != current.filePath { close() }
  }

  public func hide(secrets values: [String]) {
    change { $0.secrets = ($0.secrets + values.filter { !$0.isEmpty }).sorted { $0.utf8.count > $1.utf8.count } }
  }

  public func observe(_ body: @escaping @Sendable (Event, Timestamp) -> Void) {
    change { $0.observers.append(body) }
  }

  /// Whether a line about what is running belongs under the log: a terminal, text, nothing silenced.
  public var showsProgress: Bool {
    let settings = current
    return isatty(1) == 1 && settings.console == .text && settings.consoleLevel <= .info && !settings.quiet
  }

  public func attach(_ display: (any TerminalOverlay)?) { overlay.withLock { $0 = display } }

  /// Draws the display below the log again.
  public func redraw() {
    overlay.withLock { display in
      display?.lift()
      display?.restore()
    }
  }

  /// The same text with every secret replaced.
  public func scrub(_ text: String) -> String { Self.scrub(text, outlets.withLock { $0 }.secrets) }

  private static func scrub(_ text: String, _ secrets: [String]) -> String {
    guard secrets.contains(where: { text.contains($0) }) else { return text }
    var text = text
    for value in secrets { text = Self.replace(value, with: "*****", in: text) }
    return text
  }

  public func emit(_ event: Event) {
    let outlets = outlets.withLock { $0 }
    let settings = outlets.settings
    let time = Timestamp.now()
    let thread = ThreadContext.current
    let toConsole =
      !settings.consoleIsOff
      && (event.style == .output
        || (event.level >= settings.consoleLevel && (!settings.quiet || event.level == .error)))
    let toFile = settings.filePath != nil && event.level >= settings.fileLevel
    guard toConsole || toFile || !outlets.observers.isEmpty else { return }
    if event.node != nil || !event.inheritsNode {
      write(event, time, thread, outlets, toConsole, toFile)
    } else {
      var event = event
      event.node = thread.node
      write(event, time, thread, outlets, toConsole, toFile)
    }
  }

  private func write(
    _ event: Event, _ time: Timestamp, _ thread: ThreadContext, _ outlets: Outlets, _ toConsole: Bool, _ toFile: Bool
  ) {
    let settings = outlets.settings
    for observer in outlets.observers { observer(event, time) }
    guard toConsole || toFile else { return }
    let text = outlets.secrets.isEmpty ? event.text : .whole(Self.scrub(event.message, outlets.secrets))
    if toConsole {
      var bytes: [UInt8] = []
      if settings.console == .debug, event.name == "MainReportVersion" { bytes = separator(time) }
      append(event, text, time, thread.name, settings.console, color: settings.consoleColor, to: &bytes)
      overlay.withLock { display in
        display?.lift()
        LogFile.write(1, bytes)
        display?.restore()
      }
    }
    guard toFile else { return }
    // Made before the lock is taken: threads should not wait for each other's lines.
    let atOnce = event.level > .debug || event.precedesWait
    guard thread.holder === self else {
      var line: [UInt8] = []
      append(event, text, time, thread.name, settings.file, color: settings.fileColor, to: &line)
      return write(line, settings, time, atOnce: atOnce)
    }
    append(event, text, time, thread.name, settings.file, color: settings.fileColor, to: &thread.held)
    if atOnce || thread.held.count >= Self.heldAtMost || time - thread.lastWrite > Self.burst {
      thread.lastWrite = time
      release(thread, settings, time, atOnce: atOnce)
    }
  }

  /// Bytes and seconds that a thread keeps lines back for at the most, while it writes many.
  private static let heldAtMost = 16 * 1024
  private static let burst = 0.05

  /// Lets the calling thread keep lines of this log back while it writes many, and runs `body`. Before the thread waits
  /// for something that may take long, `flushThread` is to be called.
  public func holdLines<Result>(_ body: () throws -> Result) rethrows -> Result {
    let thread = ThreadContext.current
    let before = thread.holder
    before?.flushThread()
    thread.holder = self
    defer {
      flushThread()
      thread.holder = before
    }
    return try body()
  }

  /// Writes what the calling thread holds back.
  public func flushThread() {
    let thread = ThreadContext.current
    guard thread.holder === self, !thread.held.isEmpty else { return }
    release(thread, current, Timestamp.now(), atOnce: false)
  }

  private func release(_ thread: ThreadContext, _ settings: Settings, _ time: Timestamp, atOnce: Bool) {
    write(thread.held, settings, time, atOnce: atOnce)
    thread.held.removeAll(keepingCapacity: true)
  }

  private func write(_ lines: [UInt8], _ settings: Settings, _ time: Timestamp, atOnce: Bool) {
    file.withLock { file in
      if !file.isOpened { openFile(&file, settings, time) }
      file.append(lines, atOnce: atOnce)
    }
  }

  /// Closes the log file; the next event opens it again.
  public func close() { file.withLock { $0.close() } }

  /// Writes what the log file still holds back.
  public func flush() { file.withLock { $0.flush() } }

  private func append(
    _ event: Event, _ text: EventText, _ time: Timestamp, _ thread: String, _ format: Format, color: Bool,
    to out: inout [UInt8]
  ) {
    switch format {
    case .json:
      let message = color ? text.whole : ANSI.strip(text.whole)
      var data = event.data.map { ($0.0, scrubbed($0.1)) }
      if let node = event.node { data.append(("node_info", scrubbed(node.value))) }
      if event.namesGroup, let group = event.node?.groupJSON { data.append(("group", .json(scrub(group)))) }
      if data.isEmpty, event.style == .output { data.append(("msg", .string(message))) }
      let extra = EventValue.object(current.extra.map { ($0.0, .string($0.1)) })
      JSONText.append(
        .object([
          ("data", .object(data)),
          (
            "info",
            .object([
              ("category", ""), ("code", .string(event.code)), ("extra", extra),
              ("invocation_id", .string(invocationID)), ("level", .string(event.level.word)),
              ("msg", .string(message)), ("name", .string(event.name)), ("pid", .int(Int(getpid()))),
              ("thread", .string(thread)), ("ts", .string(time.isoZ)),
            ])
          ),
        ]), to: &out)
    case .text where event.style == .output:
      append(text, color: color, to: &out)
    case .text:
      if color { out += "\u{1B}[0m".utf8 }
      out += time.clock.utf8
      out += "  ".utf8
      append(text, color: color, to: &out)
    case .debug:
      if color { out += "\u{1B}[0m".utf8 }
      time.appendPreciseClock(to: &out)
      out += event.level.bracketed.utf8
      // dbt gives the thread's name ten columns.
      let start = out.count
      out += thread.utf8
      if out.count > start + 10 { out.removeLast(out.count - start - 10) }
      while out.count < start + 10 { out.append(UInt8(ascii: " ")) }
      out.append(UInt8(ascii: "]"))
      out.append(UInt8(ascii: ":"))
      out.append(UInt8(ascii: " "))
      append(text, color: color, to: &out)
    }
    out.append(0x0A)
  }

  private func append(_ text: EventText, color: Bool, to out: inout [UInt8]) {
    let start = out.count
    text.append(to: &out)
    if !color { ANSI.strip(&out, from: start) }
  }

  private func scrubbed(_ value: EventValue) -> EventValue {
    switch value {
    case .string(let text): .string(scrub(text))
    case .json(let text): .json(scrub(text))
    case .list(let items): .list(items.map(scrubbed))
    case .object(let pairs): .object(pairs.map { ($0.0, scrubbed($0.1)) })
    case .lazy(let make): scrubbed(make())
    default: value
    }
  }

  private func openFile(_ file: inout LogFile, _ settings: Settings, _ time: Timestamp) {
    guard let path = settings.filePath else { return }
    file.open(path, maximum: settings.fileMaximum)
    guard settings.file != .json else { return }
    file.append(separator(time), atOnce: false)
  }

  /// What stands between two runs in a log.
  private func separator(_ time: Timestamp) -> [UInt8] {
    let rule = String(repeating: "=", count: 30)
    return Array("\n\n\(rule) \(time.preciseClock) | \(invocationID) \(rule)\n".utf8)
  }

  private static func replace(_ needle: String, with other: String, in text: String) -> String {
    let needle = Array(needle.utf8)
    let bytes = Array(text.utf8)
    var out: [UInt8] = []
    var i = 0
    while i < bytes.count {
      if bytes[i] == needle[0], bytes[i...].starts(with: needle) {
        out += other.utf8
        i += needle.count
      } else {
        out.append(bytes[i])
        i += 1
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}

/// A live part of the screen below the lines of the log.
public protocol TerminalOverlay: Sendable {
  /// Takes it off the screen.
  func lift()
  /// Draws it again.
  func restore()
}
