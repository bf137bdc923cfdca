def model(dbt, session):
    return dbt.ref("{{ var('name') }}")
