/// The life of one invocation.
extension Event {
  public static func mainReportVersion(_ version: String) -> Event {
    Event(
      "MainReportVersion", "A001", .info, "Running with dbt=\(version)",
      data: [("log_version", 3), ("version", .string("=\(version)"))])
  }

  public static func mainReportArgs(_ arguments: [(String, String)]) -> Event {
    let shown = arguments.map { "'\($0.0)': '\($0.1)'" }.joined(separator: ", ")
    return Event(
      "MainReportArgs", "A002", .debug, "running dbt with arguments {\(shown)}",
      data: [("args", .object(arguments.map { ($0.0, .string($0.1)) }))])
  }

  public static func adapterRegistered(version: String) -> Event {
    Event(
      "AdapterRegistered", "E034", .info, "Registered adapter: postgres=\(version)",
      data: [("adapter_name", "postgres"), ("adapter_version", .string("=\(version)"))])
  }

  public static func formatting(_ message: String = "", level: Level = .info) -> Event {
    Event("Formatting", "Z017", level, message, data: [("msg", .string(message))])
  }

  public static func note(_ message: String, level: Level = .info) -> Event {
    Event("Note", "Z050", level, message, data: [("msg", .string(message))])
  }

  public static func mainEncounteredError(_ text: String) -> Event {
    Event("MainEncounteredError", "Z002", .error, "Encountered an error:\n\(text)", data: [("exc", .string(text))])
  }

  public static func mainKeyboardInterrupt() -> Event {
    Event("MainKeyboardInterrupt", "Z001", .info, "ctrl-c")
  }

  public static func artifactWritten(type: String, path: String) -> Event {
    Event(
      "ArtifactWritten", "P001", .debug, "Wrote artifact \(type) to \(path)",
      data: [("artifact_path", .string(path)), ("artifact_type", .string(type))])
  }

  public static func resourceReport(
    command: String, success: Bool, wall: Double, user: Double, system: Double, maximumResidentKB: Int, inBlocks: Int,
    outBlocks: Int
  ) -> Event {
    let data: [(String, EventValue)] = [
      ("command_name", .string(command)), ("command_success", .bool(success)),
      ("command_wall_clock_time", .double(wall)), ("process_in_blocks", .string(String(inBlocks))),
      ("process_kernel_time", .double(system)), ("process_mem_max_rss", .string(String(maximumResidentKB))),
      ("process_out_blocks", .string(String(outBlocks))), ("process_user_time", .double(user)),
    ]
    var text: [UInt8] = []
    JSONText.append(.object(data), to: &text)
    return Event(
      "ResourceReport", "Z051", .debug, "Resource report: \(String(decoding: text, as: UTF8.self))", data: data)
  }

  public static func commandCompleted(command: String, success: Bool, at time: Timestamp, seconds: Double) -> Event {
    Event(
      "CommandCompleted", "Q039", .debug,
      "Command `\(command)` \(success ? "succeeded" : "failed") at \(time.preciseClock) after "
        + "\(OutputLine.fixed(seconds)) seconds",
      data: [
        ("command", .string(command)), ("completed_at", .string(time.isoZ)), ("elapsed", .double(seconds)),
        ("success", .bool(success)),
      ])
  }

  /// Text a command was asked to print.
  public static func output(_ text: String, name: String = "PrintEvent", code: String = "Z052") -> Event {
    Event(name, code, .info, text, style: .output, data: [("msg", .string(text))])
  }

  public static func listOutput(_ text: String) -> Event { output(text, name: "ListCmdOut", code: "Z049") }
  public static func debugOutput(_ text: String) -> Event {
    Event("DebugCmdOut", "Z047", .info, text, data: [("msg", .string(text))])
  }
  public static func debugResult(_ text: String) -> Event {
    Event("DebugCmdResult", "Z048", .info, text, data: [("msg", .string(text))])
  }
}
