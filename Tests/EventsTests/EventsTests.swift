import Glibc
import Testing

@testable import Events

@Suite struct EventsTests {
  static func node() -> NodeInfo {
    NodeInfo(uniqueID: "model.shop.orders") {
      NodeDetails(
        name: "orders", path: "marts/orders.sql", checksum: "abc", materialized: "table", metaJSON: "{}",
        resourceType: "model", alias: "orders", database: "db", schema: "public",
        relationName: "\"db\".\"public\".\"orders\"")
    }
  }

  @Test func startLineIsPaddedToEightyColumns() {
    let event = Event.startLine("sql table model public.orders", index: 1, total: 12, node: Self.node())
    #expect(
      event.message
        == "1 of 12 START sql table model public.orders .................................... [RUN]")
  }

  @Test func finishedLineSplitsTheTime() {
    #expect(
      Event.finishedRunning("2 table models", seconds: 3725.126).message
        == "Finished running 2 table models in 1 hours 2 minutes and 5.13 seconds (3725.13s).")
  }

  @Test func fileGetsOneJSONObjectALineWithSecretsHidden() throws {
    let path = "/tmp/tenon-events-\(getpid())-\(UInt32.random(in: 0 ... .max)).log"
    defer { unlink(path) }
    var settings = EventLog.Settings()
    settings.consoleLevel = .error
    settings.quiet = true
    settings.filePath = path
    settings.file = .json
    let log = EventLog(invocationID: "id-1", settings: settings)
    log.hide(secrets: ["hunter2"])
    log.emit(.sqlQuery("master", "select 'hunter2', 'é\n'"))
    log.close()
    let text = try String(decoding: readFile(path), as: UTF8.self)
    #expect(text.split(separator: "\n").count == 1)
    #expect(text.contains("\"sql\": \"select '*****', '\\u00e9\\n'\""))
    #expect(text.contains("\"name\": \"SQLQuery\""))
    #expect(!text.contains("hunter2"))
  }

  @Test func theProgressLineStaysOnOneLine() {
    #expect(ProgressLine.fitted("[1/2] orders", columns: 80) == "[1/2] orders")
    #expect(ProgressLine.fitted("[1/2] orders, customers", columns: 10) == "[1/2] or…")
  }

  @Test func coloursCanBeTakenOut() {
    #expect(ANSI.strip("[\(ANSI.green("OK"))] \u{1B}[1;31mx") == "[OK] x")
  }

  private func readFile(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY)
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 65536)
    let n = read(descriptor, &bytes, bytes.count)
    return Array(bytes[..<max(0, n)])
  }
}
