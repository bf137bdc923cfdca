/// Floats as text, as CPython's `repr`: the shortest digits that read back the same.
enum PythonFloat {
  /// Appends the number; with `json`, what is not finite is written as Python's `json` does.
  static func append(_ number: Double, to bytes: inout [UInt8], json: Bool = false) {
    guard number.isFinite else {
      let text = number.isNaN ? (json ? "NaN" : "nan") : (json ? "Infinity" : "inf")
      if number < 0 { bytes.append(0x2D) }
      bytes.append(contentsOf: text.utf8)
      return
    }
    if number.sign == .minus { bytes.append(0x2D) }
    if number == 0 {
      bytes.append(contentsOf: [0x30, 0x2E, 0x30])
      return
    }
    // Swift's description has the same digits; only where it switches to an exponent differs.
    var digits: [UInt8] = []
    var point = 0
    var seenPoint = false
    var exponent = 0
    var utf8 = number.magnitude.description.utf8.makeIterator()
    while let c = utf8.next() {
      if c == 0x2E {
        seenPoint = true
      } else if c == 0x65 {
        var negative = false
        while let e = utf8.next() {
          if e == 0x2D {
            negative = true
          } else if e != 0x2B {
            exponent = exponent * 10 + Int(e - 0x30)
          }
        }
        if negative { exponent = -exponent }
      } else {
        digits.append(c)
        if !seenPoint { point += 1 }
      }
    }
    while digits.count > 1, digits.first == 0x30 {
      digits.removeFirst()
      point -= 1
    }
    while digits.count > 1, digits.last == 0x30 { digits.removeLast() }
    // The decimal point stands after `point` digits.
    point += exponent
    if point > 16 || point < -3 {
      bytes.append(digits[0])
      if digits.count > 1 {
        bytes.append(0x2E)
        bytes.append(contentsOf: digits[1...])
      }
      bytes.append(0x65)
      let e = point - 1
      bytes.append(e < 0 ? 0x2D : 0x2B)
      if e.magnitude < 10 { bytes.append(0x30) }
      bytes.append(contentsOf: String(e.magnitude).utf8)
    } else if point <= 0 {
      bytes.append(contentsOf: [0x30, 0x2E])
      for _ in 0..<(-point) { bytes.append(0x30) }
      bytes.append(contentsOf: digits)
    } else if digits.count <= point {
      bytes.append(contentsOf: digits)
      for _ in digits.count..<point { bytes.append(0x30) }
      bytes.append(contentsOf: [0x2E, 0x30])
    } else {
      bytes.append(contentsOf: digits[..<point])
      bytes.append(0x2E)
      bytes.append(contentsOf: digits[point...])
    }
  }
}
