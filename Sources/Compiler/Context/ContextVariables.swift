import Jinja

/// Names that are given to one rendering. There are a few at most, which are searched one by one.
public struct ContextVariables {
  private var items: [(name: Str, value: Value)] = []

  init() {}

  public subscript(_ name: Str) -> Value? {
    get {
      for item in items where item.name == name { return item.value }
      return nil
    }
    set {
      items.removeAll { $0.name == name }
      if let newValue { items.append((name, newValue)) }
    }
  }

  public subscript(_ name: String) -> Value? {
    get { items.isEmpty ? nil : self[Str.make(name)] }
    set { self[Str.make(name)] = newValue }
  }
}

extension ContextVariables {
  /// The arguments of a generic test, which its code gives to the test's macro.
  nonisolated(unsafe) public static let testArguments: Str = {
    let name = Str.make("_dbt_generic_test_kwargs")
    name.freeze()
    return name
  }()
}
