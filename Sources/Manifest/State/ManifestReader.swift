import Diagnostics
import Glibc

/// Reads a manifest.json, v12 or an earlier one from v4 on, as dbt does: what newer versions added gets defaults, and the
/// metrics of v9 and before, which were another thing, are left out.
///
/// The file is mapped and read resource by resource, so that a manifest of any size needs only the room of what it
/// becomes.
public struct ManifestReader {
  /// Versions whose shape is understood.
  public static let versions = 4...12
  private static let lastWithOldMetrics = 9

  public static func read(file path: String) throws(Diagnostic) -> Manifest {
    let file = try MappedFile(path)
    return try read(file.bytes, name: path)
  }

  public static func read(_ bytes: UnsafeBufferPointer<UInt8>, name: String) throws(Diagnostic) -> Manifest {
    var parser = JSONParser(bytes)
    let manifest = Manifest()
    do throws(JSONParser.Failure) {
      try parser.eachMember { (parser, key) throws(JSONParser.Failure) in
        switch key {
        case "metadata": manifest.metadata = MetadataReader.read(try parser.value().asDict ?? ConfigDict())
        case "selectors": manifest.selectors = try parser.value().asDict ?? ConfigDict()
        case "disabled": try disabled(&parser, manifest)
        case "nodes": try each(&parser, Node.self) { manifest.nodes.set($0) }
        case "sources": try each(&parser, SourceDefinition.self) { manifest.sources.set($0) }
        case "macros": try each(&parser, Macro.self) { manifest.macros.set($0) }
        case "docs": try each(&parser, Documentation.self) { manifest.docs.set($0) }
        case "exposures": try each(&parser, Exposure.self) { manifest.exposures.set($0) }
        case "metrics": try each(&parser, Metric.self) { manifest.metrics.set($0) }
        case "groups": try each(&parser, Group.self) { manifest.groups.set($0) }
        case "saved_queries": try each(&parser, SavedQuery.self) { manifest.savedQueries.set($0) }
        case "semantic_models": try each(&parser, SemanticModel.self) { manifest.semanticModels.set($0) }
        case "unit_tests": try each(&parser, UnitTest.self) { manifest.unitTests.set($0) }
        case "functions": try each(&parser, Node.self) { manifest.functions.set($0) }
        default: try parser.skipValue()
        }
      }
    } catch {
      throw Diagnostic(
        "manifest-syntax", .runtime, "\(name) is no manifest: \(error.message) at byte \(error.offset)",
        hint: "was it written completely? run `parse` again where it comes from")
    }
    guard let version = version(manifest.metadata.schemaVersion) else { return manifest }
    guard versions.contains(version) else {
      throw Diagnostic(
        "manifest-version", .runtime,
        "Expected a schema version of \"https://schemas.getdbt.com/dbt/manifest/v12.json\" in \(name), but found "
          + "\"\(manifest.metadata.schemaVersion)\". Are you running with a different version of dbt?")
    }
    if version <= lastWithOldMetrics { manifest.metrics = ResourceTable() }
    return manifest
  }

  private static func version(_ schema: String) -> Int? {
    guard let mark = schema.range(of: "/manifest/v") else { return nil }
    return Int(schema[mark.upperBound...].prefix { $0.isNumber })
  }

  private static func each<R: Resource>(
    _ parser: inout JSONParser, _ type: R.Type, _ add: (R) -> Void
  ) throws(JSONParser.Failure) {
    if try parser.null() { return }
    try parser.eachMember { (parser, _) throws(JSONParser.Failure) in
      guard case .dict(let dict) = try parser.value() else { return }
      if let resource = ResourceReader.read(dict) as? R { add(resource) }
    }
  }

  private static func disabled(_ parser: inout JSONParser, _ manifest: Manifest) throws(JSONParser.Failure) {
    if try parser.null() { return }
    try parser.eachMember { (parser, _) throws(JSONParser.Failure) in
      try parser.eachElement { (parser) throws(JSONParser.Failure) in
        guard case .dict(let dict) = try parser.value() else { return }
        if let resource = ResourceReader.read(dict) as? GraphResource { manifest.disabled.add(resource) }
      }
    }
  }
}

extension PreviousState {
  /// Reads what is there of manifest.json, run_results.json and sources.json in a state folder, and the project's own
  /// sources.json.
  public static func read(folder: String, targetFolder: String) throws(Diagnostic) -> PreviousState {
    func present(_ path: String) -> String? { access(path, R_OK) == 0 ? path : nil }
    var state = PreviousState()
    if let path = present(folder + "/manifest.json") { state.manifest = try ManifestReader.read(file: path) }
    if let path = present(folder + "/run_results.json") { state.results = try results(path) }
    if let path = present(folder + "/sources.json") { state.sources = try sources(path) }
    if let path = present(targetFolder + "/sources.json") { state.currentSources = try sources(path) }
    return state
  }

  private static func eachResult(_ path: String, _ take: (ConfigDict) -> Void) throws(Diagnostic) {
    let file = try MappedFile(path)
    var parser = JSONParser(file.bytes)
    do throws(JSONParser.Failure) {
      try parser.eachMember { (parser, key) throws(JSONParser.Failure) in
        guard key == "results" else { return try parser.skipValue() }
        try parser.eachElement { (parser) throws(JSONParser.Failure) in
          if case .dict(let dict) = try parser.value() { take(dict) }
        }
      }
    } catch {
      throw Diagnostic("state-syntax", .runtime, "\(path): \(error.message) at byte \(error.offset)")
    }
  }

  private static func results(_ path: String) throws(Diagnostic) -> [Result] {
    var out: [Result] = []
    try eachResult(path) { dict in
      if let id = dict["unique_id"]?.asString, let status = dict["status"]?.asString {
        out.append(Result(uniqueID: id, status: status))
      }
    }
    return out
  }

  private static func sources(_ path: String) throws(Diagnostic) -> [String: String?] {
    var out: [String: String?] = [:]
    try eachResult(path) { dict in
      if let id = dict["unique_id"]?.asString { out[id] = .some(dict["max_loaded_at"]?.asString) }
    }
    return out
  }
}

/// A file's bytes, mapped.
final class MappedFile {
  let bytes: UnsafeBufferPointer<UInt8>
  private let address: UnsafeMutableRawPointer?

  init(_ path: String) throws(Diagnostic) {
    func problem() -> Diagnostic {
      Diagnostic("read-file", .runtime, "Could not read \(path): \(String(cString: strerror(errno)))")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw problem() }
    defer { close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { throw problem() }
    guard info.st_mode & S_IFMT == S_IFREG else {
      throw Diagnostic("read-file", .runtime, "Could not read \(path): it is no file")
    }
    let size = Int(info.st_size)
    guard size > 0 else {
      address = nil
      bytes = UnsafeBufferPointer(start: nil, count: 0)
      return
    }
    guard let mapped = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), mapped != MAP_FAILED else {
      throw problem()
    }
    address = mapped
    bytes = UnsafeBufferPointer(start: mapped.assumingMemoryBound(to: UInt8.self), count: size)
  }

  deinit { if let address { munmap(address, bytes.count) } }
}
