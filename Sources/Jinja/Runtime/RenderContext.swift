/// Where a rendering finds the names that its template does not define itself. Subclassed by hosts that compute values
/// when they are asked for.
open class ContextProvider {
  public init() {}
  /// A name's value; nil when there is none. Asked once per rendering and template for each name.
  open func lookup(_ name: Str) -> Value? { nil }
}

/// Names from a dict.
public final class DictContext: ContextProvider {
  public let dict: DictObject
  public init(_ dict: DictObject) { self.dict = dict }
  public override func lookup(_ name: Str) -> Value? { dict[name] }
}

/// The names that one template (and what it extends) sees and sets while it renders.
final class RenderContext {
  let base: ContextProvider?
  /// What an include or import with context, or a scoped block, adds to the base.
  let overlay: DictObject?
  /// What the template set at its top level.
  let vars: DictObject
  /// Names that an import of this template may use.
  var exported = NameMap<Bool>()
  /// The blocks by name, from the most derived template to the base.
  var blocks = NameMap<[BlockCode]>()
  var autoescape: Bool
  /// The template that is being rendered (not the ones it extends).
  let program: Program
  private var caches: [NameCache] = []
  private let globals: DictObject

  init(
    _ program: Program, base: ContextProvider?, overlay: DictObject? = nil, vars: DictObject? = nil,
    globals: DictObject,
    autoescape: Bool
  ) {
    self.program = program
    self.base = base
    self.overlay = overlay
    self.vars = vars ?? DictObject()
    self.globals = globals
    self.autoescape = autoescape
    for block in program.blocks { blocks[block.blockName] = [block] }
  }

  func lookup(_ name: Str) -> Value? {
    if vars.count != 0, let found = vars[name] { return found }
    if let overlay, let found = overlay[name] { return found }
    if let base, let found = base.lookup(name) { return found }
    return globals[name]
  }

  /// Sets a name at the top level; everything that reads it from now on sees it.
  func set(_ name: Str, _ value: Value) {
    vars[name] = value
    for cache in caches {
      if let index = cache.program.contextIndex(of: name) { cache.values[index] = value }
    }
  }

  func cache(for program: Program) -> NameCache {
    for i in caches.indices where caches[i].program === program { return caches[i] }
    let cache = NameCache(program)
    caches.append(cache)
    return cache
  }

  /// A context of the same names with more on top: for a scoped block, an include, an import.
  func extended(_ locals: DictObject?, program: Program, keepsBlocks: Bool) -> RenderContext {
    var merged: DictObject?
    if vars.count > 0 || locals != nil {
      let all = overlay?.copy() ?? DictObject()
      for pair in vars.pairs { try? all.set(pair.key, pair.value) }
      if let locals { for pair in locals.pairs { try? all.set(pair.key, pair.value) } }
      merged = all
    } else {
      merged = overlay
    }
    let other = RenderContext(
      program, base: base, overlay: merged, globals: globals, autoescape: autoescape)
    if keepsBlocks { other.blocks = blocks }
    return other
  }
}
