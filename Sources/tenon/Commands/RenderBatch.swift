import Diagnostics
import Jinja

/// One case a line, one answer a line (the protocol of the Jinja test harness).
enum BatchLoop {
  static func run(_ answer: (DictObject, inout JSONWriter) throws -> Void) throws {
    var input = StandardInput()
    while let line = input.readLine() {
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x0A || $0 == 0x0D }) { continue }
      guard case .dict(let request) = try JSON.parse(line) else {
        throw TemplateError(.value, "expected a JSON object")
      }
      var out = JSONWriter(style: .init(compact: true))
      out.beginObject()
      out.key("id")
      try out.value(request["id"] ?? .none)
      try answer(request, &out)
      out.endObject()
      StandardOutput.write(out.bytes + [0x0A])
    }
  }

  static func write(_ error: TemplateError, to out: inout JSONWriter) {
    out.key("error")
    out.beginObject()
    out.key("kind")
    out.value(kind(error))
    out.key("message")
    out.value(error.message)
    out.key("line")
    if let line = error.line { out.value(line) } else { out.null() }
    out.endObject()
  }

  private static func kind(_ error: TemplateError) -> String {
    switch error.kind {
    case .syntax, .undefined, .type, .security: error.kind.rawValue
    case .notFound: "not_found"
    default: "runtime"
    }
  }
}

enum RenderBatch {
  static func answer(_ request: DictObject, _ out: inout JSONWriter) throws {
    do {
      let environment = environment(request["options"]?.asDict, templates: request["templates"]?.asDict)
      let source = SourceText(name: "<template>", utf8: request["template"]?.asStr?.bytes ?? [])
      let template = try environment.compile(source)
      let text = try template.render(request["context"]?.asDict ?? DictObject())
      out.key("output")
      out.value(text)
    } catch let error as TemplateError {
      BatchLoop.write(error, to: &out)
    }
  }

  private static func environment(_ options: DictObject?, templates: DictObject?) -> Environment {
    let environment = Environment()
    func isOn(_ name: String) -> Bool { options?[name]?.isTrue ?? false }
    environment.trimBlocks = isOn("trim_blocks")
    environment.lstripBlocks = isOn("lstrip_blocks")
    environment.keepTrailingNewline = isOn("keep_trailing_newline")
    environment.autoescape = isOn("autoescape")
    switch options?["undefined"]?.asString {
    case "strict": environment.undefinedKind = .strict
    case "chainable": environment.undefinedKind = .chainable
    case "debug": environment.undefinedKind = .debug
    default: environment.undefinedKind = .default
    }
    let extensions = options?["extensions"]?.asList?.items.compactMap(\.asString) ?? []
    environment.allowsDo = extensions.contains("do")
    environment.allowsLoopControls = extensions.contains("loopcontrols")
    var sources: [String: SourceText] = [:]
    for (name, text) in templates?.pairs ?? [] {
      if let name = name.asString, let text = text.asStr { sources[name] = SourceText(name: name, utf8: text.bytes) }
    }
    environment.loader = { [sources] in sources[$0] }
    return environment
  }
}
