/// Filler text in the manner of "lorem ipsum".
enum Lipsum {
  private static let words = """
    ac accumsan adipiscing aenean aliquam aliquet amet ante arcu at auctor augue bibendum blandit commodo condimentum \
    congue consectetuer consequat convallis cras cubilia cum curabitur cursus dapibus diam dictum dictumst dignissim \
    dis dolor donec dui egestas eget eleifend elementum elit enim erat eros est et etiam eu euismod facilisi fames \
    faucibus felis fermentum feugiat fringilla fusce gravida habitant hac hendrerit iaculis id imperdiet in integer \
    interdum ipsum justo lacinia lacus laoreet lectus leo libero ligula litora lobortis lorem luctus maecenas magna \
    malesuada massa mattis mauris metus mi molestie mollis montes morbi mus nam nascetur natoque nec neque netus nibh \
    nisi nisl non nonummy nulla nunc odio orci ornare parturient pede pellentesque penatibus per pharetra placerat \
    platea porta porttitor posuere potenti praesent pretium primis proin pulvinar purus quam quis rhoncus ridiculus \
    risus rutrum sagittis sapien scelerisque sed sem semper senectus sit sociis sodales sollicitudin suscipit taciti \
    tellus tempor tempus tincidunt torquent tortor tristique turpis ullamcorper ultrices urna ut varius vehicula vel \
    velit vestibulum vitae viverra volutpat vulputate
    """.split(separator: " ").map(String.init)

  /// Paragraphs of sentences with a comma here and there, each paragraph ending with a full stop.
  static func text(paragraphs: Int, html: Bool, words count: Range<Int>) -> Str {
    let texts = (0..<max(0, paragraphs)).map { _ in paragraph(Int.random(in: count)) }
    return html
      ? Str.make(texts.map { "<p>\($0)</p>" }.joined(separator: "\n"), markup: true)
      : Str.make(texts.joined(separator: "\n\n"))
  }

  private static func paragraph(_ count: Int) -> String {
    var out: [String] = []
    var last = ""
    var sentence = 0
    var clause = 0
    var capital = true
    for index in 0..<max(0, count) {
      var word = last
      while word == last { word = words.randomElement() ?? "lorem" }
      last = word
      if capital { word = word.prefix(1).uppercased() + word.dropFirst() }
      capital = false
      sentence += 1
      clause += 1
      if index == count - 1 || sentence > Int.random(in: 9...18) {
        word += "."
        sentence = 0
        clause = 0
        capital = true
      } else if clause > Int.random(in: 4...9) {
        word += ","
        clause = 0
      }
      out.append(word)
    }
    return out.isEmpty ? "." : out.joined(separator: " ")
  }
}
