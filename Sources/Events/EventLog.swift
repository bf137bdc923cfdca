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
  private let settings: Locked<Settings>
  /// Values that must never be shown, longest first; replaced by `*****`.
  private let secrets: Locked<[String]>
  private let file: Locked<LogFile>
  private let observers: Locked<[@Sendable (Event, Timestamp) -> Void]>
  /// A live display that must be lifted from the terminal while a line is written.
  private let overlay: Locked<(any TerminalOverlay)?>

  public init(invocationID: String, settings: Settings = Settings()) {
    self.invocationID = invocationID
    self.settings = Locked(settings)
    secrets = Locked([])
    file = Locked(LogFile())
    observers = Locked([])
    overlay = Locked(nil)
  }

  deinit { close() }

  public var current: Settings { settings.withLock { $0 } }
  /// Changes the settings; the file is opened anew when its path changed.
  public func configure(_ change: (inout Settings) -> Void) {
    let (before, after) = settings.withLock { value in
      let before = value.filePath
      change(&value)
      return (before, value.filePath)
    }
    if before != after { close() }
  }

  public func hide(secrets values: [String]) {
    secrets.withLock { $0 = ($0 + values.filter { !$0.isEmpty }).sorted { $0.utf8.count > $1.utf8.count } }
  }

  public func observe(_ body: @escaping @Sendable (Event, Timestamp) -> Void) {
    observers.withLock { $0.append(body) }
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
  public func scrub(_ text: String) -> String {
    let values = secrets.withLock { $0 }
    guard values.contains(where: { text.contains($0) }) else { return text }
    var text = text
    for value in values { text = Self.replace(value, with: "*****", in: text) }
    return text
  }

  public func emit(_ event: Event) {
    let settings = current
    var event = event
    let time = Timestamp.now()
    let thread = ThreadContext.current
    if event.node == nil, event.inheritsNode { event.node = thread.node }
    for observer in observers.withLock({ $0 }) { observer(event, time) }
    let toConsole =
      !settings.consoleIsOff
      && (event.style == .output
        || (event.level >= settings.consoleLevel && (!settings.quiet || event.level == .error)))
    let toFile = settings.filePath != nil && event.level >= settings.fileLevel
    guard toConsole || toFile else { return }
    event.message = scrub(event.message)
    if toConsole {
      let bytes = format(event, time, thread.name, settings.console, color: settings.consoleColor)
      let begins = settings.console == .debug && event.name == "MainReportVersion"
      overlay.withLock { display in
        display?.lift()
        LogFile.write(1, begins ? separator(time) + bytes : bytes)
        display?.restore()
      }
    }
    if toFile {
      let bytes = format(event, time, thread.name, settings.file, color: settings.fileColor)
      file.withLock { file in
        if !file.isOpened { openFile(&file, settings, time) }
        file.append(bytes, atOnce: event.level > .debug || event.precedesWait)
      }
    }
  }

  /// Closes the log file; the next event opens it again.
  public func close() { file.withLock { $0.close() } }

  /// Writes what the log file still holds back.
  public func flush() { file.withLock { $0.flush() } }

  private func format(
    _ event: Event, _ time: Timestamp, _ thread: String, _ format: Format, color: Bool
  ) -> [UInt8] {
    let message = color ? event.message : ANSI.strip(event.message)
    var out: [UInt8] = []
    switch format {
    case .json:
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
      out += message.utf8
    case .text:
      if color { out += "\u{1B}[0m".utf8 }
      out += "\(time.clock)  \(message)".utf8
    case .debug:
      // A text of this form is written for everything that happens: it is put together without making others.
      out.reserveCapacity(48 + message.utf8.count)
      if color { out += "\u{1B}[0m".utf8 }
      out += time.preciseClock.utf8
      out += event.level.bracketed.utf8
      // dbt gives the thread's name ten columns.
      out += thread.utf8.prefix(10)
      for _ in 0..<max(0, 10 - thread.utf8.count) { out.append(UInt8(ascii: " ")) }
      out += "]: ".utf8
      out += message.utf8
    }
    out.append(0x0A)
    return out
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
