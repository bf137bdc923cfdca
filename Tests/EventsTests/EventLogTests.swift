import Diagnostics
import Foundation
import Testing

@testable import Events

@Suite struct EventLogTests {
  /// What a log writes to its file.
  private func written(
    _ change: (inout EventLog.Settings) -> Void = { _ in }, _ body: (EventLog) -> Void
  ) throws -> String {
    let folder = "\(NSTemporaryDirectory())/tenon-log-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var settings = EventLog.Settings()
    settings.consoleIsOff = true
    settings.filePath = "\(folder)/logs/dbt.log"
    change(&settings)
    let log = EventLog(invocationID: "id-1", settings: settings)
    body(log)
    log.close()
    return try String(contentsOfFile: "\(folder)/logs/dbt.log", encoding: .utf8)
  }

  private func objects(_ text: String) throws -> [[String: [String: Any]]] {
    try text.split(separator: "\n").map {
      try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: [String: Any]])
    }
  }

  @Test func aLineOfJSONHasWhatClientsRead() throws {
    let text = try written({ $0.file = .json }) {
      $0.emit(.modelResult("d", status: "SELECT 1", index: 2, total: 3, seconds: 0.5, node: EventsTests.node()))
    }
    let line = try #require(objects(text).first)
    let info = try #require(line["info"])
    #expect(
      Set(info.keys) == [
        "category", "code", "extra", "invocation_id", "level", "msg", "name", "pid", "thread", "ts",
      ])
    #expect(info["name"] as? String == "LogModelResult")
    #expect(info["invocation_id"] as? String == "id-1")
    let time = try #require(info["ts"] as? String)
    #expect(time.utf8.count == 27 && time.hasSuffix("Z"))
    let data = try #require(line["data"])
    #expect(data["execution_time"] as? Double == 0.5)
    let node = try #require(data["node_info"] as? [String: Any])
    #expect(node["unique_id"] as? String == "model.shop.orders")
    #expect(node["node_status"] as? String == "None")
    #expect(node["node_finished_at"] as? String == "")
    #expect((node["node_relation"] as? [String: String])?["alias"] == "orders")
  }

  @Test func membersAreSortedAsPythonSortsThem() throws {
    let text = try written({ $0.file = .json }) {
      $0.emit(.concurrency(threads: 1, target: "dev", nodes: 2))
    }
    #expect(
      text.hasPrefix(#"{"data": {"node_count": 2, "num_threads": 1, "target_name": "dev"}, "info": {"category": ""#))
  }

  @Test func coloursAreForTerminalsOnly() throws {
    let event = Event.hookEnd("h", status: "success", index: 1, total: 1, seconds: 1, node: EventsTests.node())
    #expect(event.message.contains("\u{1B}[32mOK"))
    #expect(try !written { $0.emit(event) }.contains("\u{1B}"))
    #expect(try written({ $0.fileColor = true }) { $0.emit(event) }.contains("\u{1B}[32mOK"))
  }

  /// `--debug` shows more lines, not longer ones; the long form is `--log-format debug`.
  @Test func textLinesHaveTheTimeOnly() throws {
    let text = try written({ $0.file = .text }) { $0.emit(.note("told")) }
    let line = try #require(text.split(separator: "\n").last)
    #expect(String(line).wholeMatch(of: /\d\d:\d\d:\d\d  told/) != nil)
  }

  /// As in dbt's log: `Thread-1 (` for `Thread-1 (worker)`.
  @Test func threadsHaveTenColumns() throws {
    let text = try written { log in
      let names = ["Thread-12 (worker)", "main"]
      for name in names {
        ThreadContext.current.name = name
        log.emit(.note("told"))
      }
      ThreadContext.current.name = "MainThread"
    }
    #expect(text.contains(" [info ] [Thread-12 ]: told\n"))
    #expect(text.contains(" [info ] [main      ]: told\n"))
  }

  @Test func theFileHasItsOwnLevel() throws {
    let text = try written({ $0.fileLevel = .warn }) {
      $0.emit(.note("told"))
      $0.emit(.nothingToDo())
    }
    #expect(!text.contains("told"))
    #expect(text.contains("Nothing to do."))
  }

  @Test func textLinesInTheFileTellTimeLevelAndThread() throws {
    let text = try written { $0.emit(.note("hello")) }
    let line = try #require(text.split(separator: "\n").last)
    #expect(line.wholeMatch(of: /\d\d:\d\d:\d\d\.\d{6} \[info \] \[MainThread\]: hello/) != nil, "\(line)")
    #expect(text.hasPrefix("\n\n=============================="))
  }

  @Test func aFileThatIsTooLargeIsPutAside() throws {
    let folder = "\(NSTemporaryDirectory())/tenon-log-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func run(_ text: String) {
      var settings = EventLog.Settings()
      settings.consoleIsOff = true
      settings.filePath = "\(folder)/dbt.log"
      settings.fileMaximum = 10
      let log = EventLog(invocationID: "id", settings: settings)
      log.emit(.note(text))
      log.close()
    }
    run("first")
    run("second")
    #expect(try String(contentsOfFile: "\(folder)/dbt.log.1", encoding: .utf8).contains("first"))
    let now = try String(contentsOfFile: "\(folder)/dbt.log", encoding: .utf8)
    #expect(now.contains("second") && !now.contains("first"))
  }

  @Test func eventsOfAThreadTellWhatItsNodeIsAt() throws {
    let text = try written({ $0.file = .json }) { log in
      var node = EventsTests.node()
      node.status = "executing"
      ThreadContext.current.node = node
      defer { ThreadContext.current.node = nil }
      log.emit(.sqlQuery("a", "select 1"))
      log.emit(.connectionReused("a", from: "b"))
    }
    let lines = try objects(text)
    #expect((lines[0]["data"]?["node_info"] as? [String: Any])?["node_status"] as? String == "executing")
    // Taking a connection comes before the node's own work.
    #expect(lines[1]["data"]?["node_info"] == nil)
  }

  @Test func observersSeeWhatIsWrittenNowhere() {
    var settings = EventLog.Settings()
    settings.consoleIsOff = true
    let log = EventLog(invocationID: "id", settings: settings)
    let seen = Locked<[String]>([])
    log.observe { event, _ in seen.withLock { $0.append(event.name) } }
    log.emit(.note("n", level: .debug))
    #expect(seen.withLock { $0 } == ["Note"])
  }

  /// Workers keep lines back so that none waits for another; what somebody may be waiting to read is written at once.
  @Test func workersKeepLinesBackUntilTheyAreAsked() throws {
    let folder = "\(NSTemporaryDirectory())/tenon-log-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var settings = EventLog.Settings()
    settings.consoleIsOff = true
    settings.filePath = "\(folder)/dbt.log"
    let log = EventLog(invocationID: "id-1", settings: settings)
    defer { log.close() }
    func lines() -> Int {
      log.flush()
      let text = (try? String(contentsOfFile: "\(folder)/dbt.log", encoding: .utf8)) ?? ""
      return text.split(separator: "\n").count { $0.contains("Began running") || $0.contains("select 1") }
    }
    log.holdLines {
      let thread = ThreadContext.current
      thread.lastWrite = Timestamp(seconds: 0, nanoseconds: 0)
      // The first line of a burst is written at once.
      log.emit(.nodeStart(EventsTests.node()))
      #expect(lines() == 1)
      // However long this takes, it is one burst.
      thread.lastWrite = Timestamp(seconds: Timestamp.now().seconds + 3600, nanoseconds: 0)
      log.emit(.nodeStart(EventsTests.node()))
      #expect(lines() == 1)
      // Another log's lines are its own.
      let other = EventLog(invocationID: "id-2", settings: settings)
      other.emit(.nodeStart(EventsTests.node()))
      other.close()
      #expect(lines() == 2)
      log.emit(.sqlQuery("master", "select 1"))
      #expect(lines() == 4)
      log.emit(.nodeStart(EventsTests.node()))
    }
    #expect(lines() == 5)
  }
}
