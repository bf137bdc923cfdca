/// Every method name of the built-in types, so that a call is one look-up and one `switch`.
enum MethodName: String, CaseIterable {
  // str
  case capitalize, casefold, center, count, encode, endswith, expandtabs, find, format, format_map, index, isalnum
  case isalpha, isascii, isdecimal, isdigit, isidentifier, islower, isnumeric, isprintable, isspace, istitle, isupper
  case join, ljust, lower, lstrip, maketrans, partition, removeprefix, removesuffix, replace, rfind, rindex, rjust
  case rpartition, rsplit, rstrip, split, splitlines, startswith, strip, swapcase, title, translate, upper, zfill
  // Markup
  case unescape, striptags, escape
  // list
  case append, clear, copy, extend, insert, pop, remove, reverse, sort
  // dict
  case fromkeys, get, items, keys, popitem, setdefault, update, values
  // set
  case add, difference, difference_update, discard, intersection, intersection_update, isdisjoint, issubset
  case issuperset, symmetric_difference, symmetric_difference_update, union
  // numbers
  case as_integer_ratio, bit_count, bit_length, conjugate, from_bytes, fromhex, hex, is_integer, to_bytes
  // bytes
  case decode
}

/// Finds a method by its name's bytes.
struct MethodTable: @unchecked Sendable {
  static let shared = MethodTable()

  private let names: [Str?]
  private let methods: [MethodName?]
  private let mask: Int

  private init() {
    var size = 64
    while size < MethodName.allCases.count * 4 { size *= 2 }
    mask = size - 1
    var names = [Str?](repeating: nil, count: size)
    var methods = [MethodName?](repeating: nil, count: size)
    for method in MethodName.allCases {
      let name = Str.make(method.rawValue)
      name.freeze()
      var slot = name.hashCode & mask
      while names[slot] != nil { slot = (slot + 1) & mask }
      names[slot] = name
      methods[slot] = method
    }
    self.names = names
    self.methods = methods
  }

  func find(_ name: Str) -> MethodName? {
    var slot = name.hashCode & mask
    while let candidate = names[slot] {
      if candidate == name { return methods[slot] }
      slot = (slot + 1) & mask
    }
    return nil
  }
}
