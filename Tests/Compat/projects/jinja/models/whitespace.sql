


{# a comment #}
{%- if true %}
  select
{%- endif %}
    1 as a {{- ' trimmed' }}
  {% if false %}
  {% endif %}
  , 'tab	and	日本語' as b
	, 2 as c   
  
