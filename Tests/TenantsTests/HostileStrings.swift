/// Two hundred texts that try to be more than a name: every one must be refused as a tenant's name or be harmless.
enum HostileStrings {
  static let all: [String] =
    quotes + statements + dollars + comments + control + lookAlikes + lengths + paths + shells
    + templates + words + numbers

  static let quotes = [
    "'", "\"", "''", "\"\"", "'\"", "a'b", "a\"b", "a''b", "a\"\"b", "\\'", "\\\"", "a\\", "\\", "\\\\", "a'", "\"a",
    "`", "´",
    "a`b", "'||'", "'+'", "' '", "a\"; --", "x\"\"y\"", "'\u{301}", "\"\u{301}", "\u{2019}", "\u{02BC}", "\u{FF07}",
    "\u{FF02}",
  ]

  static let statements = [
    "'; drop database postgres; --", "\"; drop database postgres; --", "a; drop table x", "a;select 1", ";", ";;",
    "'; DROP SCHEMA public CASCADE; --", "x' OR '1'='1", "x\" OR \"1\"=\"1", "1 OR 1=1", "' UNION SELECT 1 --",
    "'); DELETE FROM customers; --", "a') ; --", "a, b", "a.b", "postgres.public", "*", "%", "_%'", "a=b",
    "a OWNER postgres",
    "a TEMPLATE template0", "a WITH (FORCE)", "a CONNECTION LIMIT 0", "x'; COPY x FROM PROGRAM 'id'; --",
    "\\copy x", "\\!", "\\c postgres", "\\g", "BEGIN; COMMIT;",
  ]

  static let dollars = [
    "$$", "$a$", "$$; drop table x; $$", "$1", "$tag$x$tag$", "a$$b", "$", "$(id)", "${HOME}", "$$$", "$_$", "a$",
  ]

  static let comments = ["a--b;", "--;", "/*", "*/", "/**/", "a/*b*/c", "# x", "a -- b", "/* ' */", "--\nDROP"]

  static let control = [
    "\0", "a\0b", "\0; drop", "a\nb", "\n", "a\r\nb", "\t", "a\tb", "\u{1B}[31m", "\u{7F}", "\u{8}", "a\u{B}b", "\u{C}",
    "\u{85}", "\u{A0}", "\u{2028}", "\u{2029}", "\u{FEFF}a", "\u{200B}", "a\u{200D}b", "\u{202E}abc", "a\u{AD}b", " ",
    "  a",
    "a ", "a b", "\u{3000}",
  ]

  static let lookAlikes = [
    "\u{0430}cme", "t\u{0435}nant", "acm\u{0435}", "\u{FF41}cme", "\u{FF0D}", "a\u{2010}b", "a\u{2011}b", "a\u{2013}b",
    "a\u{2014}b", "a\u{2212}b", "\u{1D41A}", "\u{00E4}", "a\u{0308}", "\u{00DF}", "\u{0130}", "\u{0131}", "\u{FB01}",
    "１２",
    "\u{0661}", "\u{216B}", "\u{00B2}", "顧客", "テナント", "고객", "עברית", "\u{FF3F}", "a\u{203F}b", "e\u{301}", "😀", "👩‍👩‍👧",
    "\u{10FFFF}", "\u{E000}",
  ]

  static let lengths = [
    "", String(repeating: "a", count: 51), String(repeating: "a", count: 63), String(repeating: "a", count: 64),
    String(repeating: "a", count: 10_000), String(repeating: "顧", count: 21), String(repeating: "'", count: 60),
    String(repeating: "\"", count: 31),
  ]

  static let paths = [
    "../x", "..", ".", "/", "/etc/passwd", "a/b", "a\\b", "C:\\x", "file:///x", "s3://x", "a/../b", "~", "~root",
    "a?b=c", "a&b",
    "a#b", "a@b", "@file", "a:b", "a|b",
  ]

  static let shells = [
    "a&&id", "a|id", ">x", "<x", "a;id", "$(id)x", "`id`", "!x", "a{b,c}", "[a]", "(a)", "a^b", "a+b",
  ]

  static let templates = [
    "{{ 7*7 }}", "{% raw %}", "{tenant}", "{{ env_var('HOME') }}", "%s", "%(x)s", "%00", "%27", "&#39;", "<script>",
    "{0}",
    "\\u0027", "\\x27",
  ]

  /// Valid names that mean something elsewhere.
  static let words = [
    "select", "NULL", "postgres", "template1", "public", "-", "--", "_", "-rf", "--yes", "all", "pg_catalog", "DEFAULT",
  ]

  static let numbers = ["0", "1", "-1", "1e9", "00", "0x27"]
}
