extension Methods {
  /// Every method by type, with its parameters as documentation shows them. A test checks it against `has`.
  public static let catalog: [(type: String, name: String, signature: String)] =
    lines("str", strings) + lines("Markup", markup) + lines("list", lists) + lines("tuple", sequences)
    + lines("range", ["count(value)", "index(value)"]) + lines("dict", dicts)
    + lines("dict_keys", ["isdisjoint(other)"]) + lines("dict_items", ["isdisjoint(other)"]) + lines("set", sets)
    + lines("int", integers) + lines("float", floats)
    + lines("bytes", ["decode(encoding='utf-8', errors='strict')", "hex()"])

  private static func lines(_ type: String, _ methods: [String]) -> [(type: String, name: String, signature: String)] {
    methods.map { method in
      let open = method.firstIndex(of: "(") ?? method.endIndex
      return (type, String(method[..<open]), String(method[open...]))
    }
  }

  private static let strings = [
    "capitalize()", "casefold()", "center(width, fillchar=' ')", "count(sub, start=0, end=None)",
    "encode(encoding='utf-8', errors='strict')", "endswith(suffix, start=0, end=None)", "expandtabs(tabsize=8)",
    "find(sub, start=0, end=None)", "format(*args, **kwargs)", "format_map(mapping)", "index(sub, start=0, end=None)",
    "isalnum()", "isalpha()", "isascii()", "isdecimal()", "isdigit()", "isidentifier()", "islower()", "isnumeric()",
    "isprintable()", "isspace()", "istitle()", "isupper()", "join(iterable)", "ljust(width, fillchar=' ')", "lower()",
    "lstrip(chars=None)", "maketrans(x, y=None, z=None)", "partition(sep)", "removeprefix(prefix)",
    "removesuffix(suffix)", "replace(old, new, count=-1)", "rfind(sub, start=0, end=None)",
    "rindex(sub, start=0, end=None)", "rjust(width, fillchar=' ')", "rpartition(sep)",
    "rsplit(sep=None, maxsplit=-1)", "rstrip(chars=None)", "split(sep=None, maxsplit=-1)",
    "splitlines(keepends=False)", "startswith(prefix, start=0, end=None)", "strip(chars=None)", "swapcase()",
    "title()", "translate(table)", "upper()", "zfill(width)",
  ]
  private static let markup = ["escape(value)", "striptags()", "unescape()"]
  private static let lists = [
    "append(value)", "clear()", "copy()", "count(value)", "extend(iterable)", "index(value, start=0, stop=None)",
    "insert(index, value)", "pop(index=-1)", "remove(value)", "reverse()", "sort(*, key=None, reverse=False)",
  ]
  private static let sequences = ["count(value)", "index(value, start=0, stop=None)"]
  private static let dicts = [
    "clear()", "copy()", "fromkeys(iterable, value=None)", "get(key, default=None)", "items()", "keys()",
    "pop(key, default)", "popitem()", "setdefault(key, default=None)", "update(other=(), **kwargs)", "values()",
  ]
  private static let sets = [
    "add(value)", "clear()", "copy()", "difference(*others)", "difference_update(*others)", "discard(value)",
    "intersection(*others)", "intersection_update(*others)", "isdisjoint(other)", "issubset(other)",
    "issuperset(other)", "pop()", "remove(value)", "symmetric_difference(other)",
    "symmetric_difference_update(other)", "union(*others)", "update(*others)",
  ]
  private static let integers = [
    "as_integer_ratio()", "bit_count()", "bit_length()", "conjugate()",
    "from_bytes(bytes, byteorder='big', *, signed=False)", "to_bytes(length=1, byteorder='big', *, signed=False)",
  ]
  private static let floats = ["as_integer_ratio()", "conjugate()", "fromhex(text)", "hex()", "is_integer()"]
}
