import Foundation
import Testing

@testable import Jinja

@Suite struct ReferenceTests {
  @Test func documentationIsWhatTheCodeSays() throws {
    let file = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../docs/jinja.md").standardized
    let wanted = JinjaReference.markdown()
    if ProcessInfo.processInfo.environment["TENON_UPDATE_DOCS"] != nil {
      try Data(wanted.utf8).write(to: file)
    }
    let found = try String(decoding: Data(contentsOf: file), as: UTF8.self)
    #expect(found == wanted, "docs/jinja.md is out of date: TENON_UPDATE_DOCS=1 swift test --filter ReferenceTests")
  }
}
