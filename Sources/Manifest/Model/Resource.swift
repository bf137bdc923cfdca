import Diagnostics

/// What every named thing in a manifest has.
///
/// Resources are written by one thread at a time while a project is read (each file's resources by the thread that
/// reads it, then the phases that follow), and only read afterwards; that is what makes the class shareable.
public class Resource: @unchecked Sendable {
  public final let resourceType: ResourceType
  /// `model.my_project.orders`
  public final var uniqueID: String
  public final var name: String
  public final var packageName: String
  /// Relative to the folder the resource was found under (`models`), or the compiled path for tests.
  public final var path: String
  /// Relative to the package's root.
  public final var originalFilePath: String
  /// Where it is defined, for diagnostics.
  public final var range: SourceRange?
  /// Its entry in a properties file, where it has one besides its own.
  public final var propertiesRange: SourceRange?

  /// As dbt names it in errors: `model orders (models/orders.sql)`.
  public final var described: String { "\(resourceType.rawValue) \(name) (\(originalFilePath))" }

  public init(
    _ type: ResourceType, uniqueID: String, name: String, packageName: String, path: String, originalFilePath: String
  ) {
    self.resourceType = type
    self.uniqueID = uniqueID
    self.name = name
    self.packageName = packageName
    self.path = path
    self.originalFilePath = originalFilePath
  }

  /// `package://models/orders.sql`, how patches and messages name files.
  public final var fileID: String { "\(packageName)://\(originalFilePath)" }
}

/// A resource that is a member of the graph, or would be if it were enabled.
public class GraphResource: Resource, @unchecked Sendable {
  /// Its number in the manifest's graph, from 0; -1 until the graph is built, and for disabled resources.
  public final var graphID: Int32 = -1
  public final var fqn: [String]
  public final var config: NodeConfig
  public final var unrenderedConfig = ConfigDict()
  public final var tags: [String] = []
  public final var meta = ConfigDict()
  /// Nil only for the kinds whose description may be null in the manifest.
  public final var description: String?
  public final var group: String?
  public final var dependsOn = DependsOn()
  /// `dependsOn.nodes` as graph numbers; filled when the graph is built.
  public final var parents: [Int32] = []
  public final var refs: [RefArgs] = []
  /// Each `[source name, table name]`.
  public final var sources: [[String]] = []
  public final var metrics: [[String]] = []
  public final var functions: [[String]] = []
  /// Seconds since 1970.
  public final var createdAt: Double = 0
  /// `package://models/schema.yml`, when a properties file describes it.
  public final var patchPath: String?

  public init(
    _ type: ResourceType, uniqueID: String, name: String, packageName: String, path: String, originalFilePath: String,
    fqn: [String], config: NodeConfig
  ) {
    self.fqn = fqn
    self.config = config
    super.init(
      type, uniqueID: uniqueID, name: name, packageName: packageName, path: path, originalFilePath: originalFilePath)
  }

  /// What a selector's plain name is compared with, besides the fqn.
  public var searchName: String { name }
}
