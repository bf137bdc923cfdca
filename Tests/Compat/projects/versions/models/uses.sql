select '{{ ref("dim") }}', '{{ ref("dim", v=1) }}', '{{ ref("versions", "dim", v="beta") }}', '{{ ref("dim", version=1).identifier }}'
