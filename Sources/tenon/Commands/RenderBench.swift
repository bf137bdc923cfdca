import Diagnostics
import Glibc
import Jinja

/// Times of compiling and rendering one template.
enum RenderBench {
  static func run(_ source: SourceText, _ environment: Environment, _ values: DictObject, count: Int) throws {
    let provider = DictContext(values)
    var compile = UInt64.max
    for _ in 0..<9 {
      let start = now(CLOCK_MONOTONIC)
      _ = try environment.compile(source)
      compile = min(compile, now(CLOCK_MONOTONIC) - start)
    }
    let template = try environment.compile(source)
    var bytes = 0
    try template.render(provider) { bytes = $0.count }
    var wall = UInt64.max
    var cpu = UInt64.max
    // Loops of a fifth each, of which the best counts: the machine may be busy with something else.
    let rounds = 5
    let each = max(1, count / rounds)
    for _ in 0..<rounds {
      let wallStart = now(CLOCK_MONOTONIC)
      let cpuStart = now(CLOCK_PROCESS_CPUTIME_ID)
      for _ in 0..<each { try template.render(provider) { bytes = $0.count } }
      wall = min(wall, (now(CLOCK_MONOTONIC) - wallStart) / UInt64(each))
      cpu = min(cpu, (now(CLOCK_PROCESS_CPUTIME_ID) - cpuStart) / UInt64(each))
    }
    var out = JSONWriter(style: .init(compact: true))
    out.beginObject()
    out.key("compile_ns")
    out.value(Int(compile))
    out.key("render_ns_per_iter")
    out.value(Int(wall))
    out.key("render_cpu_ns")
    out.value(Int(cpu))
    out.key("bytes")
    out.value(bytes)
    out.endObject()
    StandardOutput.write(out.bytes + [0x0A])
  }

  private static func now(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
