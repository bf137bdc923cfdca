import Diagnostics
import Dispatch
import Jinja

/// The built-in macro files, read on another thread while the command line and the project's settings are looked at:
/// they are the same for every project, and a small one waits for little else.
public enum BuiltinMacros {
  /// Says that they will be needed.
  public static func readAhead() { ahead.start() }

  /// The tree of a built-in file, when it was read ahead.
  static func tree(of path: String, in package: String) -> SyntaxTree? { ahead.trees()?["\(package)/\(path)"] }

  private static let ahead = Ahead()

  private final class Ahead: @unchecked Sendable {
    private let group = DispatchGroup()
    private let isStarted = Locked(false)
    /// By package and path. Written before the group is left, read after it was waited for.
    private var read: [String: SyntaxTree] = [:]

    func start() {
      let isFirst = isStarted.withLock { started in
        defer { started = true }
        return !started
      }
      guard isFirst else { return }
      DispatchQueue.global(qos: .userInitiated).async(group: group) { [self] in
        let environment = CompiledProject.makeEnvironment()
        for package in ProjectEngine.builtinPackages() {
          for file in package.files where file.kind == .macro {
            read["\(package.name)/\(file.originalPath)"] = try? environment.parse(file.source)
          }
        }
      }
    }

    func trees() -> [String: SyntaxTree]? {
      guard isStarted.withLock({ $0 }) else { return nil }
      group.wait()
      return read
    }
  }
}
