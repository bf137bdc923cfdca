import Glibc
import Testing

@testable import Manifest

/// Files under Tests/Golden/manifest.
enum Golden {
  static let folder: String = {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).map(String.init)
    parts += ["Golden", "manifest"]
    return parts.joined(separator: "/")
  }()

  static func bytes(_ path: String) throws -> [UInt8] {
    let file = try MappedFile(folder + "/" + path)
    return Array(file.bytes)
  }

  static func json(_ path: String) throws -> ConfigValue {
    let bytes = try bytes(path)
    return try bytes.withUnsafeBufferPointer { buffer in
      var parser = JSONParser(buffer)
      return try parser.document()
    }
  }

  /// `project` or `project/state`, the manifest it is compared with.
  static func manifestPath(_ project: String) -> String {
    project.contains("/") ? "\(project)/manifest.json" : "\(project)/expected/manifest.json"
  }

  static func manifest(_ project: String) throws -> Manifest {
    try ManifestReader.read(file: "\(folder)/\(manifestPath(project))")
  }
}
