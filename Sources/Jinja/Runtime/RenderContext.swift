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
  /// What the template set at its top level: most set nothing, so it is made when it is asked for.
  var vars: DictObject {
    if let made { return made }
    let new = DictObject()
    made = new
    return new
  }
  private var made: DictObject?
  /// Names that an import of this template may use.
  var exported = NameMap<Bool>()
  /// The blocks by name, from the most derived template to the base.
  var blocks = NameMap<[BlockCode]>()
  var autoescape: Bool
  /// The template that is being rendered (not the ones it extends).
  let program: Program
  /// The values of the template's own names; looked up when first read.
  private let own: NameCache
  /// Those of the templates it extends.
  private var others: [NameCache] = []
  private let globals: DictObject

  init(
    _ program: Program, base: ContextProvider?, overlay: DictObject? = nil, vars: DictObject? = nil,
    globals: DictObject,
    autoescape: Bool
  ) {
    self.program = program
    self.base = base
    self.overlay = overlay
    made = vars
    own = NameCache(program)
    self.globals = globals
    self.autoescape = autoescape
    for block in program.blocks { blocks[block.blockName] = [block] }
  }

  func lookup(_ name: Str) -> Value? {
    if let made, made.count != 0, let found = made[name] { return found }
    if let overlay, let found = overlay[name] { return found }
    if let base, let found = base.lookup(name) { return found }
    return globals[name]
  }

  /// Sets a name at the top level; everything that reads it from now on sees it.
  func set(_ name: Str, _ value: Value) {
    vars[name] = value
    own.set(name, value)
    for cache in others { cache.set(name, value) }
  }

  /// The values of the names that a program reads in this context.
  func values(for program: Program) -> Slots {
    if own.program === program { return own.values }
    for i in others.indices where others[i].program === program { return others[i].values }
    let cache = NameCache(program)
    others.append(cache)
    return cache.values
  }

  deinit {
    own.deallocate()
    for cache in others { cache.deallocate() }
  }

  /// A context of the same names with more on top: for a scoped block, an include, an import.
  func extended(_ locals: DictObject?, program: Program, keepsBlocks: Bool) -> RenderContext {
    var merged: DictObject?
    if made?.count ?? 0 > 0 || locals != nil {
      let all = overlay?.copy() ?? DictObject()
      for pair in made?.pairs ?? [] { try? all.set(pair.key, pair.value) }
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
