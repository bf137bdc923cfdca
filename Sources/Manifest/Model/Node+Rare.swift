/// Fields that few nodes have, held apart: most nodes are tests, and there are many.
///
/// `@unchecked Sendable` for the reason that nodes are.
final class RareNodeFields: @unchecked Sendable {
  var unrenderedConfigCall = ConfigDict()
  var deferRelation: DeferRelation?
  var version: NodeVersion?
  var latestVersion: NodeVersion?
  var deprecationDate: String?
  var timeSpine: ConfigDict?
  var batch: Node.Batch?
  var rootPath: String?
  var index: Int?
  var functionArguments: [FunctionArgument] = []
  var functionReturns: FunctionReturns?
}

extension Node {
  /// The batch of a microbatch model that is being run.
  public struct Batch: Sendable {
    public var id: String
    /// From and to, as Python prints aware datetimes.
    public var start: String
    public var end: String
    /// Ends the names of the batch's files under `target/`.
    public var fileSuffix: String
    public init(id: String, start: String, end: String, fileSuffix: String) {
      self.id = id
      self.start = start
      self.end = end
      self.fileSuffix = fileSuffix
    }
  }

  /// `configCall` before rendering.
  public var unrenderedConfigCall: ConfigDict {
    get { rare?.unrenderedConfigCall ?? ConfigDict() }
    set { if !newValue.isEmpty || rare != nil { writableRare.unrenderedConfigCall = newValue } }
  }

  public var deferRelation: DeferRelation? {
    get { rare?.deferRelation }
    set { if newValue != nil || rare != nil { writableRare.deferRelation = newValue } }
  }

  /// Of models.
  public var version: NodeVersion? {
    get { rare?.version }
    set { if newValue != nil || rare != nil { writableRare.version = newValue } }
  }

  public var latestVersion: NodeVersion? {
    get { rare?.latestVersion }
    set { if newValue != nil || rare != nil { writableRare.latestVersion = newValue } }
  }

  /// Of models; Python's isoformat.
  public var deprecationDate: String? {
    get { rare?.deprecationDate }
    set { if newValue != nil || rare != nil { writableRare.deprecationDate = newValue } }
  }

  /// Of models: `standard_granularity_column` and `custom_granularities`, all keys present.
  public var timeSpine: ConfigDict? {
    get { rare?.timeSpine }
    set { if newValue != nil || rare != nil { writableRare.timeSpine = newValue } }
  }

  /// The batch of a microbatch model that is being run.
  public var batch: Batch? {
    get { rare?.batch }
    set { if newValue != nil || rare != nil { writableRare.batch = newValue } }
  }

  /// Of seeds: the package's root, to find the file when it is loaded.
  public var rootPath: String? {
    get { rare?.rootPath }
    set { if newValue != nil || rare != nil { writableRare.rootPath = newValue } }
  }

  /// Of hooks: their place in the list of on-run-start or on-run-end.
  public var index: Int? {
    get { rare?.index }
    set { if newValue != nil || rare != nil { writableRare.index = newValue } }
  }

  public var functionArguments: [FunctionArgument] {
    get { rare?.functionArguments ?? [] }
    set { if !newValue.isEmpty || rare != nil { writableRare.functionArguments = newValue } }
  }

  public var functionReturns: FunctionReturns? {
    get { rare?.functionReturns }
    set { if newValue != nil || rare != nil { writableRare.functionReturns = newValue } }
  }

  private var writableRare: RareNodeFields {
    if let rare { return rare }
    let made = RareNodeFields()
    rare = made
    return made
  }
}
