{# What packages ask the resolver of refs for. #}
select
  '{{ builtins.ref.config.project_name }}' as project,
  '{{ builtins.ref.config.version }}' as version,
  '{{ builtins.source.config.dependencies["parts"].version }}' as version_of_parts,
  '{{ builtins.ref.config.dependencies["parts"].project_name }}' as name_of_parts,
  '{{ builtins.ref.config.dependencies.keys() | reject("in", ["dbt", "dbt_postgres"]) | sort | join(" ") }}' as packages,
  '{{ builtins.ref.config.vars.to_dict() }}' as vars,
  '{{ builtins.ref.config.dependencies["parts"].vars.to_dict() }}' as vars_of_parts,
  '{{ builtins.ref.config.model_paths }}' as folders,
  '{{ builtins.ref.config.target_name }}' as target,
  '{{ builtins.ref.config.cli_vars }}' as cli_vars,
  '{{ adapter.config.project_name }}' as same,
  '{{ builtins.ref.current_project }}' as current
