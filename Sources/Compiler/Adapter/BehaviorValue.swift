import Jinja

/// `adapter.behavior`: the flags that change behaviour between versions; each is true or false, with `no_warn`.
final class BehaviorValue: HostObject {
  private let project: CompiledProject
  init(_ project: CompiledProject) { self.project = project }
  override var typeName: String { "Behavior" }
  override func property(_ name: String) -> Value? {
    project.behaviorFlag(name).map { .object(BehaviorFlagValue($0)) }
  }
}

final class BehaviorFlagValue: HostObject {
  private let setting: Bool
  init(_ setting: Bool) { self.setting = setting }
  override var typeName: String { "BehaviorFlagRendered" }
  override var isTrue: Bool { setting }
  override func property(_ name: String) -> Value? {
    name == "setting" || name == "no_warn" ? .bool(setting) : nil
  }
}
