select '{{ tojson(this, 1) }}'
