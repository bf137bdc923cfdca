{{ dbt.generate_series(1) }}
