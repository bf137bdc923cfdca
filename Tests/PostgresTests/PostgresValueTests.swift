import Testing

@testable import Postgres

@Suite struct PostgresValueTests {
  private func decode(_ text: String, _ oid: UInt32) -> PostgresValue { PostgresValue(text: text, typeOID: oid) }

  @Test func scalars() {
    #expect(decode("t", 16) == .bool(true))
    #expect(decode("f", 16) == .bool(false))
    #expect(decode("-9223372036854775808", 20) == .integer(.min))
    #expect(decode("1.50", 1700) == .numeric("1.50"))
    #expect(decode("1e-05", 701) == .double(0.00001))
    #expect(decode("-Infinity", 701) == .double(-.infinity))
    #expect(decode(#"\x00ff41"#, 17) == .bytes([0, 255, 65]))
    #expect(decode(#"a\\\001"#, 17) == .bytes([0x61, 0x5C, 1]))
    #expect(decode("{\"a\": 1}", 3802) == .json("{\"a\": 1}"))
    #expect(decode("0f0e", 2950) == .text("0f0e"))
  }

  @Test func temporal() {
    let day = CivilDate(year: 2024, month: 2, day: 29)
    #expect(decode("2024-02-29", 1082) == .date(day))
    #expect(decode("infinity", 1082) == .date(CivilDate(year: 9999, month: 12, day: 31)))
    #expect(decode("0044-03-15 BC", 1082) == .text("0044-03-15 BC"))
    #expect(decode("20240-01-01", 1082) == .text("20240-01-01"))
    #expect(
      decode("2024-02-29 04:05:06.7", 1114)
        == .timestamp(day, CivilTime(hour: 4, minute: 5, second: 6, microsecond: 700_000)))
    #expect(
      decode("2024-02-29 04:05:06-03:30", 1184)
        == .timestamp(day, CivilTime(hour: 4, minute: 5, second: 6, utcOffset: -12600)))
    #expect(decode("24:00:00", 1083) == .time(CivilTime(hour: 0, minute: 0, second: 0)))
    #expect(
      decode("04:05:06.000001+09", 1266)
        == .time(CivilTime(hour: 4, minute: 5, second: 6, microsecond: 1, utcOffset: 32400)))
  }

  @Test func intervals() {
    #expect(
      decode("1 year 2 mons -3 days +04:05:06.7", 1186)
        == .interval(PostgresInterval(months: 14, days: -3, microseconds: 14_706_700_000)))
    #expect(
      decode("-00:00:01.5", 1186) == .interval(PostgresInterval(months: 0, days: 0, microseconds: -1_500_000)))
    #expect(decode("00:00:00", 1186) == .interval(PostgresInterval(months: 0, days: 0, microseconds: 0)))
    #expect(PostgresInterval(months: 14, days: -3, microseconds: 0).timedeltaDays == 422)
  }

  @Test func arrays() {
    #expect(decode("{1,NULL,3}", 1007) == .array([.integer(1), .null, .integer(3)]))
    #expect(decode("{}", 1009) == .array([]))
    #expect(
      decode(#"{{a,"b,c"},{"NULL","q\"\\"}}"#, 1009)
        == .array([.array([.text("a"), .text("b,c")]), .array([.text("NULL"), .text(#"q"\"#)])]))
    #expect(decode("[0:1]={7,8}", 1016) == .array([.integer(7), .integer(8)]))
    #expect(decode("{1,2", 1007) == .text("{1,2"))
    // uuid[]: psycopg2 has no class for it.
    #expect(decode("{a,b}", 2951) == .text("{a,b}"))
  }

  @Test func dbapiNames() {
    #expect(PostgresTypes.dbapiName(23) == "INTEGER")
    #expect(PostgresTypes.dbapiName(20) == "LONGINTEGER")
    #expect(PostgresTypes.dbapiName(1043) == "STRING")
    #expect(PostgresTypes.dbapiName(1184) == "DATETIMETZ")
    #expect(PostgresTypes.typeCodeName(2950) == "unknown type_code 2950")
  }

  @Test func commandTags() {
    #expect(CommandTag(message: "INSERT 0 5", rowsAffected: 5).code == "INSERT")
    #expect(CommandTag(message: "CREATE VIEW", rowsAffected: -1).code == "CREATE VIEW")
  }
}
