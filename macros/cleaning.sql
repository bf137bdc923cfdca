{#- Text as people type it: blanks around it go, and what is empty then is null. -#}
{%- macro clean_text(expression) -%}
nullif(trim({{ expression }}), '')
{%- endmacro -%}


{#- One '@', something before it, and a dot in what follows: enough to catch what was mistyped. -#}
{%- macro is_valid_email(expression) -%}
coalesce({{ expression }} ~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:].]+$', false)
{%- endmacro -%}
