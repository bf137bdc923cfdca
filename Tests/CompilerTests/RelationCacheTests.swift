import Testing

@testable import Compiler

@Suite struct RelationCacheTests {
  private func relation(_ name: String, _ schema: String = "s") -> Relation {
    Relation(database: "d", schema: schema, identifier: name)
  }

  private func names(_ cache: RelationCache, _ schema: String = "s") -> Set<String>? {
    cache.relations(database: "d", schema: schema).map { Set($0.compactMap(\.identifier)) }
  }

  @Test func droppingTakesWhatIsBuiltOnIt() {
    let cache = RelationCache()
    cache.fill(database: "d", schema: "s", ["base", "view", "viewOfView", "other"].map { relation($0) })
    cache.fill(database: "d", schema: "t", [relation("elsewhere", "t")])
    cache.link(database: "D", ("s", "view"), on: ("s", "base"))
    cache.link(database: "d", ("s", "viewOfView"), on: ("s", "view"))
    cache.link(database: "d", ("T", "elsewhere"), on: ("s", "base"))
    cache.drop(relation("base"))
    #expect(names(cache) == ["other"])
    #expect(names(cache, "t") == [])
  }

  @Test func linksFollowARename() {
    let cache = RelationCache()
    cache.fill(database: "d", schema: "s", ["base", "view"].map { relation($0) })
    cache.link(database: "d", ("s", "view"), on: ("s", "base"))
    // What a materialization does: the old one is set aside, the new one takes its name, the old one is dropped.
    cache.rename(relation("base"), to: relation("base__backup"))
    cache.add(relation("base"))
    cache.rename(relation("view"), to: relation("renamed"))
    cache.drop(relation("base__backup"))
    #expect(names(cache) == ["base"])
  }

  @Test func aCircleOfLinksEnds() {
    let cache = RelationCache()
    cache.fill(database: "d", schema: "s", ["a", "b"].map { relation($0) })
    cache.link(database: "d", ("s", "a"), on: ("s", "b"))
    cache.link(database: "d", ("s", "b"), on: ("s", "a"))
    cache.drop(relation("a"))
    #expect(names(cache) == [])
  }

  @Test func aSchemaThatWasNeverListedIsUnknown() {
    let cache = RelationCache()
    #expect(names(cache) == nil)
    cache.fill(database: "d", schema: "S", [])
    #expect(names(cache, "s") == [])
    cache.dropSchema(database: "d", schema: "s")
    #expect(names(cache) == nil)
  }
}
