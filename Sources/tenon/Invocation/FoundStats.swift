import Manifest
import Runner

enum FoundStats {
  static func line(_ manifest: Manifest) -> String { ResourceCounts.found(manifest) }
}
