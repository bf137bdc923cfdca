/// What dbt gives to templates of Python itself.
public enum PythonModules {
  /// `modules`: a dict of the modules datetime, itertools, pytz and re. Made anew for each rendering.
  public static func make() -> Value {
    let modules = DictObject()
    modules["datetime"] = .dict(DateTimeModule.make())
    modules["itertools"] = .dict(ItertoolsModule.make())
    modules["pytz"] = .dict(PytzModule.make())
    modules["re"] = .dict(RegexModule.make())
    return .dict(modules)
  }
}
