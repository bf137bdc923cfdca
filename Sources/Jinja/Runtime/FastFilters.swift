/// `length`, `default` and `round`, done without arrays of arguments. What is not plain is the filter's own business.
final class FastFilterCode: Code, @unchecked Sendable {
  private enum Operation: Equatable {
    case length, defaultValue
    case round(Int)
  }

  private let operation: Operation
  private let operand: Code
  private let arguments: ArgumentsCode
  private let otherwise: FilterBody

  /// nil when this is not such a filter.
  static func make(
    _ name: Str, _ operand: Code, _ arguments: ArgumentsCode, _ otherwise: @escaping FilterBody, _ span: Span
  ) -> Code? {
    guard arguments.isFixed, arguments.keywordCount == 0 else { return nil }
    switch (name.string, arguments.positionalCount) {
    case ("length", 0), ("count", 0): return FastFilterCode(.length, operand, arguments, otherwise, span)
    case ("default", 1), ("d", 1): return FastFilterCode(.defaultValue, operand, arguments, otherwise, span)
    case ("round", 0): return FastFilterCode(.round(0), operand, arguments, otherwise, span)
    case ("round", 1):
      guard case .int(let digits)? = arguments.constants?[0] else { return nil }
      return FastFilterCode(.round(digits), operand, arguments, otherwise, span)
    default: return nil
    }
  }

  private init(
    _ operation: Operation, _ operand: Code, _ arguments: ArgumentsCode, _ otherwise: @escaping FilterBody, _ span: Span
  ) {
    self.operation = operation
    self.operand = operand
    self.arguments = arguments
    self.otherwise = otherwise
    super.init(span)
  }

  override func eval(_ r: Interpreter) throws -> Value {
    if operation == .length, let place = operand.place(r) {
      switch Borrowed.tag(place) {
      case Borrowed.stringTag:
        return .int(Borrowed.reference(place, Str.self)._withUnsafeGuaranteedRef { $0.scalarCount })
      case Borrowed.listTag:
        return .int(Borrowed.reference(place, ListObject.self)._withUnsafeGuaranteedRef { $0.items.count })
      default: break
      }
    }
    let value = try operand.eval(r)
    switch operation {
    case .length:
      switch value {
      case .string(let text): return .int(text.scalarCount)
      case .list(let list): return .int(list.items.count)
      default: break
      }
      do { return try otherwise(r, value, Arguments()) } catch { throw located(error, r) }
    case .defaultValue:
      // The default is evaluated in any case.
      let fallback = try arguments.value(0, r)
      return value.isUndefined ? fallback : value
    case .round(let digits):
      if case .float(let number) = value { return .float(PythonNumbers.round(number, digits)) }
      do { return try otherwise(r, value, arguments.eval(r)) } catch { throw located(error, r) }
    }
  }
}
