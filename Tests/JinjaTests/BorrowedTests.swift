import Testing

@testable import Jinja

/// What `Borrowed` assumes of the layout of values.
@Suite struct BorrowedTests {
  @Test func tags() {
    func tag(_ value: Value) -> UInt8 { withUnsafePointer(to: value) { Borrowed.tag($0) } }
    #expect(MemoryLayout<Value>.size == 9)
    #expect(tag(.string("x")) == Borrowed.stringTag)
    #expect(tag(.list([])) == Borrowed.listTag)
    #expect(tag(.dict([:])) == Borrowed.dictTag)
    #expect(tag(.object(NamespaceObject())) == Borrowed.objectTag)
    #expect(tag(.int(4)) == Borrowed.intTag)
    #expect(tag(.float(7)) == Borrowed.floatTag)
    #expect(tag(.undefined(Undefined(kind: .default, name: "x"))) == Borrowed.undefinedTag)
    for number in [Int.min, -1, 0, 7] {
      withUnsafePointer(to: Value.int(number)) { #expect(Borrowed.int($0) == number) }
    }
    withUnsafePointer(to: Value.bool(true)) { #expect(Borrowed.int($0) == nil) }
    for other in [Value.none, .bool(true), .int(4), .float(7), .tuple([])] {
      #expect(![Borrowed.stringTag, Borrowed.listTag, Borrowed.dictTag, Borrowed.objectTag].contains(tag(other)))
    }
  }

  @Test func references() {
    let text = Str.make("hello")
    let value = Value.string(text)
    withUnsafePointer(to: value) {
      #expect(Borrowed.reference($0, Str.self).takeUnretainedValue() === text)
    }
  }

  @Test func dictsGiveWhereTheyKeepValues() throws {
    let dict = DictObject()
    for i in 0..<100 { dict["key\(i)"] = .int(i) }
    try dict.set(.int(1), .string("one"))
    dict["key7"] = nil
    for i in 0..<100 where i != 7 { #expect(dict.place(of: Str.make("key\(i)"))?.pointee.asInt == i) }
    #expect(dict.place(of: Str.make("key7")) == nil)
    #expect(dict.place(of: Str.make("nothing")) == nil)
  }
}
