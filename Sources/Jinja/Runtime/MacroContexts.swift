/// The contexts of the host's macros in one rendering, by their programs. Most renderings call a few, which are searched
/// one by one; those that call many are hashed.
struct MacroContexts {
  private static let searched = 12
  private var few: [RenderContext] = []
  private var many: [ObjectIdentifier: RenderContext] = [:]

  func find(_ program: Program) -> RenderContext? {
    for context in few where context.program === program { return context }
    return many.isEmpty ? nil : many[ObjectIdentifier(program)]
  }

  mutating func add(_ context: RenderContext) {
    if few.count < Self.searched {
      few.append(context)
    } else {
      many[ObjectIdentifier(context.program)] = context
    }
  }
}
