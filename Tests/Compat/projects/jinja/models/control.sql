{%- set ns = namespace(total=0, seen=[]) -%}
{%- for word in var('words') | sort recursive -%}
  {%- set ns.total = ns.total + loop.index -%}
  {%- do ns.seen.append(word ~ loop.revindex) -%}
  {%- if word == 'b' -%}{%- continue -%}{%- endif -%}
{%- endfor %}
select {{ ns.total }} as total, '{{ ns.seen | join("+") }}' as seen
{% set block %}  kept {{ 1 + 1 }}  {% endset %}
, '{{ block }}' as block, '{{ block | trim | upper }}' as up
{% filter replace("x", "y") %}, 'xx' as filtered{% endfilter %}
{% raw %}, '{{ raw }} {% kept %}' as raw{% endraw %}
{% for k, v in {'a': 1, 'b': [2]}.items() %}
, '{{ k }}={{ v }}{{ loop.first }}' as i_{{ loop.index0 }}
{%- else %} none
{%- endfor %}
{% if not var('absent', false) %}, 1 as {{ 'one' if true else 'two' }}{% elif 1 %}, 2{% else %}, 3{% endif %}
, {{ 7 // 2 }} as a, {{ -7 // 2 }} as b, {{ -7 % 3 }} as c, {{ 2 ** 10 }} as d, {{ 7 / 2 }} as e, {{ 1e3 }} as f, {{ 10 ** 20 }} as g
, '{{ "%05.2f|%s|%-4s|" % (3.14159, none, "ab") }}' as formatted, '{{ "{:>6}|{!r}".format("ab", "c") }}' as more
, '{{ [1, 2, 3, 4][1:-1] }} {{ "abcdef"[::-1] }} {{ "abc" in "xabcx" }} {{ (1, "two", none, true) }}' as slices
, '{{ ["b", "a"] | sort | first }} {{ [3, 1] | max }} {{ range(3) | list }} {{ "a b" | title }} {{ "x" | default("y") }} {{ undefined_name | default("u") }}' as filters
, '{{ [{"n": 1, "t": "x"}, {"n": 2, "t": "y"}] | selectattr("n", "gt", 1) | map(attribute="t") | list }} {{ [1, 2, 3, 4] | batch(3) | list }} {{ {"b": 1, "a": 2} | dictsort }}' as lists
, '{{ "tr" ~ 1 ~ none ~ true }} {{ 1 == 1.0 }} {{ "1" == 1 }} {{ none is none }} {{ 5 is odd }} {{ "a" is string }} {{ {} is mapping }}' as tests
, '{{ 1.10 }} {{ 100000000000000000.0 }} {{ 1e-7 }} {{ 3.0 }} {{ 0.1 + 0.2 }} {{ 5 | float }} {{ "7" | int + 1 }} {{ 2.5 | round }} {{ 3.5 | round | int }}' as numbers
-- {{ "trailing newline kept?" }}

