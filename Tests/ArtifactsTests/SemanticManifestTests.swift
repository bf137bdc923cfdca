import Manifest
import Testing

@testable import Artifacts

@Suite struct SemanticManifestTests {
  /// The expected file is dbt's, made from the same manifest.
  @Test func itIsWhatDbtMakesOfTheSameManifest() throws {
    let manifest = try ManifestReader.read(
      file: "\(ArtifactCases.tests)/Golden/manifest/semantic/expected/manifest.json")
    try ArtifactCases.expect(SemanticManifest.bytes(manifest), is: "semantic_manifest.json")
  }

  @Test func aProjectWithoutASemanticLayerHasAnEmptyOne() throws {
    let root = try ArtifactCases.parsed(
      String(decoding: SemanticManifest.bytes(ArtifactCases.manifest()), as: UTF8.self)
    ).asDict
    #expect(root?["semantic_models"] == .list([]))
    #expect(root?["project_configuration"]?.asDict?["time_spines"] == .list([]))
  }

  @Test func shapesOrderMembersAndFillInWhatIsMissing() {
    let shape = Shape.fields(
      "a b", Shape.Member("c", from: "old", .list(.fields("x")), standard: .list([])))
    let given: ConfigValue = .dict(["zzz": 1, "b": 2, "old": .list([.dict(["y": 1, "x": 3]), .null])])
    let out = shape.applied(to: given).asDict
    #expect(out?.map(\.key) == ["a", "b", "c"])
    #expect(out?["a"] == .null)
    #expect(out?["c"] == .list([.dict(["x": 3]), .null]))
    #expect(shape.applied(to: .dict([:])).asDict?["c"] == .list([]))
    #expect(shape.applied(to: .null) == .null)
  }
}
