import Testing

@testable import Manifest

/// Levels of configuration merged as dbt merges them, and its objections.
@Suite struct ConfigGoldenTests {
  @Test func levelsMergeAsInDbt() throws {
    let cases = try Golden.json("configs.json").asDict?["levels"]?.asList ?? []
    #expect(cases.count > 800)
    for entry in cases {
      let dict = try #require(entry.asDict)
      let type = try #require(ResourceType(rawValue: dict["type"]?.asString ?? ""))
      let levels = dict["levels"]?.asList?.compactMap(\.asDict) ?? []
      do throws(ConfigProblem) {
        var config = NodeConfig(type)
        for level in levels { try config.update(with: level) }
        try config.finalize()
        let defaults = NodeConfig(type).dict
        let changed = ConfigDict(config.dict.filter { defaults[$0.key] != $0.value }.map { ($0.key, $0.value) })
        let theirs = dict["result"]?.asDict
        if theirs != changed {
          // Only what differs: the dicts are long.
          var keys = changed.keys + (theirs ?? ConfigDict()).keys.filter { changed[$0] == nil }
          keys.removeAll { theirs?[$0] == changed[$0] }
          let differing = keys.map { key in
            "\(key): dbt \(theirs?[key]?.pythonRepr ?? "-") own \(changed[key]?.pythonRepr ?? "-")"
          }
          Issue.record("\(type) \(dict["error"]?.asString ?? "") \(differing.joined(separator: "; "))")
        }
      } catch {
        #expect(
          dict["error"] != nil, "\(type): \(error.message)")
        if let theirs = dict["error"]?.asString, theirs.hasPrefix("at path") { #expect(theirs == error.message) }
        if let theirs = dict["error"]?.asString, theirs.hasPrefix("InvalidFieldValue: Field \"") {
          #expect(theirs.contains(error.message) || error.message.contains("hook"), "\(theirs) / \(error.message)")
        }
      }
    }
  }

  @Test func callsMergeAsInDbt() throws {
    for entry in try Golden.json("configs.json").asDict?["calls"]?.asList ?? [] {
      var merged = ConfigDict()
      for call in entry.asDict?["calls"]?.asList ?? [] {
        try ConfigCalls.merge(call.asDict ?? ConfigDict(), into: &merged)
      }
      #expect(.dict(merged) == entry.asDict?["merged"], "\(entry.pythonRepr)")
    }
  }
}

@Suite struct ConfigResolverTests {
  /// What one resource of a level says is remembered for the next, which may say something that is only equal.
  @Test func equalIsNotTheSame() throws {
    let resolver = resolver()
    let calls: [ConfigDict] = [
      ["meta": ["n": 1]], ["meta": ["n": true]], ["meta": ["n": 1.0]], ["meta": ["n": 1]],
      ["meta": ["n": 1, "m": 2]], ["meta": ["m": 2, "n": 1]], ["meta": ["n": "1"]],
    ]
    for call in calls {
      let config = try resolver.resolve(.model, package: "shop", fqn: ["shop", "two"], call: call)
      var expected: ConfigDict = ["a": 1]
      expected.update(call["meta"]?.asDict ?? ConfigDict())
      #expect(config.meta.isWritten(as: expected), "\(call)")
      let unrendered = resolver.unrendered(.model, package: "shop", fqn: ["shop", "two"], call: call)
      #expect(unrendered["meta"]?.asDict?.isWritten(as: call["meta"]?.asDict ?? ConfigDict()) ?? false, "\(call)")
    }
    let properties: ConfigDict = ["tags": ["x"]]
    let (own, called) = (
      try resolver.resolve(.model, package: "shop", fqn: ["shop", "two"], properties: properties),
      try resolver.resolve(.model, package: "shop", fqn: ["shop", "two"], call: properties)
    )
    #expect(own.tags == ["base", "x"] && called.tags == ["base", "x"])
    #expect(try resolver.resolve(.model, package: "shop", fqn: ["shop", "one"], call: properties).alias == "uno")
  }

  private func resolver() -> ConfigResolver {
    let models: ConfigDict = [
      "+materialized": "table", "plain": "kept",
      "shop": [
        "+tags": ["base"], "+meta": ["a": 1],
        "staging": ["+tags": "deep", "+meta": ["b": 2], "+enabled": false, "not_config": ["x": 1]],
        "one": ["+alias": "uno"],
      ],
      "lib": ["+tags": "from_root", "+dbname": "elsewhere"],
    ]
    let lib: ConfigDict = ["lib": ["+materialized": "ephemeral", "+tags": "own"]]
    return ConfigResolver(
      root: .init(name: "shop", sections: ["models": models], unrendered: ["models": models]),
      packages: [.init(name: "lib", sections: ["models": lib], unrendered: ["models": lib])])
  }

  @Test func deeperLevelsWinAndTagsAddUp() throws {
    let config = try resolver().resolve(
      .model, package: "shop", fqn: ["shop", "staging", "m"], properties: ["tags": "yml", "meta": ["a": 3]],
      call: ["materialized": "incremental", "alias": nil])
    #expect(config.tags == ["base", "deep", "yml"])
    #expect(config.meta == ["a": 3, "b": 2])
    #expect(config.materialized == "incremental")
    #expect(!config.enabled)
    #expect(config.extra == ["plain": "kept"])
    #expect(config.alias == nil)
  }

  @Test func theRootOverridesPackages() throws {
    let config = try resolver().resolve(.model, package: "lib", fqn: ["lib", "m"], call: ["materialized": "view"])
    #expect(config.materialized == "table")
    #expect(config.tags == ["own", "from_root"])
    #expect(config.database == "elsewhere")
  }

  @Test func nullsTakeNothingAway() throws {
    let config = try resolver().resolve(.model, package: "shop", fqn: ["shop", "one"], call: ["alias": nil])
    #expect(config.alias == "uno")
  }

  @Test func unrenderedLevelsReplaceEachOther() {
    let dict = resolver().unrendered(.model, package: "shop", fqn: ["shop", "staging", "m"], call: ["tags": ["c"]])
    #expect(dict == ["materialized": "table", "plain": "kept", "tags": ["c"], "meta": ["b": 2], "enabled": false])
    #expect(
      resolver().unrendered(.model, package: "lib", fqn: ["lib", "m"])
        == ["materialized": "table", "tags": "from_root", "plain": "kept", "database": "elsewhere"])
  }

  @Test func unusedPathsAreFound() {
    let unused = resolver().unusedPaths([.model: [["shop", "one"], ["shop", "x", "y"]]], disabled: [["lib", "z"]])
    #expect(unused == ["models.shop.staging", "models.shop.staging.not_config"])
  }

  @Test func problemsSayWhatIsWrong() {
    do {
      _ = try resolver().resolve(.model, package: "shop", fqn: ["shop", "m"], call: ["enabled": "yes"])
      Issue.record("no error")
    } catch {
      #expect(error.message == "at path ['enabled']: 'yes' is not of type 'boolean'")
      #expect(error.key == "enabled")
    }
  }

  @Test func snapshotsNeedAStrategy() {
    var config = NodeConfig(.snapshot)
    #expect(throws: ConfigProblem.self) { try config.checkSnapshot() }
    config[.strategy] = "timestamp"
    config[.uniqueKey] = "id"
    #expect(throws: ConfigProblem.self) { try config.checkSnapshot() }
    config[.updatedAt] = "t"
    #expect(throws: Never.self) { try config.checkSnapshot() }
    config[.strategy] = "check"
    config[.checkCols] = "some"
    #expect(throws: ConfigProblem.self) { try config.checkSnapshot() }
  }
}
