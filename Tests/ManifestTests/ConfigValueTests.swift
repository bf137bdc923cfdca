import Testing

@testable import Manifest

@Suite struct ConfigValueTests {
  @Test func equalityIsPythons() {
    #expect(ConfigValue.int(1) == .double(1))
    #expect(ConfigValue.bool(true) == .int(1))
    #expect(ConfigValue.int(1) != .string("1"))
    #expect(ConfigValue.dict(["a": 1, "b": 2]) == .dict(["b": 2, "a": 1]))
    #expect(ConfigValue.list([1, 2]) != .list([2, 1]))
  }

  @Test func dictKeepsOrderAndGrowsAnIndex() {
    var dict = ConfigDict()
    for i in 0..<40 { dict["k\(i)"] = .int(i) }
    dict["k3"] = "three"
    dict["k0"] = nil
    #expect(dict.count == 39)
    #expect(dict.keys.first == "k1")
    #expect(dict["k3"] == "three")
    #expect(dict["k39"] == 39)
    #expect(dict["k0"] == nil)
  }

  @Test func floatsReadAsInPython() {
    #expect(pythonText(of: 1) == "1.0")
    #expect(pythonText(of: 9_007_199_254_740_994) == "9007199254740994.0")
    #expect(pythonText(of: 1e16) == "1e+16")
    #expect(pythonText(of: 0.00001) == "1e-05")
    #expect(pythonText(of: 0.1) == "0.1")
  }

  @Test func configKeysAreNamedAsInManifests() {
    #expect(ConfigKey.postHook.name == "post-hook")
    #expect(ConfigKey.dbtValidToCurrent.name == "dbt_valid_to_current")
    #expect(ConfigKey.named("where") == .where)
    var config = NodeConfig(.model)
    config[name: "pre_hook"] = [["sql": "select 1", "transaction": false, "index": nil]]
    config[name: "unlogged"] = true
    #expect(config.preHooks == [Hook(sql: "select 1", transaction: false)])
    #expect(config.dict.keys.last == "unlogged")
    #expect(config[.severity].isNull)
  }
}
