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
