/// A few things by name, in the order they came: the blocks of a template, the names it exports. Searched one by one,
/// which for a few is faster than hashing.
struct NameMap<Element> {
  private(set) var items: [(name: Str, value: Element)] = []

  private func index(_ name: Str) -> Int? {
    for i in items.indices where items[i].name == name { return i }
    return nil
  }

  /// Changes what has the name, in place; adds `missing` first when there is nothing.
  mutating func update(_ name: Str, orAdd missing: Element, _ change: (inout Element) -> Void) {
    if let i = index(name) {
      change(&items[i].value)
    } else {
      items.append((name, missing))
      change(&items[items.count - 1].value)
    }
  }

  subscript(_ name: Str) -> Element? {
    get { index(name).map { items[$0].value } }
    set {
      if let i = index(name) {
        if let newValue { items[i].value = newValue } else { items.remove(at: i) }
      } else if let newValue {
        items.append((name, newValue))
      }
    }
  }
}
