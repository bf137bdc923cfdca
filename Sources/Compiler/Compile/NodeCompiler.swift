import Diagnostics
import Events
import Jinja
import Manifest

/// Turns a node into SQL: renders it, and puts the ephemeral models it uses in front as common table expressions.
public struct NodeCompiler {
  public let project: CompiledProject
  public let session: DatabaseSession
  private let injectsCTEs: Bool

  /// - Parameter injectsCTEs: whether ephemeral models are put in front of what reads them; without, they are only
  ///   named.
  public init(_ project: CompiledProject, session: DatabaseSession, injectsCTEs: Bool = true) {
    self.project = project
    self.session = session
    self.injectsCTEs = injectsCTEs
  }

  /// Compiles a node and keeps the result in it: `compiledCode`, `extraCTEs`, `compiledPath`.
  /// - Parameter write: whether the compiled file is written under `target/compiled`.
  public func compile(_ node: Node, write: Bool = true, batch: (start: String, end: String)? = nil) throws {
    if node.resourceType == .seed { return }
    if node.isEphemeralModel {
      _ = try ephemeral(node, write: write)
    } else {
      _ = try fill(node, write: write, batch: batch)
    }
  }

  /// An ephemeral model is compiled (and its file written) once, by whoever needs it first; others wait.
  private func ephemeral(_ model: Node, write: Bool) throws -> CompiledEphemeral {
    try project.ephemerals.entry(model.uniqueID).withLock { known in
      if let known { return known }
      let made = try fill(model, write: write, batch: nil)
      known = made
      return made
    }
  }

  /// - Returns: the node's own SQL, and the CTEs that were put in front of it.
  private func fill(_ node: Node, write: Bool, batch: (start: String, end: String)?) throws -> CompiledEphemeral {
    let (code, ctes) = try render(node, batch: batch)
    try resolveForeignKeys(node)
    node.extraCTEs = ctes
    node.extraCTEsInjected = true
    node.compiledCode = injectsCTEs ? CTEInjection.inject(ctes.map(\.sql), into: code) : code
    node.compiled = true
    // Snapshots are never written here, as dbt never does; neither is nothing.
    if write, node.resourceType != .snapshot, node.compiledCode?.isEmpty == false { try self.write(node, batch: batch) }
    return CompiledEphemeral(sql: code, ctes: ctes)
  }

  /// `to: ref('…')` of a foreign key becomes the relation's name.
  private func resolveForeignKeys(_ node: Node) throws {
    guard node.resourceType == .model else { return }
    func resolved(_ constraint: Constraint) throws -> String? {
      guard constraint.type == .foreignKey, let to = constraint.to, ForeignKeys.isReference(to) else {
        return constraint.to
      }
      let context = DbtContext(project, role: .node, package: node.packageName, node: node, session: session)
      return try project.render("{{ \(to) }}", name: node.originalFilePath, context)
    }
    for i in node.constraints.indices { node.constraints[i].to = try resolved(node.constraints[i]) }
    for i in node.columns.indices {
      for j in node.columns[i].constraints.indices {
        node.columns[i].constraints[j].to = try resolved(node.columns[i].constraints[j])
      }
    }
  }

  private func write(_ node: Node, batch: (start: String, end: String)?) throws {
    let path =
      "\(project.settings.targetPath)/\(NodePaths.target(node, subfolder: "compiled", suffix: node.batch?.fileSuffix))"
    node.compiledPath = path
    project.log.emit(.writingInjectedSQL(node.uniqueID))
    try project.write(node.compiledCode ?? "", to: path)
  }

  /// A node's own SQL, and the CTEs of all ephemeral models below it, deepest first, each once.
  private func render(_ node: Node, batch: (start: String, end: String)?) throws -> (String, [InjectedCTE]) {
    let context = DbtContext(project, role: .node, package: node.packageName, node: node, session: session)
    context.recordsMacros = true
    context.batch = batch
    if node.isGenericTest {
      context.variables[ContextVariables.testArguments] = .dict(try project.testArguments(node, context))
    }
    let code: String
    if node.language == .python, node.resourceType == .model {
      // The model as it is, and after it what makes `dbt` work in it.
      let rest = try project.render(
        "{{ py_script_postfix(model) }}", name: node.originalFilePath, context, isInternal: true)
      code = "\(node.rawCode)\n\n\(rest)"
    } else if node.rawCode.hasJinja {
      code = try project.template(node).render(context, host: context).string
    } else {
      code = node.rawCode
    }
    var ctes: [InjectedCTE] = []
    for id in context.ephemerals {
      guard let model = project.manifest.nodes[id] else { continue }
      let compiled = try ephemeral(model, write: true)
      for cte in compiled.ctes where !ctes.contains(where: { $0.id == cte.id }) { ctes.append(cte) }
      if !ctes.contains(where: { $0.id == id }) {
        ctes.append(InjectedCTE(id: id, sql: " __dbt__cte__\(model.alias) as (\n\(compiled.sql)\n)"))
      }
    }
    return (code, ctes)
  }
}

/// An ephemeral model's own SQL, and the CTEs of those below it, deepest first.
struct CompiledEphemeral {
  var sql: String
  var ctes: [InjectedCTE]
}

/// What became of a project's ephemeral models, each behind a lock of its own: they need each other in one direction
/// only.
final class EphemeralModels: Sendable {
  private let entries = Locked<[String: Locked<CompiledEphemeral?>]>([:])

  func entry(_ id: String) -> Locked<CompiledEphemeral?> {
    entries.withLock { entries in
      if let known = entries[id] { return known }
      let made = Locked<CompiledEphemeral?>(nil)
      entries[id] = made
      return made
    }
  }
}

/// Puts common table expressions in front of a query, before those it has itself (dbt's `inject_ctes_into_sql`).
public enum CTEInjection {
  public static func inject(_ ctes: [String], into sql: String) -> String {
    if ctes.isEmpty { return sql }
    let bytes = Array(sql.utf8)
    let joined = ctes.joined(separator: ", ")
    var start = 0
    skip(bytes, &start)
    if let end = word("with", bytes, start) {
      var insert = end
      var next = end
      skip(bytes, &next)
      if let recursive = word("recursive", bytes, next) { insert = recursive }
      // The white space after the word stays in front.
      while insert < bytes.count, isSpace(bytes[insert]) { insert += 1 }
      return text(bytes[..<insert]) + joined + ", " + text(bytes[insert...])
    }
    // Before the first thing that is not white space; a comment is something.
    var first = 0
    while first < bytes.count, isSpace(bytes[first]) { first += 1 }
    return text(bytes[..<first]) + "with" + joined + " " + text(bytes[first...])
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  /// Passes over white space and comments.
  private static func skip(_ bytes: [UInt8], _ i: inout Int) {
    while i < bytes.count {
      if isSpace(bytes[i]) {
        i += 1
      } else if bytes[i] == 0x2D, i + 1 < bytes.count, bytes[i + 1] == 0x2D {
        while i < bytes.count, bytes[i] != 0x0A { i += 1 }
      } else if bytes[i] == 0x2F, i + 1 < bytes.count, bytes[i + 1] == 0x2A {
        i += 2
        while i + 1 < bytes.count, !(bytes[i] == 0x2A && bytes[i + 1] == 0x2F) { i += 1 }
        i = min(i + 2, bytes.count)
      } else {
        return
      }
    }
  }

  /// Where a word (in lower case) ends that stands at `start`; nil when another stands there.
  private static func word(_ word: String, _ bytes: [UInt8], _ start: Int) -> Int? {
    let wanted = Array(word.utf8)
    guard start + wanted.count <= bytes.count else { return nil }
    for (i, byte) in wanted.enumerated() where bytes[start + i] | 0x20 != byte { return nil }
    let end = start + wanted.count
    if end < bytes.count {
      let next = bytes[end]
      if next == 0x5F || (0x30...0x39).contains(next) || (0x41...0x5A).contains(next | 0x00)
        || (0x61...0x7A).contains(next)
      {
        return nil
      }
    }
    return end
  }
}
