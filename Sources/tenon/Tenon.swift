import ArgumentParser

@main
struct Tenon: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tenon", subcommands: [RenderCommand.self, ParseCheckCommand.self])
}
