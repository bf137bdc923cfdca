/// What an earlier invocation left behind, for `state:`, `result:`, `source_status:` and deferral.
public struct PreviousState: Sendable {
  public struct Result: Sendable, Equatable {
    public var uniqueID: String
    public var status: String
    public init(uniqueID: String, status: String) {
      self.uniqueID = uniqueID
      self.status = status
    }
  }

  public var manifest: Manifest?
  /// Of run_results.json.
  public var results: [Result]?
  /// Unique id to `max_loaded_at` (ISO 8601 text) of the state's sources.json; nil where the check failed.
  public var sources: [String: String?]?
  /// The same of this project's own sources.json.
  public var currentSources: [String: String?]?

  public init(
    manifest: Manifest? = nil, results: [Result]? = nil, sources: [String: String?]? = nil,
    currentSources: [String: String?]? = nil
  ) {
    self.manifest = manifest
    self.results = results
    self.sources = sources
    self.currentSources = currentSources
  }
}
