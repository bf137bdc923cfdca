import Dispatch

/// Work on many independent items with all cores.
public enum Parallel {
  /// `transform` of each item, in order; small inputs stay on this thread.
  public static func map<T: Sendable, R: Sendable>(_ items: [T], _ transform: @Sendable (T) -> R) -> [R] {
    guard items.count > 8 else { return items.map(transform) }
    let slots = UnsafeMutableBufferPointer<R?>.allocate(capacity: items.count)
    slots.initialize(repeating: nil)
    defer {
      slots.deinitialize()
      slots.deallocate()
    }
    // Each index is written by one iteration only.
    nonisolated(unsafe) let out = slots
    let chunk = max(1, items.count / 256)
    DispatchQueue.concurrentPerform(iterations: (items.count + chunk - 1) / chunk) { number in
      for index in (number * chunk)..<min(items.count, (number + 1) * chunk) { out[index] = transform(items[index]) }
    }
    return slots.compactMap { $0 }
  }
}
