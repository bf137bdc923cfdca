/// `bytes`: what `'text'.encode()` gives.
public final class BytesObject: Object {
  public let bytes: [UInt8]
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  public override var typeName: String { "bytes" }
  public override var isSubscriptable: Bool { true }
  public override var isTrue: Bool { !bytes.isEmpty }
  public override var length: Int? { bytes.count }
  public override func iterate(_ interpreter: Interpreter) throws -> ValueIterator? {
    ArrayIterator(bytes.map { .int(Int($0)) })
  }
  public override func item(_ key: Value, _ interpreter: Interpreter) throws -> Value? {
    guard let index = key.asInt else { return nil }
    let at = index < 0 ? index + bytes.count : index
    return bytes.indices.contains(at) ? .int(Int(bytes[at])) : nil
  }
  public override func slice(_ start: Value, _ stop: Value, _ step: Value) throws -> Value? {
    .object(BytesObject(try SliceRange(start, stop, step, length: bytes.count).indexes.map { bytes[$0] }))
  }
  public override func contains(_ member: Value, _ interpreter: Interpreter) throws -> Bool? {
    if let code = member.asInt {
      guard code >= 0, code < 256 else { throw TemplateError(.value, "byte must be in range(0, 256)") }
      return bytes.contains(UInt8(code))
    }
    guard case .object(let o) = member, let part = o as? BytesObject else {
      throw TemplateError(.type, "a bytes-like object is required, not '\(member.typeName)'")
    }
    return bytes.withUnsafeBufferPointer { whole in
      part.bytes.withUnsafeBufferPointer { ByteSearch.first($0, in: whole, from: 0, to: whole.count) != nil }
    }
  }
  public override func isEqual(to other: Value) -> Bool {
    guard case .object(let o) = other, let other = o as? BytesObject else { return false }
    return bytes == other.bytes
  }
  public override func hashCode() throws -> Int {
    bytes.reduce(bytes.count) { NumberHash.combine($0, Int($1)) }
  }
  public override func compare(to other: Value) -> Int? {
    guard case .object(let o) = other, let other = o as? BytesObject else { return nil }
    if bytes == other.bytes { return 0 }
    return bytes.lexicographicallyPrecedes(other.bytes) ? -1 : 1
  }
  public override func binary(_ op: BinaryOperator, _ other: Value, reflected: Bool) throws -> Value? {
    guard op == .add, case .object(let o) = other, let other = o as? BytesObject else { return nil }
    return .object(BytesObject(reflected ? other.bytes + bytes : bytes + other.bytes))
  }
  public override func repr(_ interpreter: Interpreter?) throws -> Str {
    var out = StrBuilder(capacity: bytes.count + 3)
    let quote = bytes.withUnsafeBufferPointer { StringRepr.quote($0) }
    out.append(0x62)
    out.append(quote)
    for byte in bytes {
      if byte >= 0x20, byte < 0x7F {
        if byte == quote || byte == 0x5C { out.append(0x5C) }
        out.append(byte)
      } else {
        StringRepr.escape(UInt32(byte), to: &out)
      }
    }
    out.append(quote)
    return out.finish()
  }
  public override func attribute(_ name: Str, _ interpreter: Interpreter) throws -> Value? {
    Methods.bound(.object(self), name)
  }
  public override func callMethod(_ name: Str, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? {
    try Methods.call(.object(self), name, arguments, interpreter)
  }
}
