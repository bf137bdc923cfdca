/// The dotted lines people know from dbt: `1 of 12 START sql table model … ...... [RUN]`.
public enum OutputLine {
  static let width = 80

  public static func make(
    _ message: String, status: String, index: Int? = nil, total: Int? = nil, seconds: Double? = nil,
    truncate: Bool = false
  ) -> String {
    var progress = ""
    if let index, let total { progress = "\(index) of \(total) " }
    let prefix = "\(progress)\(message) "
    let length = prefix.unicodeScalars.count
    var justified = length >= width ? prefix : prefix + String(repeating: ".", count: width - length)
    if truncate, justified.unicodeScalars.count > width - 3 {
      justified = String(String.UnicodeScalarView(justified.unicodeScalars.prefix(width - 3))) + "..."
    }
    let time = seconds.map { " in \(fixed($0))s" } ?? ""
    return "\(justified) [\(status)\(time)]"
  }

  /// Paragraphs in lines of the printer's width, as Python's `textwrap.fill` breaks them; what an empty line parted
  /// stands on the next line. Colours take no room.
  public static func wrap(_ text: String, width: Int = 80) -> String {
    text.split(separator: "\n\n", omittingEmptySubsequences: false).map { fill(String($0), width) }.joined(
      separator: "\n")
  }

  private static func fill(_ paragraph: String, _ width: Int) -> String {
    var lines: [String] = []
    var line = ""
    var used = 0
    // Spaces stand before the word that follows them, and are left out where a line begins.
    var gap = 0
    for part in paragraph.split(omittingEmptySubsequences: false, whereSeparator: \.isWhitespace) {
      let word = String(part)
      if word.isEmpty {
        gap += 1
        continue
      }
      let length = ANSI.strip(word).unicodeScalars.count
      if used > 0, used + gap + length > width {
        lines.append(line)
        (line, used) = (word, length)
      } else {
        if !lines.isEmpty, used == 0 { gap = 0 }
        line += String(repeating: " ", count: gap) + word
        used += gap + length
      }
      gap = 1
    }
    if used > 0 { lines.append(line) }
    return lines.joined(separator: "\n")
  }

  /// Two decimals.
  public static func fixed(_ seconds: Double) -> String {
    let hundredths = Int((seconds * 100).rounded(.toNearestOrEven))
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }

  public static func plural(_ count: Int, _ word: String) -> String {
    count == 1 ? "\(count) \(word)" : "\(count) \(word)s"
  }
}
