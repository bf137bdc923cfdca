// Jinja2 folds an expression of constants and writes the result down as Python source. For an infinity and for NaN
// that source is a name nobody defined (`inf`, `nan`), so that evaluating it fails, while printing it, which needs no
// source, does not. The same happens here.

/// A folded constant that holds an infinity or NaN.
final class InfiniteConstantCode: ConstantCode, @unchecked Sendable {
  override func eval(_ r: Interpreter) throws -> Value {
    throw located(TemplateError(.runtime, "name '\(value.firstInfinity ?? "inf")' is not defined"), r)
  }
}

extension Compiler {
  /// The code of an expression that Jinja2 would fold, in a template that mentions something infinite; nil for others.
  func foldedWithInfinities(_ expr: Expr, _ frame: CompileFrame) throws -> Code? {
    guard !isFoldingInfinities, isFoldable(expr) else { return nil }
    isFoldingInfinities = true
    defer { isFoldingInfinities = false }
    let code = try expression(expr, frame)
    guard let value = try? code.eval(folder), value.firstInfinity != nil else { return code }
    return InfiniteConstantCode(value, expr.span)
  }

  /// What Jinja2 has folded into the text around it, where values are rendered: `{{ false }}` is text, and only what
  /// has to wait for the rendering stays a value.
  func printedConstant(_ expr: Expr, _ code: Code) -> Value? {
    guard isFoldable(expr), let value = try? code.eval(folder) else { return nil }
    if case .undefined = value { return nil }
    return value
  }

  /// Jinja2 finds out while it folds that an attribute or item of a constant is missing, and that a strict undefined
  /// value has no truth and no text: the error comes from compiling.
  func rejectMissingConstant(_ expr: Expr, _ frame: CompileFrame) throws {
    guard environment.undefinedKind == .strict else { return }
    switch expr.kind {
    case .attribute(let operand, _), .item(let operand, _): if !isFoldable(operand) { return }
    default: return
    }
    guard isFoldable(expr), case .undefined(let undefined)? = try? expression(expr, frame).eval(folder) else { return }
    throw undefined.error()
  }

  private func isFoldable(_ expr: Expr) -> Bool {
    switch expr.kind {
    case .constant: return true
    case .name, .namespaceTarget, .call, .slice: return false
    case .filter(let operand, let name, _):
      guard operand != nil, environment.filters[name]?.isBuiltin == true else { return false }
      if Self.contextFilters.contains(name.string) { return false }
    default: break
    }
    var isFoldable = true
    expr.forEachChild { child in
      if isFoldable, !self.isFoldable(child) { isFoldable = false }
    }
    return isFoldable
  }

  /// Filters that Jinja2 leaves for the rendering because they look at the context, and those that may make much text.
  private static let contextFilters: Set<String> = [
    "map", "random", "reject", "rejectattr", "select", "selectattr", "center", "indent", "batch", "slice",
  ]
}

extension Value {
  /// No float without a number (see above); only what stands alone is looked at.
  var isFiniteConstant: Bool { if case .float(let d) = self { d.isFinite } else { true } }

  /// How Python writes the first float in here that is no finite number; nil when there is none.
  fileprivate var firstInfinity: String? {
    switch self {
    case .float(let d): d.isNaN ? "nan" : d.isInfinite ? "inf" : nil
    case .list(let list): list.items.lazy.compactMap(\.firstInfinity).first
    case .tuple(let tuple): tuple.items.lazy.compactMap(\.firstInfinity).first
    case .dict(let dict): dict.pairs.lazy.compactMap { $0.key.firstInfinity ?? $0.value.firstInfinity }.first
    default: nil
    }
  }
}
