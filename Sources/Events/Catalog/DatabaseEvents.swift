/// Connections and statements.
extension Event {
  public static func newConnection(_ name: String) -> Event {
    Event(
      "NewConnection", "E005", .debug, .about("Acquiring new postgres connection '", name, "'"),
      data: { [("conn_name", .string(name)), ("conn_type", "postgres")] })
  }

  public static func connectionReused(_ name: String, from old: String) -> Event {
    Event(
      "ConnectionReused", "E006", .debug,
      .between("Re-using an available connection from the pool (formerly ", old, ", now ", name, ")"),
      data: { [("conn_name", .string(name)), ("orig_conn_name", .string(old))] })
  }

  public static func connectionOpening(_ state: String) -> Event {
    Event(
      "NewConnectionOpening", "E037", .debug, "Opening a new connection, currently in state \(state)",
      inheritsNode: true, data: [("connection_state", .string(state))])
  }

  public static func connectionUsed(_ name: String) -> Event {
    Event(
      "ConnectionUsed", "E015", .debug, .about("Using postgres connection \"", name, "\""), inheritsNode: true,
      data: { [("conn_name", .string(name)), ("conn_type", "postgres")] })
  }

  public static func sqlQuery(_ name: String, _ sql: String) -> Event {
    Event(
      "SQLQuery", "E016", .debug, "On \(name): \(sql)", inheritsNode: true,
      data: [("conn_name", .string(name)), ("sql", .string(sql))])
  }

  public static func sqlStatus(_ status: String, seconds: Double) -> Event {
    let thousandths = Int((seconds * 1000).rounded())
    let rest = String(thousandths % 1000)
    let padded = String(repeating: "0", count: 3 - rest.utf8.count) + rest
    return Event(
      "SQLQueryStatus", "E017", .debug, "SQL status: \(status) in \(thousandths / 1000).\(padded) seconds",
      inheritsNode: true, data: [("elapsed", .double(seconds)), ("query_id", ""), ("status", .string(status))])
  }

  public static func connectionClosed(_ name: String) -> Event {
    Event(
      "ConnectionClosed", "E010", .debug, .about("On ", name, ": Close"), inheritsNode: true,
      data: { [("conn_name", .string(name))] })
  }

  public static func rollback(_ name: String) -> Event {
    Event("Rollback", "E012", .debug, "On \(name): ROLLBACK", inheritsNode: true, data: [("conn_name", .string(name))])
  }

  public static func commit(_ name: String) -> Event {
    Event("SQLCommit", "E018", .debug, "On \(name): COMMIT", inheritsNode: true, data: [("conn_name", .string(name))])
  }

  public static func schemaCreation(database: String, schema: String) -> Event {
    Event(
      "SchemaCreation", "E020", .debug,
      "Creating schema \"database: \"\(database)\"\nschema: \"\(schema)\"\n\"",
      data: [
        (
          "relation",
          .object([("database", .string(database)), ("identifier", ""), ("schema", .string(schema))])
        )
      ])
  }

  public static func adapterMessage(_ message: String, level: Level = .debug) -> Event {
    let (name, code) =
      switch level {
      case .debug: ("AdapterEventDebug", "E001")
      case .info: ("AdapterEventInfo", "E002")
      case .warn: ("AdapterEventWarning", "E003")
      case .error: ("AdapterEventError", "E004")
      }
    return Event(
      name, code, level, "Postgres adapter: \(message)", inheritsNode: true,
      data: [("args", .list([])), ("base_msg", .string(message)), ("name", "Postgres")])
  }
}
