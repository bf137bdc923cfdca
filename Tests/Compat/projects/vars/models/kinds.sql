select
  {{ var('number') + 1 }} as number,
  {{ var('ratio') * 2 }} as ratio,
  '{{ var("yes_no") }}' as yes_no,
  '{{ var("a_list") }}' as a_list,
  '{{ var("a_map") | tojson }}' as a_map,
  '{{ var("a_map").y.z }}' as deep,
  '{{ var("a_date") }}' as a_date,
  '{{ var("a_string") }}' as a_string,
  '{{ var("empty") }}|' as empty,
  '{{ var("jinja_kept") }}' as jinja_kept,
  {% for item in var('a_list') %}'{{ item }}'{{ ', ' if not loop.last }}{% endfor %}
