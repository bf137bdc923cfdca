/// Looking at a value where it is stored, without the reference counting of taking it out.
///
/// This relies on how Swift lays out `Value`: eight bytes of payload, then a byte that numbers the cases in the order
/// of their declaration. `BorrowedTests` holds it to that.
enum Borrowed {
  static let undefinedTag: UInt8 = 0
  static let intTag: UInt8 = 2
  static let floatTag: UInt8 = 3
  static let stringTag: UInt8 = 4
  static let listTag: UInt8 = 5
  static let dictTag: UInt8 = 7
  static let objectTag: UInt8 = 8

  @inline(__always) static func tag(_ place: UnsafePointer<Value>) -> UInt8 {
    UnsafeRawPointer(place).load(fromByteOffset: 8, as: UInt8.self)
  }

  /// The value at a place when it is a small integer.
  @inline(__always) static func int(_ place: UnsafePointer<Value>) -> Int? {
    tag(place) == intTag ? UnsafeRawPointer(place).load(as: Int.self) : nil
  }

  /// The payload as a reference; the tag must have said that it is one.
  @inline(__always) static func reference<T: AnyObject>(_ place: UnsafePointer<Value>, _ type: T.Type) -> Unmanaged<T> {
    Unmanaged<T>.fromOpaque(UnsafeRawPointer(place).load(as: UnsafeRawPointer.self))
  }
}
