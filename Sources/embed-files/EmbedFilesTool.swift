import Foundation

/// `embed-files FOLDER OUTPUT`: writes a Swift file with the text of every `.sql` and `.md` file under a folder.
@main
struct EmbedFilesTool {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3 else {
      FileHandle.standardError.write(Data("usage: embed-files FOLDER OUTPUT\n".utf8))
      exit(2)
    }
    let folder = URL(fileURLWithPath: arguments[1]).standardizedFileURL
    var files: [(name: String, text: String)] = []
    if let walker = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) {
      for case let file as URL in walker where ["sql", "md"].contains(file.pathExtension) {
        let name = String(file.standardizedFileURL.path.dropFirst(folder.path.count + 1))
        files.append((name, try String(contentsOf: file, encoding: .utf8)))
      }
    }
    files.sort { $0.name < $1.name }
    var out = "/// The built-in macro library and its docs, file by file; generated from Resources.\n"
    out += "enum EmbeddedFiles {\n"
    out += "  static let all: [(path: StaticString, text: StaticString)] = [\n"
    for (name, text) in files {
      // A raw string literal with more marks than any run in the text, so that nothing needs escaping.
      var marks = "#"
      while text.contains("\"\"\"\(marks)") || text.contains("\\\(marks)") { marks += "#" }
      out += "    (\n      \"\(name)\",\n      \(marks)\"\"\"\n\(text)\n\"\"\"\(marks)\n    ),\n"
    }
    out += "  ]\n}\n"
    try out.write(to: URL(fileURLWithPath: arguments[2]), atomically: true, encoding: .utf8)
  }
}
