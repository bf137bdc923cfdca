/// The JSON of the configurations that were written last. Most nodes of a folder share one, thirty fields long.
struct ConfigTexts {
  private struct Entry {
    /// Held, so that its values stay where they are.
    let config: NodeConfig
    let text: [UInt8]
  }

  private static var places: Int { 64 }
  private var entries: [Entry?] = []

  /// The place for one; another one may be there.
  private func place(of values: UnsafeRawPointer) -> Int { (Int(bitPattern: values) >> 6) % Self.places }

  subscript(_ config: NodeConfig) -> [UInt8]? {
    guard !entries.isEmpty, let values = config.sharedValues, let entry = entries[place(of: values)],
      entry.config.sharedValues == values, entry.config.type == config.type
    else { return nil }
    return entry.text
  }

  mutating func add(_ config: NodeConfig, _ text: [UInt8]) {
    guard let values = config.sharedValues else { return }
    if entries.isEmpty { entries = Array(repeating: nil, count: Self.places) }
    entries[place(of: values)] = Entry(config: config, text: text)
  }
}
