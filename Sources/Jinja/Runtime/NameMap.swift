/// A few things by name, in the order they came: the blocks of a template, the names it exports. Searched one by one,
/// which for a few is faster than hashing.
struct NameMap<Element> {
  private(set) var items: [(name: Str, value: Element)] = []

  private func index(_ name: Str) -> Int? {
    for i in items.indices where items[i].name == name { return i }
    return nil
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
