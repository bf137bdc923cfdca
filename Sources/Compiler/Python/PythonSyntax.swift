/// A node of a Python file's syntax tree, as much of it as tells what a model asks of dbt: which calls there are, with
/// what arguments, in the order in which Python's own `ast` visits them.
final class PythonNode {
  enum Kind {
    case name(String)
    case attribute(PythonNode, String)
    case call(PythonNode, [PythonNode], keywords: [PythonKeyword])
    case list([PythonNode])
    case tuple([PythonNode])
    /// The keys of `**other` are missing.
    case dict(keys: [PythonNode], values: [PythonNode])
    /// What stands in the braces of an f-string; each with the nodes of its format.
    case formattedString([PythonNode])
    case formattedValue(PythonNode, format: [PythonNode])
    /// A `def`: the names of its plain parameters, what its header holds before and after its body.
    case function(PythonFunction)
    case returned(PythonNode?)
    /// Anything else: all nodes below it in `ast`'s order. Literals have none.
    case other([PythonNode])
  }

  let kind: Kind
  /// Its text's place, in bytes.
  let range: Range<Int>

  init(_ kind: Kind, _ range: Range<Int>) {
    self.kind = kind
    self.range = range
  }
}

struct PythonKeyword {
  /// Nil for `**others`.
  let name: String?
  let value: PythonNode
}

struct PythonFunction {
  let name: String
  /// Parameters that can be given by position, those before a `/` left out.
  let parameters: [String]
  /// Annotations and defaults of the parameters.
  let header: [PythonNode]
  let body: [PythonNode]
  let decorators: [PythonNode]
  let result: PythonNode?
  let isAsync: Bool
}

/// Why a text is no Python.
struct PythonSyntaxError: Error {
  let message: String
  /// In bytes.
  let offset: Int
}

struct PythonToken {
  enum Kind: Equatable {
    case name, number, op, newline, indent, dedent, end
    /// Whether it is an f-string.
    case string(Bool)
  }
  let kind: Kind
  let text: String
  let range: Range<Int>
}
