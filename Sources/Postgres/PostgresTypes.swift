/// Names of PostgreSQL's built-in types, by OID (`pg_type`; these numbers never change).
public enum PostgresTypes {
  /// The DB-API name that psycopg2 gives a type, which is what dbt shows for a column's type in contracts:
  /// `INTEGER`, `LONGINTEGER`, `STRING`, `DECIMAL`, `DATETIMETZ`, … Nil for types psycopg2 knows nothing of (uuid, inet,
  /// user-defined ones); dbt then says `unknown type_code <oid>`.
  public static func dbapiName(_ oid: UInt32) -> String? {
    switch oid {
    case 16: return "BOOLEAN"
    case 17: return "BINARY"
    case 18, 19, 25, 1042, 1043: return "STRING"
    case 20: return "LONGINTEGER"
    case 21, 23: return "INTEGER"
    case 26: return "ROWID"
    case 114: return "JSON"
    case 199: return "JSONARRAY"
    case 651: return "CIDRARRAY"
    case 700, 701: return "FLOAT"
    case 704, 1186: return "INTERVAL"
    case 705: return "UNKNOWN"
    case 1000: return "BOOLEANARRAY"
    case 1001: return "BINARYARRAY"
    case 1002, 1003, 1009, 1014, 1015: return "STRINGARRAY"
    case 1005, 1006, 1007: return "INTEGERARRAY"
    case 1013, 1028: return "ROWIDARRAY"
    case 1016: return "LONGINTEGERARRAY"
    case 1021, 1022: return "FLOATARRAY"
    case 1040: return "MACADDRARRAY"
    case 1041: return "INETARRAY"
    case 1082: return "DATE"
    case 1083, 1266: return "TIME"
    case 1114: return "DATETIME"
    case 1115: return "DATETIMEARRAY"
    case 1182: return "DATEARRAY"
    case 1183, 1270: return "TIMEARRAY"
    case 1184: return "DATETIMETZ"
    case 1185: return "DATETIMETZARRAY"
    case 1187: return "INTERVALARRAY"
    case 1231: return "DECIMALARRAY"
    case 1700: return "DECIMAL"
    case 3802: return "JSONB"
    case 3807: return "JSONBARRAY"
    // psycopg2 registers the numeric range under the name of the class that made it.
    case 3904, 3906, 3926: return "type"
    case 3905, 3907, 3927: return "typeARRAY"
    case 3908: return "tsrange"
    case 3909: return "tsrangeARRAY"
    case 3910: return "tstzrange"
    case 3911: return "tstzrangeARRAY"
    case 3912: return "daterange"
    case 3913: return "daterangeARRAY"
    default: return nil
    }
  }

  /// `data_type_code_to_name` of dbt's adapter: `dbapiName`, or its words for a type it does not know.
  public static func typeCodeName(_ oid: UInt32) -> String { dbapiName(oid) ?? "unknown type_code \(oid)" }

  /// The element type of an array type that psycopg2 turns into a list; nil for all others.
  static func arrayElement(_ oid: UInt32) -> UInt32? {
    switch oid {
    case 199: return 114
    case 3807: return 3802
    case 1000: return 16
    case 1001: return 17
    case 1002, 1003, 1009, 1014, 1015, 651, 1040, 1041: return 25
    case 1005, 1006, 1007: return 23
    case 1013, 1028: return 26
    case 1016: return 20
    case 1021, 1022: return 701
    case 1115: return 1114
    case 1182: return 1082
    case 1183: return 1083
    case 1270: return 1266
    case 1185: return 1184
    case 1187: return 1186
    case 1231: return 1700
    default: return nil
    }
  }
}
