import Testing

@testable import Artifacts

@Suite struct DocsPageTests {
  @Test func textsOfTheProjectCannotEndTheScript() {
    let page = DocsPage.html(
      manifest: Array(#"{"x": "</script><script>alert(1)</script>"}"#.utf8), catalog: Array("{}".utf8))
    #expect(page.contains(#"<\/script><script>alert(1)<\/script>"#))
    #expect(page.contains("const embedded = {manifest: {"))
  }

  @Test func withoutDataItReadsTheFilesBesideIt() {
    let page = DocsPage.html()
    #expect(page.contains("const embedded = null;"))
    #expect(page.contains("'manifest.json', 'catalog.json'"))
    #expect(!page.contains("http://") && !page.contains("https://"))
  }
}
