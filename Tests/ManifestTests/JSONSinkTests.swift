import Diagnostics
import Testing

@testable import Manifest

/// Texts are looked at eight bytes at a time; what must be escaped may stand anywhere in them.
@Suite struct JSONSinkTests {
  @Test(arguments: [
    ("\"", "\\\""), ("\\", "\\\\"), ("\n", "\\n"), ("\u{1}", "\\u0001"), ("\u{7F}", "\u{7F}"), ("é", "\\u00e9"),
    ("😀", "\\ud83d\\ude00"),
  ])
  func everyPlaceIsEscaped(_ special: String, _ escaped: String) {
    for before in 0..<18 {
      for after in [0, 1, 7, 8, 9] {
        let (head, tail) = (String(repeating: "a", count: before), String(repeating: " ~", count: after))
        var sink = JSONSink(capacity: 1)
        sink.string(head + special + tail)
        #expect(String(decoding: sink.bytes, as: UTF8.self) == "\"\(head)\(escaped)\(tail)\"")
      }
    }
  }

  @Test func whatWasWrittenIsForgottenButNotTheRoom() {
    var sink = JSONSink(capacity: 1)
    sink.strings(["a", "b"])
    sink.removeAll()
    sink.int(1)
    #expect(String(decoding: sink.bytes, as: UTF8.self) == "1")
  }

  @Test func textsAreOrderedByCodePoint() {
    let words = ["", "a", "a.b", "a_b", "ab", "b", "é", "\u{FFFD}", "😀"]
    for (i, first) in words.enumerated() {
      for (j, second) in words.enumerated() { #expect(isOrdered(first, second) == (i < j)) }
    }
  }

  /// Several threads make the pieces; what comes out is what one would have written.
  @Test(arguments: [0, 1, 7, 8, 9, 1000]) func piecesComeOutInOrder(_ count: Int) throws {
    var expected = JSONSink()
    expected.continues(true)
    for i in 0..<count { expected.int(i) }
    var bytes: [UInt8] = []
    try JSONPieces.write(count, size: 8, continues: true) { range, sink in
      for i in range { sink.int(i) }
    } to: { (piece) throws(Diagnostic) in
      bytes += piece
    }
    #expect(bytes == expected.bytes)
  }

  @Test func aFullDiskStopsThePieces() {
    let made = Locked(0)
    #expect(throws: Diagnostic.self) {
      try JSONPieces.write(10_000, size: 1) { _, sink in
        made.withLock { $0 += 1 }
        sink.int(1)
      } to: { (_) throws(Diagnostic) in
        throw Diagnostic("full", .runtime, "no room")
      }
    }
    #expect(made.withLock { $0 } < 1000)
  }

  /// The text of a configuration is kept for the next one that has the same values, and for no other.
  @Test func configurationsThatChangeAreWrittenAnew() {
    let shared = NodeConfig(.model)
    var tagged = shared
    tagged[.tags] = ["a"]
    var extended = shared
    extended.extra["indexes"] = []
    var sink = JSONSink()
    sink.beginArray()
    for config in [shared, tagged, shared, extended, shared] { sink.config(config) }
    sink.endArray()
    let written = String(decoding: sink.bytes, as: UTF8.self)
    var expected = JSONSink()
    expected.beginArray()
    for config in [shared, tagged, shared, extended, shared] { expected.dict(config.dict) }
    expected.endArray()
    #expect(written == String(decoding: expected.bytes, as: UTF8.self))
  }
}
