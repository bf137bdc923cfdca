import Project

/// One table of a source.
public final class SourceDefinition: GraphResource, @unchecked Sendable {
  public var database: String?
  public var schema: String
  public var sourceName: String
  public var sourceDescription = ""
  public var loader = ""
  public var identifier: String
  public var quoting = Quoting()
  public var loadedAtField: String?
  public var loadedAtQuery: String?
  /// Nil when it was switched off with `freshness: null`.
  public var freshness: FreshnessThreshold? = FreshnessThreshold()
  /// `external:` with the known keys present and the others as written; nil when not given.
  public var external: ConfigDict?
  public var columns: [ColumnInfo] = []
  public var sourceMeta = ConfigDict()
  public var relationName: String?
  public var unrenderedDatabase: String?
  public var unrenderedSchema: String?
  public var docBlocks: [String] = []

  public init(
    uniqueID: String, name: String, packageName: String, path: String, originalFilePath: String, fqn: [String],
    config: NodeConfig, sourceName: String, database: String?, schema: String, identifier: String
  ) {
    self.sourceName = sourceName
    self.database = database
    self.schema = schema
    self.identifier = identifier
    super.init(
      .source, uniqueID: uniqueID, name: name, packageName: packageName, path: path,
      originalFilePath: originalFilePath, fqn: fqn, config: config)
    description = ""
  }

  /// `source_name.table_name`
  public override var searchName: String { "\(sourceName).\(name)" }

  /// Whether `source freshness` looks at it: a threshold is set, and a way to know the time of loading.
  public var hasFreshness: Bool { freshness?.isSet ?? false }
}

/// `warn_after` and `error_after` of a source.
public struct FreshnessThreshold: Sendable, Equatable {
  public struct Time: Sendable, Equatable {
    public var count: Int?
    /// minute, hour or day
    public var period: String?
    public init(count: Int? = nil, period: String? = nil) {
      self.count = count
      self.period = period
    }
    public var isSet: Bool { count != nil && period != nil }

    /// Whether an age in seconds is past this limit; an incomplete limit is never passed.
    public func isExceeded(byAge seconds: Double) -> Bool {
      guard let count, let period else { return false }
      let unit: Double
      switch period {
      case "minute": unit = 60
      case "hour": unit = 3600
      case "day": unit = 86400
      default: return false
      }
      return seconds > Double(count) * unit
    }
  }

  /// Nil when written as null.
  public var warnAfter: Time? = Time()
  public var errorAfter: Time? = Time()
  public var filter: String?
  public init(warnAfter: Time? = Time(), errorAfter: Time? = Time(), filter: String? = nil) {
    self.warnAfter = warnAfter
    self.errorAfter = errorAfter
    self.filter = filter
  }
  public var isSet: Bool { (warnAfter?.isSet ?? false) || (errorAfter?.isSet ?? false) }
}
