import BigInt

/// `template % arguments`: printf-style formatting.
/// Source: https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting
struct PercentFormat {
  private let text: Str
  private let r: Interpreter
  private let arguments: [Value]
  /// What `%(key)s` looks keys up in.
  private let mapping: Value?
  private var taken = 0
  /// Set once a key was used: then positional arguments are not counted.
  private var current: Value?

  private struct Flags {
    var left = false
    var sign = false
    var blank = false
    var alternate = false
    var zero = false
  }

  static func format(_ template: Str, _ arguments: Value, _ r: Interpreter) throws -> Str {
    var formatter = PercentFormat(template, arguments, r)
    return try formatter.run()
  }

  private init(_ text: Str, _ value: Value, _ r: Interpreter) {
    self.text = text
    self.r = r
    switch value {
    case .tuple(let tuple):
      arguments = tuple.items
      mapping = nil
    case .string, .int, .float, .bool, .none:
      arguments = [value]
      mapping = nil
    case .object(let o) where !o.isSubscriptable:
      arguments = [value]
      mapping = nil
    case .list, .dict, .undefined, .object:
      arguments = [value]
      mapping = value
    }
  }

  private mutating func run() throws -> Str {
    var out = StrBuilder(capacity: text.count + 32)
    try text.withUTF8 { bytes in
      var i = 0
      while i < bytes.count {
        let start = i
        while i < bytes.count, bytes[i] != 0x25 { i += 1 }
        out.append(UnsafeBufferPointer(rebasing: bytes[start..<i]))
        if i == bytes.count { break }
        i += 1
        if i < bytes.count, bytes[i] == 0x25 {
          out.append(0x25)
          i += 1
        } else {
          try conversion(bytes, &i, &out)
        }
      }
    }
    if mapping == nil, taken < arguments.count {
      throw TemplateError(.type, "not all arguments converted during string formatting")
    }
    return out.finish(markup: text.isMarkup)
  }

  private mutating func argument() throws -> Value {
    if let current {
      self.current = nil
      return current
    }
    guard taken < arguments.count else { throw TemplateError(.type, "not enough arguments for format string") }
    taken += 1
    return arguments[taken - 1]
  }

  /// One conversion, `i` being after the percent sign.
  private mutating func conversion(
    _ bytes: UnsafeBufferPointer<UInt8>, _ i: inout Int, _ out: inout StrBuilder
  ) throws {
    if i < bytes.count, bytes[i] == 0x28 { try key(bytes, &i) }
    var flags = Flags()
    flags: while i < bytes.count {
      switch bytes[i] {
      case 0x2D: flags.left = true
      case 0x2B: flags.sign = true
      case 0x20: flags.blank = true
      case 0x23: flags.alternate = true
      case 0x30: flags.zero = true
      default: break flags
      }
      i += 1
    }
    var width = 0
    if i < bytes.count, bytes[i] == 0x2A {
      i += 1
      width = try star()
      if width < 0 {
        flags.left = true
        width = width == Int.min ? Int.max : -width
      }
    } else {
      width = try number(bytes, &i, "width too big") ?? 0
    }
    var precision: Int?
    if i < bytes.count, bytes[i] == 0x2E {
      i += 1
      if i < bytes.count, bytes[i] == 0x2A {
        i += 1
        precision = max(0, try star())
      } else {
        precision = try number(bytes, &i, "precision too big") ?? 0
      }
    }
    if i < bytes.count, bytes[i] == 0x68 || bytes[i] == 0x6C || bytes[i] == 0x4C { i += 1 }
    guard i < bytes.count else { throw TemplateError(.value, "incomplete format") }
    let place = i
    let type = UTF8Codec.decode(bytes, &i)
    try SizeLimit.check(bytes: 1, times: max(width, precision ?? 0))
    let value = try argument()
    try convert(value, type, place, flags, width, precision, &out)
  }

  private mutating func key(_ bytes: UnsafeBufferPointer<UInt8>, _ i: inout Int) throws {
    guard let mapping else { throw TemplateError(.type, "format requires a mapping") }
    i += 1
    let start = i
    var open = 1
    while i < bytes.count {
      if bytes[i] == 0x28 { open += 1 }
      if bytes[i] == 0x29 { open -= 1 }
      if open == 0 { break }
      i += 1
    }
    guard i < bytes.count else { throw TemplateError(.value, "incomplete format key") }
    let key = Str.make(UnsafeBufferPointer(rebasing: bytes[start..<i]))
    i += 1
    // From here on only keys give values.
    taken = arguments.count
    switch mapping {
    case .dict(let dict):
      guard let value = dict[key] else { throw TemplateError(.key, try Value.string(key).repr(r).string) }
      current = value
    case .undefined(let u): throw u.error()
    case .object(let o):
      guard let value = try o.item(.string(key), r) else {
        throw TemplateError(.key, try Value.string(key).repr(r).string)
      }
      current = value
    default: throw TemplateError(.type, "\(mapping.typeName) indices must be integers or slices, not str")
    }
  }

  private mutating func star() throws -> Int {
    let value = try argument()
    guard value.asBigInt != nil else { throw TemplateError(.type, "* wants int") }
    return try value.index(clamp: false)
  }

  private func number(_ bytes: UnsafeBufferPointer<UInt8>, _ i: inout Int, _ tooBig: String) throws -> Int? {
    var value: Int?
    while i < bytes.count, bytes[i] >= 0x30, bytes[i] <= 0x39 {
      let next = (value ?? 0) * 10 + Int(bytes[i] - 0x30)
      if next > Int(Int32.max) { throw TemplateError(.value, tooBig) }
      value = next
      i += 1
    }
    return value
  }

  // MARK: conversions

  private func convert(
    _ value: Value, _ type: UInt32, _ place: Int, _ flags: Flags, _ width: Int, _ precision: Int?,
    _ out: inout StrBuilder
  ) throws {
    switch type {
    case 0x73: pad(try text.isMarkup ? Escape.escape(value, r) : value.str(r), flags, width, precision, &out)
    case 0x72: pad(escaped(try value.repr(r)), flags, width, precision, &out)
    case 0x61: pad(escaped(try AsciiRepr.of(value, r)), flags, width, precision, &out)
    case 0x63: pad(try character(value), flags, width, nil, &out)
    case 0x64, 0x69, 0x75:
      let number = try integer(value, type)
      layout(
        number.sign == .minus, "", Array(try IntegerText.decimal(BigInt(number.magnitude)).utf8), flags, width,
        precision, &out)
    case 0x78, 0x58, 0x6F:
      let number = try exactInteger(value, type)
      let radix = type == 0x6F ? 8 : 16
      let prefix: StaticString = !flags.alternate ? "" : type == 0x6F ? "0o" : type == 0x78 ? "0x" : "0X"
      let digits = String(number.magnitude, radix: radix, uppercase: type == 0x58)
      layout(number.sign == .minus, prefix, Array(digits.utf8), flags, width, precision, &out)
    case 0x65, 0x45, 0x66, 0x46, 0x67, 0x47:
      let number = try real(value)
      let digits = try NumberFormat.magnitude(
        number, UInt8(type), precision ?? 6, alternate: flags.alternate)
      layout(number.sign == .minus && !number.isNaN, "", digits, flags, width, nil, &out)
    default:
      let shown = Str.scalar(type).string
      throw TemplateError(
        .value,
        "unsupported format character '\(type >= 0x20 && type < 0x7F ? shown : "?")' "
          + "(0x\(String(type, radix: 16))) at index \(text.scalarIndex(ofByte: place))")
    }
  }

  private func escaped(_ text: Str) -> Str { self.text.isMarkup ? Escape.html(text.marked(false)) : text }

  private func pad(_ text: Str, _ flags: Flags, _ width: Int, _ precision: Int?, _ out: inout StrBuilder) {
    var shown = text
    if let precision, precision < text.scalarCount { shown = text.slice(from: 0, to: precision) }
    let missing = width > 0 ? width - shown.scalarCount : 0
    if !flags.left { out.append(repeating: 0x20, count: missing) }
    out.append(shown)
    if flags.left { out.append(repeating: 0x20, count: missing) }
  }

  private func layout(
    _ negative: Bool, _ prefix: StaticString, _ digits: [UInt8], _ flags: Flags, _ width: Int, _ precision: Int?,
    _ out: inout StrBuilder
  ) {
    let sign: UInt8 = negative ? 0x2D : flags.sign ? 0x2B : flags.blank ? 0x20 : 0
    let zeros = max(0, (precision ?? 0) - digits.count)
    let missing = max(0, width - (sign == 0 ? 0 : 1) - prefix.utf8CodeUnitCount - zeros - digits.count)
    if !flags.left, !flags.zero { out.append(repeating: 0x20, count: missing) }
    if sign != 0 { out.append(sign) }
    out.append(prefix)
    if !flags.left, flags.zero { out.append(repeating: 0x30, count: missing) }
    out.append(repeating: 0x30, count: zeros)
    out.append(bytes: digits)
    if flags.left { out.append(repeating: 0x20, count: missing) }
  }

  private func letter(_ type: UInt32) -> String { Str.scalar(type).string }

  /// What `%d` takes: any real number, cut to an integer.
  private func integer(_ value: Value, _ type: UInt32) throws -> BigInt {
    if case .string(let written) = value, text.isMarkup {
      // Markup wraps its arguments in helpers, whose int() reads text too.
      if let parsed = try IntegerParser.parse(written, base: 10)?.asBigInt { return parsed }
      throw TemplateError(
        .value, "invalid literal for int() with base 10: \(try Value.string(written.marked(false)).repr(r).string)")
    }
    if case .undefined(let undefined) = value { throw undefined.error() }
    if let whole = try PythonNumbers.integer(value)?.asBigInt {
      return whole
    }
    let name = text.isMarkup ? "_MarkupEscapeHelper" : value.typeName
    throw TemplateError(.type, "%\(letter(type)) format: a real number is required, not \(name)")
  }

  private func exactInteger(_ value: Value, _ type: UInt32) throws -> BigInt {
    let name = text.isMarkup ? "_MarkupEscapeHelper" : value.typeName
    guard !text.isMarkup, let whole = value.asBigInt else {
      throw TemplateError(.type, "%\(letter(type)) format: an integer is required, not \(name)")
    }
    return whole
  }

  private func real(_ value: Value) throws -> Double {
    if let number = try Numbers.double(value) { return number }
    switch value {
    case .object(let o): if let number = o.floatValue { return number }
    case .string where text.isMarkup: return try PythonNumbers.float(value, r)
    case .undefined(let undefined): throw undefined.error()
    default: break
    }
    throw TemplateError(.type, "must be real number, not \(value.typeName)")
  }

  private func character(_ value: Value) throws -> Str {
    let wrong = TemplateError(.type, "%c requires int or char")
    if text.isMarkup { throw wrong }
    if case .string(let s) = value {
      guard s.scalarCount == 1 else { throw wrong }
      return s.marked(false)
    }
    guard value.asBigInt != nil else { throw wrong }
    guard let code = value.asInt, code >= 0, code < 0x110000 else {
      throw TemplateError(.overflow, "%c arg not in range(0x110000)")
    }
    return Str.scalar(UInt32(code))
  }
}
