/// A format specification: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`.
/// Source: https://docs.python.org/3/library/string.html#format-specification-mini-language
struct FormatSpec {
  enum Align: UInt8 { case left = 0x3C, right = 0x3E, after = 0x3D, center = 0x5E }

  var fill: UInt32 = 0x20
  var align: Align?
  /// The sign asked for: `+`, `-` or a blank; 0 when none was.
  var sign: UInt8 = 0
  var coerceNegativeZero = false
  var alternate = false
  /// The alignment was written, not implied by zero padding.
  var alignGiven = false
  /// Width 0 written before the width: zeros between sign and digits.
  var zeroPadding = false
  var width = 0
  /// `,` or `_` between groups of digits; 0 for none.
  var grouping: UInt8 = 0
  var precision: Int?
  /// The presentation type; 0 when none is given.
  var type: UInt32 = 0

  /// - Throws: a ValueError in CPython's words, naming the type that is being formatted.
  init(_ spec: Str, typeName: String) throws {
    let scalars = spec.scalars
    var i = 0
    func at(_ index: Int) -> UInt32 { index < scalars.count ? scalars[index] : 0 }
    func alignment(_ scalar: UInt32) -> Align? { scalar < 0x80 ? Align(rawValue: UInt8(scalar)) : nil }

    if scalars.count >= 2, let align = alignment(scalars[1]) {
      fill = scalars[0]
      self.align = align
      i = 2
    } else if let align = alignment(at(0)) {
      self.align = align
      i = 1
    }
    let fillGiven = i == 2
    alignGiven = align != nil
    if [0x2B, 0x2D, 0x20].contains(at(i)) {
      sign = UInt8(at(i))
      i += 1
    }
    if at(i) == 0x7A {
      coerceNegativeZero = true
      i += 1
    }
    if at(i) == 0x23 {
      alternate = true
      i += 1
    }
    if !fillGiven, at(i) == 0x30 {
      fill = 0x30
      zeroPadding = true
      if align == nil { align = .after }
      i += 1
    }
    width = try FormatSpec.number(scalars, &i) ?? 0
    if at(i) == 0x2C {
      grouping = 0x2C
      i += 1
    }
    if at(i) == 0x5F {
      if grouping != 0 { throw TemplateError(.value, "Cannot specify both ',' and '_'.") }
      grouping = 0x5F
      i += 1
    }
    if at(i) == 0x2C, grouping == 0x5F { throw TemplateError(.value, "Cannot specify both ',' and '_'.") }
    if at(i) == 0x2E {
      i += 1
      guard let digits = try FormatSpec.number(scalars, &i) else {
        throw TemplateError(.value, "Format specifier missing precision")
      }
      precision = digits
    }
    if scalars.count - i > 1 {
      throw TemplateError(
        .value, "Invalid format specifier '\(spec.string)' for object of type '\(typeName)'")
    }
    if i < scalars.count { type = scalars[i] }
    if grouping != 0 { try checkGrouping(typeName) }
  }

  private func checkGrouping(_ typeName: String) throws {
    let allowed: Bool
    switch type {
    case 0 where typeName == "str":
      throw TemplateError(.value, "Cannot specify '\(Character(Unicode.Scalar(grouping)))' with 's'.")
    case 0, 0x64, 0x65, 0x66, 0x67, 0x45, 0x46, 0x47, 0x25: allowed = true
    case 0x62, 0x6F, 0x78, 0x58: allowed = grouping == 0x5F
    default: allowed = false
    }
    if !allowed {
      throw TemplateError(.value, "Cannot specify '\(Character(Unicode.Scalar(grouping)))' with '\(typeText)'.")
    }
  }

  /// The presentation type as error messages show it.
  var typeText: String {
    if type > 0x20, type < 0x80 { return String(Character(Unicode.Scalar(UInt8(type)))) }
    return "\\x" + String(type, radix: 16)
  }

  func unknownCode(_ typeName: String) -> TemplateError {
    TemplateError(.value, "Unknown format code '\(typeText)' for object of type '\(typeName)'")
  }

  private static func number(_ scalars: [UInt32], _ i: inout Int) throws -> Int? {
    var value: Int?
    while i < scalars.count, let digit = UnicodeTraits.decimalValue(scalars[i]) {
      let (next, overflow) = (value ?? 0).multipliedReportingOverflow(by: 10)
      if overflow || next > Int.max - digit {
        throw TemplateError(.value, "Too many decimal digits in format string")
      }
      value = next + digit
      i += 1
    }
    return value
  }

  // MARK: layout

  /// Pads text that has no sign to the width.
  func pad(_ text: Str, default: Align) throws -> Str {
    let missing = width - text.scalarCount
    if missing <= 0 { return text.marked(false) }
    let fill = Str.scalar(self.fill)
    try SizeLimit.check(bytes: fill.count, times: missing)
    let left: Int
    switch align ?? `default` {
    case .left: left = 0
    case .right, .after: left = missing
    case .center: left = missing / 2
    }
    return StrPadding.pad(text.marked(false), left, missing - left, fill)
  }

  /// Lays a number out: sign, prefix (`0x`), integer digits in groups, and what follows them (point, exponent, `%`).
  func layout(
    negative: Bool, prefix: StaticString = "", digits: ArraySlice<UInt8>, rest: ArraySlice<UInt8>, groupSize: Int = 3
  ) throws -> Str {
    let signByte: UInt8 = negative ? 0x2D : sign == 0x2B || sign == 0x20 ? sign : 0
    let signLength = signByte == 0 ? 0 : 1
    let fixed = signLength + prefix.utf8CodeUnitCount + rest.count
    try SizeLimit.check(bytes: 4, times: width)
    // Zeros between sign and digits are grouped too.
    let zeros = fill == 0x30 && align == .after
    let grouped = group(digits, size: groupSize, minimum: zeros ? width - fixed : 0)
    let missing = max(0, width - fixed - grouped.count)
    let alignment = align ?? .right
    let left = alignment == .right ? missing : alignment == .center ? missing / 2 : 0
    let inner = alignment == .after ? missing : 0
    let fill = Str.scalar(self.fill)
    var out = StrBuilder(capacity: fixed + grouped.count + missing * fill.count)
    StrPadding.append(fill, left, to: &out)
    if signByte != 0 { out.append(signByte) }
    out.append(prefix)
    StrPadding.append(fill, inner, to: &out)
    out.append(bytes: grouped)
    for byte in rest { out.append(byte) }
    StrPadding.append(fill, missing - left - inner, to: &out)
    return out.finish()
  }

  /// Digits with separators, and with zeros in front up to `minimum` characters (one more where a separator would
  /// stand first).
  private func group(_ digits: ArraySlice<UInt8>, size: Int, minimum: Int) -> [UInt8] {
    if grouping == 0 {
      return [UInt8](repeating: 0x30, count: max(0, minimum - digits.count)) + digits
    }
    var reversed: [UInt8] = []
    var left = digits.reversed()[...]
    var wanted = minimum
    while true {
      let take = min(size, max(left.count, wanted, 1))
      let present = min(take, left.count)
      reversed.append(contentsOf: left.prefix(present))
      for _ in present..<take { reversed.append(0x30) }
      left = left.dropFirst(present)
      wanted -= take
      if left.isEmpty, wanted <= 0 { break }
      wanted -= 1
      reversed.append(grouping)
    }
    return reversed.reversed()
  }
}
