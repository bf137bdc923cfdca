import Compiler
import Jinja
import Manifest

/// What `show` runs of a node: its query with the row limit behind it, as the project's `get_show_sql` makes it.
public enum ShowQuery {
  public struct Rows {
    public var table: AgateTable
    public var response: ConfigDict
  }

  /// Runs a compiled node's query; what was sent becomes the node's compiled code.
  /// - Parameter limit: nil for all rows.
  public static func run(
    _ node: Node, _ project: CompiledProject, _ session: DatabaseSession, limit: Int?
  ) throws -> Rows {
    let context = DbtContext(project, role: .node, package: node.packageName, node: node, session: session)
    // A seed has no query of its own: its table is looked at.
    let code = node.resourceType == .seed ? "select * from \(project.relation(of: node).render())" : node.compiledCode
    guard let macro = project.macros.find("get_show_sql", from: project.name) else {
      throw ExecutionError(.runtime, "dbt could not find a macro with the name 'get_show_sql' in any package")
    }
    let header = node.config.dict["sql_header"]?.asString
    let arguments = Arguments(keywords: [
      (Str.make("compiled_code"), .string(code ?? "")),
      (Str.make("sql_header"), header.map { .string($0) } ?? .none),
      (Str.make("limit"), limit.map { .int($0) } ?? .none),
    ])
    let sql = try project.run(macro, arguments, context).str(nil).string
    node.compiledCode = sql
    let result = try session.execute(sql)
    let tag = result.tag
    return Rows(
      table: QueryTable.make(result, limit: nil),
      response: [
        "_message": .string(tag.message), "code": .string(tag.code),
        "rows_affected": .int(tag.rowsAffected), "query_id": .null,
      ])
  }
}
